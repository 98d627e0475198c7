from __future__ import annotations

import io
import json

import pytest

from friction.recordings import stretches as module
from friction.recordings.stretches import Stretch, stretches

LINES = b"".join(b'{"n":%d}\n' % number for number in range(200))


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BLOCK_BYTES", 64)
    monkeypatch.setattr(module, "STRETCH_BYTES", 300)


def cut(data: bytes) -> list[Stretch]:
    return list(stretches(io.BytesIO(data).read, 100))


def test_lines_are_cut_at_their_ends_and_nothing_is_lost() -> None:
    found = cut(LINES)
    assert b"".join(stretch.data for stretch in found) == LINES
    assert len(found) > 3
    assert all(stretch.data.endswith(b"\n") for stretch in found)


def test_every_stretch_knows_the_number_of_its_first_line() -> None:
    assert [stretch.data.split(b"\n")[0] for stretch in cut(LINES)] == [
        LINES.split(b"\n")[stretch.line - 1] for stretch in cut(LINES)
    ]


def test_a_line_longer_than_a_stretch_stays_whole() -> None:
    long = json.dumps({"text": "x" * 2_000}).encode()
    found = cut(LINES + long + b"\n" + LINES)
    assert any(long in stretch.data for stretch in found)
    assert [value for stretch in found for value in stretch.values(100)][200] == {"text": "x" * 2_000}


def test_a_last_line_without_an_end_is_read_too() -> None:
    assert [value["n"] for stretch in cut(LINES[:-1]) for value in stretch.values(100)] == list(range(200))


@pytest.mark.parametrize(
    "data", [json.dumps([{"n": n} for n in range(200)], indent=1).encode(), b"", b"{", LINES[:8]]
)
def test_what_is_not_lines_is_one_stretch(data: bytes) -> None:
    assert cut(data) == [Stretch(data, 0)]
