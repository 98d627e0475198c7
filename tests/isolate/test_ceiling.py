"""The ceiling of memory holds for the command as a whole, also with inputs made to pass it.

`python -m tests.isolate` does the same with 400 MB and 2 GB.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.isolate.big import LINE, Run, analysed, bomb, table

CEILING = 500 * 10**6
TOLERATED = 1.1


def run(path: Path, *, ratio: int = 100) -> Run:
    config = path.with_name("friction.toml")
    config.write_text(f"[limits]\nratio = {ratio}\n")
    return analysed(path, CEILING, "--config", str(config))


def test_what_fits_is_analysed(tmp_path: Path) -> None:
    found = run(table(tmp_path / "a", 2 * 10**7))

    assert (found.exit_code, found.peak < TOLERATED * CEILING) == (0, True)


@pytest.mark.parametrize(
    "make",
    [
        lambda path: table(path, 10**8),
        lambda path: bomb(path, 3 * 10**8, b"", LINE),
    ],
    ids=["a large table", "packed JSON"],
)
def test_what_does_not_fit_is_refused_by_name_below_the_ceiling(
    tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    found = run(make(tmp_path / "a"), ratio=10_000)

    assert found.peak < TOLERATED * CEILING
    assert (found.exit_code, found.problem) in {(0, None), (3, "limit.memory")}


def test_a_refusal_that_can_be_known_comes_before_reading(tmp_path: Path) -> None:
    found = run(bomb(tmp_path / "a", 10**9, b"ts,session\n", b"1767225600,a\n"), ratio=10_000)

    assert found.problem == "limit.memory"
    assert found.peak < 0.5 * CEILING
