"""What the detectors say of a population, through the whole flow from a file, and how right they are."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from friction import scan
from friction.config import Settings
from tests.truth.labelled.population import Population


@dataclass(frozen=True)
class Score:
    """How often a detector was right. Positions without a case are null."""

    harms: int
    found: int
    """Harms with a finding."""
    false: int
    """Findings where there is no harm of this sort."""

    @property
    def recall(self) -> float | None:
        return self.found / self.harms if self.harms else None

    @property
    def precision(self) -> float | None:
        return self.found / (self.found + self.false) if self.found + self.false else None


def findings(made: Population, detector: str, settings: Mapping[str, Any] | None = None) -> pl.DataFrame:
    """Sessions with findings that count, and how many each has: `session_id, findings`."""
    with tempfile.TemporaryDirectory() as folder:
        table, answer = Path(folder) / "events.parquet", Path(folder) / "findings.parquet"
        made.events.write_parquet(table)
        set_ = {name: str(value) for name, value in (settings or {}).items()}
        scan.detect([str(table)], None, Settings(), [detector], set_, answer)
        found = pl.read_parquet(answer)
    return found.group_by("session_id").agg(findings=pl.len())


def cases(made: Population, detector: str, settings: Mapping[str, Any] | None = None) -> pl.DataFrame:
    """The truth with what was found beside it; sessions with the other sort of harm are no case of this one."""
    other = {"rage_click": "dead_click", "dead_click": "rage_click"}[detector]
    found = findings(made, detector, settings)
    joined = made.truth.filter(pl.col("means") != other).join(found, on="session_id", how="left")
    return joined.with_columns(pl.col("findings").fill_null(0), harm=pl.col("means") == detector)


def against(cases: pl.DataFrame, kind: str) -> Score:
    """As if this kind were the only one without harm, and as frequent as all harm: false findings are scaled."""
    harms, alike = cases.filter("harm"), cases.filter(pl.col("kind") == kind)
    weight = harms.height / alike.height if alike.height else 0.0
    found = int((harms["findings"] > 0).sum())
    return Score(harms.height, found, round(float(alike["findings"].sum()) * weight))


def score(cases: pl.DataFrame) -> Score:
    """A harm is found by one finding or more in its session; every finding in a harmless session is false."""
    harms = cases.filter("harm")
    return Score(
        harms.height, int((harms["findings"] > 0).sum()), int(cases.filter(~pl.col("harm"))["findings"].sum())
    )
