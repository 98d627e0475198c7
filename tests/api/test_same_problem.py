"""What is wrong with an input is said in the same words by the command line and by the service, but for the names of
flags and commands in remedies (`api.wording`).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from api import wording
from friction.cli import main

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

HEAD = "timestamp,session_id,event,url"
WRONG: dict[str, bytes] = {
    "nothing at all": b"",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "a header alone": f"{HEAD}\n".encode(),
    "no header": b"2026-03-02T09:00:00Z,s1,click,/a\n" * 9,
    "no time": b"session_id,event,url\n" + b"s1,click,/a\n" * 9,
    "no session": b"timestamp,event,url\n" + b"2026-03-02T09:00:00Z,click,/a\n" * 9,
    "no event": b"timestamp,session_id\n" + b"2026-03-02T09:00:00Z,s1\n" * 9,
    "times that are none": f"{HEAD}\n".encode() + b"soon,s1,click,/a\n" * 9,
    "days and months mixed": f"{HEAD}\n".encode() + b"25/03/2026,s,click,/a\n03/25/2026,s,click,/a\n" * 9,
    "sums": b"session_id,BounceRates,ExitRates,PageValues\n" + b"1,0,0.2,0\n" * 9,
    "torn JSON": b'[{"timestamp": "2026-03-02T09:00:00Z"',
    "a torn archive": b"\x1f\x8b\x08\0\0\0\0\0\0\x03torn",
    "torn Parquet": b"PAR1" + bytes(50) + b"PAR1",
}


def by_command_line(capfd: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    code = main(["analyze", "may.csv", "--format", "json", *words])
    problem: dict[str, Any] = json.loads(capfd.readouterr().err)
    return code, problem


@pytest.mark.parametrize("kind", WRONG)
def test_one_fault_has_one_description(
    kind: str,
    real_client: TestClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "may.csv").write_bytes(WRONG[kind])

    code, told = by_command_line(capfd)
    answer = real_client.post("/v1/analyze", files={"file": ("may.csv", WRONG[kind])})
    answered = answer.json()

    assert code == 3
    assert answer.status_code == answered.pop("status") == 422
    assert answered == wording.kept(told)
    assert "--" not in answered.get("remedy", "")


def test_wrong_usage_has_one_description_too(
    real_client: TestClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    content = f"{HEAD}\n".encode() + b"2026-03-02T09:00:00Z,s1,click,/a\n" * 9
    (tmp_path / "may.csv").write_bytes(content)

    code, told = by_command_line(capfd, "--detector", "rage_clik")
    answered = real_client.post(
        "/v1/analyze", params={"detector": "rage_clik"}, files={"file": ("may.csv", content)}
    ).json()

    assert (code, answered.pop("status")) == (2, 422)
    assert answered == told
