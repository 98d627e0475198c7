"""Every limit ends a command with its own code, whatever the format that goes beyond it."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from friction.limits import TABLE
from tests.cli.conftest import Run
from tests.tables.packing import Packed, zipped

HEADER = "session_id,ts,event,url\n"
ROW = "s1,2026-03-02T09:00:00Z,click,/a\n"
TABLE_OF_20 = (HEADER + ROW * 20).encode()
OBJECT = {"session_id": "s1", "ts": "2026-03-02T09:00:00Z", "event": "click", "url": "/a"}
WIDE = {**OBJECT, **{f"c{place}": "1" for place in range(30)}}


def lines(*values: object) -> bytes:
    return "".join(json.dumps(value) + "\n" for value in values).encode()


def wide_parquet() -> bytes:
    page = io.BytesIO()
    pl.DataFrame([WIDE] * 5).write_parquet(page)
    return page.getvalue()


def wide_csv() -> bytes:
    return (",".join(WIDE) + "\n" + (",".join(WIDE.values()) + "\n") * 5).encode()


def nested(levels: int) -> bytes:
    value: object = "x"
    for _ in range(levels):
        value = [value]
    return json.dumps([OBJECT, {**OBJECT, "props": value}]).encode()


CASES: list[tuple[str, object, str, Callable[[], bytes]]] = [
    ("size", 500, "csv", lambda: TABLE_OF_20),
    ("inflated_size", 500, "gz", lambda: gzip.compress(TABLE_OF_20)),
    ("inflated_size", 500, "zip", lambda: zipped([Packed(b"a.csv", TABLE_OF_20)])),
    ("ratio", 50, "gz", lambda: gzip.compress(HEADER.encode() + ROW.encode() * 2_500_000, 1)),
    ("rows", 19, "csv", lambda: TABLE_OF_20),
    ("rows", 19, "jsonl", lambda: lines(*[OBJECT] * 20)),
    ("columns", 20, "csv", wide_csv),
    ("columns", 20, "jsonl", lambda: lines(*[WIDE] * 5)),
    ("columns", 20, "json", lambda: json.dumps([WIDE] * 5).encode()),
    ("columns", 20, "parquet", wide_parquet),
    ("line_length", 900, "csv", lambda: TABLE_OF_20 + ROW.replace("/a", "/" + "a" * 900).encode()),
    ("line_length", 900, "jsonl", lambda: lines(*[OBJECT] * 5, {**OBJECT, "url": "/" + "a" * 900})),
    ("depth", 30, "json", lambda: nested(40)),
    ("members", 2, "zip", lambda: zipped([Packed(f"{n}.csv".encode(), TABLE_OF_20) for n in range(3)])),
    ("nesting", 1, "zip", lambda: zipped([Packed(b"a.csv.gz", gzip.compress(TABLE_OF_20))])),
    ("time", 0.05, "csv", lambda: TABLE_OF_20),
    ("memory", 30_000_000, "csv", lambda: TABLE_OF_20),
    ("output_size", 200, "csv", lambda: TABLE_OF_20),
]


@pytest.mark.parametrize(
    ("name", "value", "suffix", "content"), CASES, ids=[f"{case[0]}-{case[2]}" for case in CASES]
)
def test_what_is_beyond_a_limit_is_refused_under_its_name(
    friction: Run, tmp_path: Path, name: str, value: object, suffix: str, content: Callable[[], bytes]
) -> None:
    (tmp_path / f"export.{suffix}").write_bytes(content())
    (tmp_path / "friction.toml").write_text(f"[limits]\n{name} = {value}\n", encoding="utf-8")

    done = friction("analyze", f"export.{suffix}", "-o", "report.json", "--format", "json", "--quiet")

    problem = json.loads(done.err)
    assert (done.code, done.out, problem["code"]) == (3, "", f"limit.{name}")
    assert f"limits.{name}" in problem["remedy"] or name == "output_size"
    assert not (tmp_path / "report.json").exists()


def test_every_limit_has_its_case() -> None:
    of_places = {"objects", "fetched"}  # tests/places/test_buckets.py

    assert {case[0] for case in CASES} | of_places == set(TABLE)
