"""A worker that finds no server before it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from api.jobs import worker
from api.store import Store
from friction.errors import UsageError


def test_a_worker_without_a_server_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "WAIT_FOR_SCHEMA_S", 0)
    store = Store.open(f"sqlite:///{tmp_path / 'friction.sqlite'}")

    with pytest.raises(UsageError, match="not that of this version") as refused:
        worker._await_schema(store, threading.Event())

    assert refused.value.problem.remedy == "start the server first"
