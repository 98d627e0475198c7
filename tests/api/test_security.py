"""What SECURITY.md says is there, and the last nets hold."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api import log

from .conftest import HERE

ROOT = Path(__file__).parents[2]
ROWS = [
    line.split(" | ")
    for line in (ROOT / ".github" / "SECURITY.md").read_text(encoding="utf-8").splitlines()
    if re.match(r"\| \d", line)
]


def test_every_item_names_its_test_and_its_place() -> None:
    assert len(ROWS) > 30
    for row in ROWS:
        named = re.findall(r"`([\w./-]+)`", f"{row[2]} {row[3]}")
        paths = [name for name in named if "/" in name]
        assert any(path.startswith("tests/") for path in paths), row
        assert not [path for path in paths if not (ROOT / path).exists()], row


def test_what_nobody_expected_is_a_problem_without_details(app: FastAPI) -> None:
    @app.get("/v1/broken")
    def broken() -> None:
        raise RuntimeError("visitor-4711")

    with TestClient(app, raise_server_exceptions=False, **HERE) as client:
        answer = client.get("/v1/broken")

    assert (answer.status_code, answer.json()["code"]) == (500, "internal.unexpected")
    assert "visitor-4711" not in answer.text


def test_a_line_of_the_log_cannot_be_forged(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    try:
        log.begin(verbose=False)
        logging.getLogger("friction.test").warning("a name: %s", 'x\n{"event": "forged"}\r\x1b[31m')
    finally:
        root.handlers[:], level = before
        root.setLevel(level)
    lines = [line for line in capsys.readouterr().err.splitlines() if line]

    assert len(lines) == 1
    assert json.loads(lines[0])["event"].startswith("a name")
    assert "\x1b" not in lines[0]


@pytest.mark.parametrize(
    "path", ["/", "/account", "/login", "/v1/jobs", "/v1/nothing", "/nothing", "/healthz"]
)
def test_every_answer_says_what_a_browser_may_do_with_it(app: FastAPI, path: str) -> None:
    with TestClient(app, headers={"Accept": "text/html"}, **HERE) as client:
        headers = client.get(path).headers
    policy = headers["content-security-policy"]

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy, "no other host"
