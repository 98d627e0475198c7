"""Parquet files: odd but whole, and damaged where it hurts most."""

from __future__ import annotations

import io
from collections.abc import Iterator
from random import Random
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from tests.torture.case import ROWS, Case, records

CODECS = ("none", "snappy", "gzip", "brotli", "zstd", "lz4")


def cases(chance: Random) -> Iterator[Case]:
    """All of them."""
    for codec in CODECS:
        yield Case(f"parquet_{codec}", written(records(), compression=codec), ROWS, ROWS)
    yield from _odd()
    yield from _cut(chance)
    yield from _changed(chance)


def written(values: list[dict[str, Any]], **options: Any) -> bytes:
    """Objects as a Parquet file."""
    return table(pa.Table.from_pylist(values), **options)


def table(what: pa.Table, **options: Any) -> bytes:
    """An Arrow table as a Parquet file."""
    page = io.BytesIO()
    pq.write_table(what, page, **options)
    return page.getvalue()


def _odd() -> Iterator[Case]:
    base = pa.Table.from_pylist(records())
    times = pl.Series([one["timestamp"] for one in records()]).str.to_datetime(time_zone="UTC")
    stamps = pa.array(times.to_list(), pa.timestamp("us", "UTC"))
    yield Case("parquet_stamps", table(base.set_column(0, "timestamp", stamps)), ROWS, ROWS)
    old = table(
        base.set_column(0, "timestamp", stamps.cast(pa.timestamp("ns"))), use_deprecated_int96_timestamps=True
    )
    yield Case("parquet_int96", old, ROWS, ROWS)
    yield Case("parquet_no_rows", table(base.slice(0, 0)))
    yield Case("parquet_no_columns", table(pa.table({})))
    yield Case("parquet_row_groups", table(base, row_group_size=1), ROWS, ROWS)
    yield Case("parquet_old_pages", table(base, version="1.0", data_page_version="1.0"), ROWS, ROWS)
    yield Case("parquet_new_pages", table(base, data_page_version="2.0", use_dictionary=False), ROWS, ROWS)
    odd = {
        "nulls": pa.nulls(ROWS),
        "lists": pa.array([[1, None]] * ROWS),
        "maps": pa.array([[("a", 1)]] * ROWS, pa.map_(pa.string(), pa.int64())),
        "structs": pa.array([{"a": {"b": {"c": 1}}}] * ROWS),
        "bytes": pa.array([b"\xff\x00"] * ROWS),
        "decimals": pa.array([1] * ROWS).cast(pa.decimal128(38, 2)),
        "floats": pa.array([float("nan"), float("inf"), -0.0] * (ROWS // 3)),
        "times": pa.array([1] * ROWS, pa.time64("us")),
        "durations": pa.array([1] * ROWS, pa.duration("us")),
        "words": pa.array(["a"] * ROWS).dictionary_encode(),
        "bad_text": pa.array([b"\xff\xfe"] * ROWS).view(pa.binary()),
    }
    for name, column in odd.items():
        yield Case(f"parquet_with_{name}", table(base.append_column("more", column)), ROWS, ROWS)
        for place in (0, 1, 3):
            changed = base.set_column(place, base.column_names[place], column)
            yield Case(f"parquet_{name}_as_{base.column_names[place]}", table(changed))
    yield Case(
        "parquet_wide",
        written([{**one, **{f"c{at}": at for at in range(1_000)}} for one in records()]),
        ROWS,
        ROWS,
    )
    yield Case(
        "parquet_names",
        written([{**one, "": 1, "\x1b[2J": 2, "=x": 3, "a.b": 4} for one in records()]),
        ROWS,
        ROWS,
    )
    yield Case(
        "parquet_same_names",
        table(base.rename_columns(["timestamp", "session_id", "event", "url", "url", "url"])),
    )
    # Text that is not UTF-8 in a column declared as text.
    broken = pa.Array.from_buffers(pa.string(), ROWS, pa.array([b"\xff\xfe"] * ROWS).buffers())
    yield Case("parquet_not_utf8", table(base.set_column(3, "url", broken)))


def _cut(chance: Random) -> Iterator[Case]:
    whole = written(records())
    for number in range(15):
        yield Case(f"parquet_cut_{number}", whole[: chance.randrange(4, len(whole))])
    for number, tail in enumerate((b"", b"PAR1", b"\0\0\0\0PAR1", b"\xff\xff\xff\x7fPAR1", b"\xff\xff\xff\xffPAR1",
                                   b"\x01\0\0\0PAR1", b"\0\0\0\0PARE")):  # fmt: skip
        yield Case(f"parquet_tail_{number}", b"PAR1" + b"\0" * 40 + tail)
        yield Case(f"parquet_other_tail_{number}", whole[:-8] + tail)
    yield Case("parquet_doubled", whole + whole)
    yield Case("parquet_text_after", whole + b"\n")


def _changed(chance: Random) -> Iterator[Case]:
    """Single bytes: half of them in the footer, which decides how much memory is asked for."""
    whole = written(records(), compression="none")
    footer = len(whole) - 8 - int.from_bytes(whole[-8:-4], "little")
    for number in range(80):
        place = chance.randrange(footer, len(whole)) if number % 2 else chance.randrange(4, footer)
        changed = bytearray(whole)
        changed[place] = chance.choice([0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)])
        yield Case(f"parquet_byte_{number}", bytes(changed))
