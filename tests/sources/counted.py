"""Exports of counts as a reading of them, and the visits that they were made of."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from friction.counting.tables import Counted
from friction.limits import DEFAULT
from friction.sources import recognise
from friction.sources.base import Options, Reading
from friction.tables.inputs import plain_files
from friction.testing.exports import VISITS
from friction.testing.exports.documents import by_visit
from friction.testing.exports.visits import Step, steps

FIXTURES = Path(__file__).parents[2] / "fixtures" / "sources"
OWN = by_visit(steps(VISITS))


def read(path: Path, name: str | None = None, **options: str) -> Reading:
    source, _, file = recognise(path, name or path.name)
    return source.read(file, Options(**options))  # type: ignore[arg-type]


def counted(*names: str) -> Counted:
    found = []
    for name in names:
        for file in plain_files([FIXTURES / name], [name], DEFAULT).files:
            reading = read(file.path, file.name)
            assert reading.counted is not None
            found.append(reading.counted)
    return Counted.together(found)


def times(own: Iterable[Step], what: str) -> int:
    return sum(step.what == what for step in own)


def written(folder: Path, content: str, name: str = "export.csv") -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path
