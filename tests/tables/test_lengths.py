"""A line beyond the limit is found wherever it lies, whatever ends the lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from friction.tables.lengths import has_longer_line


def written(folder: Path, content: bytes) -> Path:
    path = folder / "a"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("place", [0, 3, 9])
def test_a_line_of_the_limit_is_allowed_and_one_more_byte_is_not(
    tmp_path: Path, end: bytes, place: int
) -> None:
    lines = [b"ab"] * 10
    lines[place] = b"x" * 20
    path = written(tmp_path, end.join(lines))

    assert not has_longer_line(path, 20 + len(end) - 1)
    assert has_longer_line(path, 19)


def test_an_empty_file_has_no_line(tmp_path: Path) -> None:
    assert not has_longer_line(written(tmp_path, b""), 1)


@given(st.lists(st.integers(0, 30), max_size=12), st.integers(1, 31))
def test_it_says_what_splitting_the_lines_says(
    tmp_path_factory: pytest.TempPathFactory, lengths: list[int], limit: int
) -> None:
    content = b"\n".join(b"x" * length for length in lengths)
    path = written(tmp_path_factory.getbasetemp(), content)

    assert has_longer_line(path, limit) == (max(map(len, content.split(b"\n"))) > limit)
