"""Limits answered over HTTP: the same problem documents as on the command line, with the status that fits."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from friction import isolate
from friction.isolate import memory

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from .conftest import Recorder

ROWS = b"timestamp,session_id,url\n" + b"2026-05-01T10:00:00Z,s1,/a\n" * 10
SLOW = "import time\ntime.sleep(60)\n"
ABORTING = "import os\nos.abort()\n"


def problem(client: TestClient, status: int) -> dict[str, Any]:
    answer = client.post("/v1/analyze", content=ROWS)
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert answer.status_code == found["status"] == status
    assert found["remedy"]
    return found


def child(monkeypatch: pytest.MonkeyPatch, folder: Path, code: str) -> None:
    """A data process that does this instead."""
    (folder / "child.py").write_text(code)
    monkeypatch.setattr(isolate, "CHILD", (sys.executable, str(folder / "child.py")))


def test_too_little_memory(real_client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRICTION_LIMITS__MEMORY", "30MB")
    found = problem(real_client, 413)

    assert (found["code"], found["limit"]) == ("limit.memory", "30 MB")


def test_too_little_time(real_client: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    child(monkeypatch, tmp_path, SLOW)
    monkeypatch.setenv("FRICTION_LIMITS__TIME", "0.3")
    found = problem(real_client, 413)

    assert (found["code"], found["limit"]) == ("limit.time", "0.3 s")


def test_a_reader_that_dies(real_client: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    child(monkeypatch, tmp_path, ABORTING)

    assert problem(real_client, 422)["code"] == "input.crashed_reader"


def test_a_full_disk_is_no_fault_of_who_sent_the_file(
    real_client: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = '{"problem": {"code": "limit.disk", "detail": "full", "remedy": "wait"}, "again": false}'
    child(monkeypatch, tmp_path, f"print({told!r})\nraise SystemExit(3)\n")

    assert problem(real_client, 507)["code"] == "limit.disk"


def test_analyses_at_the_same_time_share_what_the_machine_has(client: TestClient, analyst: Recorder) -> None:
    client.post("/v1/analyze", content=ROWS)

    assert analyst.plans[0]["settings"]["limits"]["memory"] == memory.ceiling(among=2)


def test_a_ceiling_that_is_set_is_kept(
    client: TestClient, analyst: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRICTION_LIMITS__MEMORY", "1GB")
    client.post("/v1/analyze", content=ROWS)

    assert analyst.plans[0]["settings"]["limits"]["memory"] == 10**9
