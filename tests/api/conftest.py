"""A service whose analyses are carried out by a function of the test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.analysis import child
from api.app import create_app


class Recorder:
    """An analyst that notes the plan and the bytes it was given, and answers `answer` or raises `failure`."""

    def __init__(self) -> None:
        self.plans: list[dict[str, Any]] = []
        self.received: list[bytes] = []
        self.folders: list[Path] = []
        self.answer = b'{"points": []}\n'
        self.failure: Exception | None = None

    def __call__(self, plan: dict[str, Any]) -> Path:
        upload = Path(plan["inputs"][0])
        self.plans.append(plan)
        self.received.append(upload.read_bytes())
        self.folders.append(upload.parent)
        if self.failure is not None:
            raise self.failure
        result: Path = upload.parent / plan["output"]
        result.write_bytes(self.answer)
        return result


@pytest.fixture
def analyst() -> Recorder:
    return Recorder()


@pytest.fixture
def app(analyst: Recorder) -> FastAPI:
    app = create_app(max_body_bytes=10_000)
    app.dependency_overrides[child] = lambda: analyst
    return app


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def real_client() -> Iterator[TestClient]:
    """The service as it is, child process and all."""
    with TestClient(create_app()) as client:
        yield client
