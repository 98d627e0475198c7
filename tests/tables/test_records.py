"""The independent look at delimited files agrees with Python's own reader about what is regular."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from friction.tables import records
from friction.tables.records import Measure, measure

CELLS = st.text(alphabet='a",\n é', max_size=6)


def measured(folder: Path, content: bytes, width: int = 2) -> Measure:
    path = folder / "table"
    path.write_bytes(content)
    return measure(path, ",", width)


@pytest.mark.parametrize(
    "content",
    [b"a,b\n1,2\n", b"a,b\n1,2", b"a,b\r\n1,2\r\n", b'a,b\n"1,\n1",2\n', b'a,b\n"1""1","2"\n', b"a,b\n,\n"],
)
def test_ordinary_tables_are_regular(tmp_path: Path, content: bytes) -> None:
    assert measured(tmp_path, content) == Measure(2, regular=True, utf8=True, blank_end=False)


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1\n",
        b"a,b\n1,2,3\n",
        b"a,b\n1,2,3\n4\n",
        b"a,b\n\n1,2\n",
        b"a,b\r1,2\r",
        b'a,b\n1,"2\n',
        b'a,b\n1,2"x"\n',
        b'a,b\n"1"x,2\n',
        b'a,b\n1, "2,3"\n',
        b"a,b\n" + b"," * 257 + b"\n",
    ],
)
def test_tables_that_an_engine_would_damage_are_not_regular(tmp_path: Path, content: bytes) -> None:
    assert not measured(tmp_path, content).regular


def test_blank_lines_at_the_end_are_seen(tmp_path: Path) -> None:
    assert measured(tmp_path, b"a,b\n1,2\n\n\n") == Measure(2, regular=True, utf8=True, blank_end=True)


@pytest.mark.parametrize("block", range(1, 12))
@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\n\n\n", "\r\n\r\n\r\n", "\n\r"])
def test_blank_lines_at_the_end_are_seen_wherever_blocks_end(
    tmp_path: Path, block: int, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "BLOCK", block)
    is_blank = len(end) > 2 or end == "\n\r"

    assert measured(tmp_path, b"a,b\n1,2" + end.encode()) == Measure(
        2, regular=True, utf8=True, blank_end=is_blank
    )


def test_a_byte_that_is_not_utf8_is_seen(tmp_path: Path) -> None:
    assert not measured(tmp_path, b"a,b\n1,\xff\n").utf8


@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=8))
def test_what_python_writes_is_counted_as_written(
    rows: list[tuple[str, str, str]], tmp_path_factory: object
) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    folder: Path = tmp_path_factory.mktemp("written")  # type: ignore[attr-defined]

    found = measured(folder, text.getvalue().encode(), width=3)

    assert (found.regular, found.records) == (True, len(rows))


LONG = '[{""key"": ""a, b"", ""value"": ""\n""}]' * 7


@pytest.mark.parametrize("long", [LONG, LONG[:-1], LONG + "x" * 64])
@pytest.mark.parametrize("before", range(0, 70, 7))
def test_long_cells_hide_nothing_that_stands_beside_them(tmp_path: Path, before: int, long: str) -> None:
    line = f'{"x" * before},"{long}","{long}"\n'

    def is_regular(text: str) -> bool:
        return measured(tmp_path, (line * 9 + text + line * 9).encode(), width=3).regular

    assert measured(tmp_path, (line * 9).encode(), width=3).records == 9
    assert is_regular(f',"{long}",""\n')
    assert not is_regular(f',"{long}"\n')
    assert not is_regular(f',"{long}","",\n')
    assert not is_regular(f',"{long}"x,\n')
    assert not is_regular(f',x"{long}",\n')
    assert not is_regular(f',"{long}\r","{long}"\n')


@pytest.mark.parametrize("block", [1, 2, 3, 7, 64])
def test_the_size_of_blocks_does_not_matter(
    tmp_path: Path, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "BLOCK", block)
    content = b'a,b\r\n"1,\n1",2\r\n"""x""",y\r\n' * 5

    assert measured(tmp_path, content) == Measure(15, regular=True, utf8=True, blank_end=False)
    assert not measured(tmp_path, content + b"1\n").regular


@pytest.mark.parametrize("content", [b"1,2\n", b'"1,\n1",2\r\n', b'"\n\n\n",""""\n'])
def test_the_threads_that_share_a_large_file_do_not_matter(
    tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "LARGE", 0)
    monkeypatch.setattr(pl, "thread_pool_size", lambda: 7)
    records_ = [content] * 40

    assert measured(tmp_path, b"".join(records_)) == Measure(40, regular=True, utf8=True, blank_end=False)
    for torn in range(40):
        records_[torn] = b"1\n"
        assert not measured(tmp_path, b"".join(records_)).regular
        records_[torn] = content
