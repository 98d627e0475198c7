"""Files of the command itself are whole or not there, whichever operation on them fails, and the exit code says so."""

from __future__ import annotations

import errno
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from friction.report import Report
from tests.cli.conftest import Run
from tests.reports import report
from tests.test_files import failing


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_whichever_operation_fails_no_report_is_half_there(
    friction: Run,
    answering: Callable[[Report], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    code: int,
) -> None:
    answering(report())
    (tmp_path / "events.csv").write_text("never read", encoding="utf-8")
    names = ("report.json", "points.csv", "report.txt")
    outputs = [word for name in names for word in ("-o", name)]
    wanted: dict[str, bytes] = {}
    ends = []
    for number in count(0):
        with failing(number, code, monkeypatch) as failed:
            done = friction("analyze", "events.csv", *outputs, "--quiet")
        if not number:  # none has this number
            wanted = {name: (tmp_path / name).read_bytes() for name in names}
            assert done.code == 0
            continue
        if not failed:
            break
        ends.append(done.code)
        assert done.code in {2, 3}, failed
        assert "Traceback" not in done.err
        assert "remedy: " in done.err
        assert {path.name for path in tmp_path.iterdir()} <= {"events.csv", *names}
        for name in names:
            assert not (tmp_path / name).exists() or (tmp_path / name).read_bytes() == wanted[name]
            (tmp_path / name).unlink(missing_ok=True)

    assert len(ends) >= 3 * 5, "touch, write, sync, rename, sync of the folder, of each file"
    assert done.code == 0
