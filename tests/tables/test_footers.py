"""Words of Parquet by the numbers that the file gave them are those that reading its texts gives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from friction.library import read as events_of
from friction.tables import compact, footers
from friction.tables.footers import Footer, footer

ROWS = 5_000
FRAME = pl.DataFrame(
    {
        "few": [f"page {at % 7}" for at in range(ROWS)],
        "each": [f"{at} and more than twelve bytes" for at in range(ROWS)],
        "some": [None if at % 3 else ["", "ä", "\U0001f642"][at % 5 % 3] for at in range(ROWS)],
        "none": pl.Series([None] * ROWS, dtype=pl.String()),
        "number": range(ROWS),
    }
)
TABLE = FRAME.to_arrow(compat_level=pl.CompatLevel.oldest())
WRITERS: dict[str, Callable[[Path], Any]] = {
    "arrow": lambda path: pq.write_table(TABLE, path),
    "in groups": lambda path: pq.write_table(TABLE, path, row_group_size=999),
    "newer pages": lambda path: pq.write_table(TABLE, path, data_page_version="2.0", compression="zstd"),
    "older words": lambda path: pq.write_table(TABLE, path, version="1.0", compression="none"),
    "no dictionary": lambda path: pq.write_table(TABLE, path, use_dictionary=False),
    "a dictionary that is left": lambda path: pq.write_table(
        TABLE, path, dictionary_pagesize_limit=4_000, data_page_size=2_000, write_batch_size=100
    ),
    "Polars": lambda path: FRAME.write_parquet(path, row_group_size=1_500),
    "no rows": lambda path: FRAME.clear().write_parquet(path),
}


def categories() -> pl.Categorical:
    return pl.Categorical(pl.Categories.random())


def end_of(path: Path) -> bytes:
    content = path.read_bytes()
    return content[-8 - int.from_bytes(content[-8:-4], "little") : -8]


@pytest.mark.parametrize("writer", WRITERS)
def test_words_by_their_numbers_are_the_texts(writer: str, tmp_path: Path) -> None:
    WRITERS[writer](tmp_path / "a.parquet")
    found = footer(tmp_path / "a.parquet")
    assert found is not None
    for name in ("few", "each", "some", "none"):
        dtype = categories()
        words = found.alone(name, dtype)
        assert words is not None
        column = words.collect()[name]
        assert column.dtype == dtype
        expected = pl.read_parquet(tmp_path / "a.parquet")[name]
        assert column.cast(pl.String()).to_list() == expected.to_list()


@pytest.mark.parametrize("writer", WRITERS)
def test_an_end_is_written_as_it_was_read(writer: str, tmp_path: Path) -> None:
    WRITERS[writer](tmp_path / "a.parquet")
    end = end_of(tmp_path / "a.parquet")
    assert compact.written(compact.read(end)) == end


def test_truths_wide_steps_and_long_lists_are_written_as_they_were_read() -> None:
    struct: compact.Struct = {
        1: (compact.TRUE, None),
        2: (compact.FALSE, None),
        40: (compact.LIST, (compact.I64, list(range(-20, 20)))),
        41: (7, b"12345678"),
        -3: (compact.BINARY, b"x" * 200),
    }
    assert compact.read(compact.written(struct)) == struct


def test_a_column_that_is_too_large_to_hold_is_read_in_the_ordinary_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pq.write_table(TABLE, tmp_path / "a.parquet")
    found = footer(tmp_path / "a.parquet")
    assert found is not None
    monkeypatch.setattr(footers, "MOST", 20_000)
    assert found.alone("each", categories()) is None
    assert found.alone("few", categories()) is not None


def test_columns_inside_of_others_are_read_as_texts(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": ["x", "y"], "b": [{"c": 1}, {"c": 2}]})
    frame.write_parquet(tmp_path / "a.parquet")
    found = footer(tmp_path / "a.parquet")
    assert found is not None
    assert found.alone("a", categories()) is None


@pytest.mark.parametrize(
    "content", [b"", b"PAR1", b"PAR1\x00\xff\xff\xff\x7fPAR1", b"PAR1abc\x03\x00\x00\x00PAR1"]
)
def test_a_strange_end_says_nothing(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(content)
    found = footer(path)
    assert found is None or found.alone("a", categories()) is None


def test_an_end_with_any_byte_changed_is_never_a_fault(tmp_path: Path) -> None:
    """What is wrong with a file is said by whoever reads it in the ordinary way."""
    pq.write_table(TABLE.slice(0, 10), tmp_path / "a.parquet")
    good = footer(tmp_path / "a.parquet")
    assert good is not None
    end = end_of(tmp_path / "a.parquet")
    for at in range(len(end)):
        changed = end[:at] + bytes([end[at] ^ 0x55]) + end[at + 1 :]
        try:
            said = compact.read(changed)
        except (LookupError, ValueError, TypeError):
            continue
        Footer(good.source, good.end, said).alone("few", categories())


def test_texts_that_are_none_are_a_fault_of_the_file_either_way(tmp_path: Path) -> None:
    torn = pa.array([b"caf\xe9 au lait", b"tea"] * 10)
    texts = pa.StringArray.from_buffers(len(torn), torn.buffers()[1], torn.buffers()[2])
    pq.write_table(pa.table({"a": texts}), tmp_path / "a.parquet")
    found = footer(tmp_path / "a.parquet")
    assert found is not None
    words = found.alone("a", categories())
    assert words is not None
    with pytest.raises(pl.exceptions.ComputeError):
        words.collect()


def test_events_are_the_same_by_either_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = pl.int_range(pl.len())
    frame = FRAME.select(
        session_id=pl.format("s{}", at // 10),
        ts=pl.datetime(2026, 3, 2) + pl.duration(seconds=at),
        type=pl.when(at % 2 == 0).then(pl.lit("click")).otherwise(pl.lit("page_view")),
        url=pl.format("https://shop.example/{}", at % 50),
        target=pl.when(at % 2 == 0).then(pl.format("#b{}", at % 9)),
    )
    path = tmp_path / "events.parquet"
    pq.write_table(frame.to_arrow(compat_level=pl.CompatLevel.oldest()), path, row_group_size=700)
    by_number = events_of(path)
    monkeypatch.setattr("friction.tables.parquet.footer", lambda _: None)
    assert by_number.equals(events_of(path))
