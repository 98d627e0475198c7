"""Commands run in this process, the way `friction` runs them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from friction import isolate
from friction.cli import early, main
from friction.report import Report


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Outcome]


@pytest.fixture
def friction(
    capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Run:
    """`friction("demo", "--quiet")` in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> Outcome:
        code = main(words)
        sys.stdout.flush()
        out, err = capsysbinary.readouterr()
        return Outcome(code, out.decode(), err.decode())

    return run


@pytest.fixture
def answering(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Report], Path]:
    """A data process that hands over a report it was given, and writes down the plan it received."""

    def given(report: Report) -> Path:
        folder = tmp_path_factory.mktemp("child")
        (folder / "report.json").write_bytes(report.to_json())
        script = folder / "child.py"
        script.write_text(
            "import json, shutil, sys\nfrom pathlib import Path\n"
            "line = sys.stdin.readline()\n"
            f"Path({str(folder / 'plan.json')!r}).write_text(line)\n"
            f"shutil.copy({str(folder / 'report.json')!r}, json.loads(line)['output'])\n"
        )
        monkeypatch.setattr(isolate, "CHILD", (sys.executable, str(script)))
        monkeypatch.setattr(early, "ASKED", {})
        return folder / "plan.json"

    return given
