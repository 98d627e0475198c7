"""The healthy files that mutants are made of, several of each format."""

from __future__ import annotations

import io
import json
from functools import cache

import polars as pl

from friction import scan
from friction.config import Settings
from friction.testing import posthog
from tests.torture.case import records, rows, text
from tests.torture.exports import tape
from tests.torture.jsons import lines
from tests.torture.parquets import written

FORMATS = ("csv", "json", "parquet")
SMALL = 12
"""Records of a seed: enough for every decision, few enough that most of a mutant is where it matters."""


@cache
def seeds(form: str) -> tuple[bytes, ...]:
    """All seeds of one format."""
    return {"csv": _csv, "json": _json, "parquet": _parquet}[form]()


def _csv() -> tuple[bytes, ...]:
    base = rows(SMALL)
    accented = [[*row[:5], "é “ü”"] for row in base]
    noted = [[*row[:5], 'a, "b"; c'] for row in base]
    return (
        text(base).encode(),
        text(base, delimiter=";", quote='"', end="\r\n").encode(),
        text(noted, quote='"').encode(),
        text(accented, delimiter="\t").encode("cp1252"),
        text(accented, delimiter="|").encode("utf-16"),
        text(base, end="\r").encode(),
        posthog.table(posthog.events(1, seed=3)).encode(),
    )


def _json() -> tuple[bytes, ...]:
    base, made = records(SMALL), posthog.events(1, seed=3)
    return (
        lines(base).encode(),
        json.dumps(base).encode(),
        json.dumps({"events": base}, indent=1).encode(),
        posthog.lines(posthog.batch(made)).encode(),
        posthog.page(made).encode(),
        json.dumps(tape()).encode(),
        lines(tape()).encode(),
    )


def _parquet() -> tuple[bytes, ...]:
    base = records(SMALL)
    page = io.BytesIO()
    posthog.frame(posthog.events(1, seed=3)).write_parquet(page)
    return (
        written(base, compression="none"),
        written(base, compression="snappy", use_dictionary=False),
        written(base, compression="zstd", data_page_version="2.0"),
        written(base, compression="gzip", row_group_size=5),
        page.getvalue(),
        _canonical(),
    )


def _canonical() -> bytes:
    """The event table as friction writes it."""
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        source, table = Path(folder, "a.csv"), Path(folder, "a.parquet")
        source.write_text(text(rows(SMALL)), encoding="utf-8")
        scan.convert([source], None, Settings(), table)
        page = io.BytesIO()
        pl.read_parquet(table).write_parquet(page)
    return page.getvalue()
