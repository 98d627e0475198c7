"""Streams of events through the whole product: written as a file, judged by `friction detect`, read back by stream."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from friction import scan
from friction.config import Settings
from friction.schema import EVENT
from friction.testing.events import EPOCH

Row = dict[str, Any]
"""One event: `ms` since the stream began, `kind`, and columns of the event table."""


class Finding(NamedTuple):
    """A finding; rows are numbered from 1 within their stream."""

    detector: str
    trigger: int
    rows: tuple[int, ...]
    detail: Mapping[str, Any]


def judged(
    folder: Path,
    preset: str,
    streams: Sequence[Sequence[Row]],
    detectors: Sequence[str] = (),
    options: Mapping[str, str] | None = None,
) -> list[list[Finding]]:
    """By stream: what the preset finds, sorted. Every stream is a session of one file."""
    source, output = folder / "streams.parquet", folder / "findings.parquet"
    written(streams).write_parquet(source)
    settings = Settings.model_validate({"analysis": {"preset": preset}})
    answer = scan.detect([source], None, settings, detectors, options or {}, output)
    assert not answer["not_assessable"], answer
    assert "failed" not in answer, answer
    return _read(output, streams)


def written(streams: Sequence[Sequence[Row]]) -> pl.DataFrame:
    """The event table of these streams, `s0`, `s1` …; rows of one time keep their order."""
    rows: list[Row] = []
    for number, stream in enumerate(streams):
        for at, row in enumerate(stream):
            cells = {name: value for name, value in row.items() if name != "ms"}
            place = {"session_id": f"s{number:05}", "seq": at, "row_no": len(rows) + 1, "url": "/a"}
            moment = EPOCH + timedelta(microseconds=round(row["ms"] * 1000))
            rows.append({**place, **cells, "ts": moment})
    names = [name for name in EVENT if any(name in row for row in rows)]
    return pl.DataFrame(rows, schema={name: EVENT[name] for name in names})


def _read(output: Path, streams: Sequence[Sequence[Row]]) -> list[list[Finding]]:
    firsts = [0]
    for stream in streams:
        firsts.append(firsts[-1] + len(stream))
    found: list[list[Finding]] = [[] for _ in streams]
    for row in pl.read_parquet(output).iter_rows(named=True):
        number = int(row["session_id"][1:].split("~")[0])
        rows = tuple(one - firsts[number] for one in row["rows"])
        finding = Finding(
            row["detector"], row["trigger_row"] - firsts[number], rows, json.loads(row["detail"])
        )
        assert row["events"] == len(rows)
        found[number].append(finding)
    return [sorted(each, key=lambda one: one[:3]) for each in found]
