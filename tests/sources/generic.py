"""Small tables for the generic source: read, or refused."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from friction.errors import FrictionError
from friction.sources import recognise
from friction.sources.base import Options, Reading


def read(path: Path, **options: object) -> Reading:
    source, _, file = recognise(path, path.name)
    return source.read(file, Options(**options))  # type: ignore[arg-type]


def reading(folder: Path, content: str | bytes, **options: object) -> Reading:
    path = folder / "upload"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read(path, **options)


def refusal(folder: Path, content: str | bytes, **options: object) -> FrictionError:
    with pytest.raises(FrictionError) as caught:
        reading(folder, content, **options)
    return caught.value


def column(reading: Reading, name: str) -> list[object]:
    return reading.events.collect()[name].to_list()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
