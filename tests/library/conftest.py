"""One small export, and what the command line says about it."""

from __future__ import annotations

from pathlib import Path

import pytest

import friction
from friction.cli import main
from tests.library.frames import GOAL, rows, written


@pytest.fixture(scope="session")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("library") / "events.csv", rows())


@pytest.fixture(scope="session")
def by_command(export: Path) -> bytes:
    """The report in JSON that the command line wrote."""
    output = export.with_name("report.json")
    code = main(["analyze", str(export), "--goal", GOAL, "-o", str(output), "--format", "json", "--quiet"])
    assert code == 0
    return output.read_bytes()


@pytest.fixture(scope="session")
def report(export: Path) -> friction.Report:
    return friction.analyze(export, goal=GOAL)
