"""How the rules of other tools differ on one's own data: `friction detectors compare`.

Every rule of every preset judges the same input, beside friction's own detectors of the same names. For each
detector it says what each rule finds, and for each pair of rules how far they agree: of the sessions, and of the
clicks, that at least one of the two flags, the share that both do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction import detectors, scan
from friction.config import Settings
from friction.detectors import presets
from friction.detectors.base import Detector
from friction.ingest import Ingested
from friction.part import Part
from friction.reduce.findings import with_nulls
from friction.reduce.parts import people_of
from friction.summary.called import SessionNames

OWN = "friction"
NAMES = ("rage_click", "dead_click", "slow_click", "error_click", "thrashed_cursor")
ON_DEMAND = {"mutation", "mouse_move"}
"""Kinds of rows that some sources give only to those who ask; friction's own detectors read the input without."""


@dataclass
class _Judged:
    """One rule and what it found."""

    rule: Detector
    not_assessable: str | None
    findings: int = 0
    sessions: list[pl.DataFrame] = field(default_factory=list)
    """`session`, by name."""
    clicks: list[pl.DataFrame] = field(default_factory=list)
    """`file, row` in the input."""

    @property
    def preset(self) -> str:
        return self.rule.label or OWN


def compare(
    inputs: Sequence[str | Path], names: Sequence[str] | None, settings: Settings, progress: scan.Progress
) -> dict[str, Any]:
    """For each detector the counts of each rule and the agreement of each pair, with the totals of the input."""
    theirs: list[Detector] = [rule for preset in presets.PRESETS for rule in presets.rules(preset)]
    known = detectors.available()
    own = detectors.configure([name for name in NAMES if name in known], settings.detectors)
    ingested = scan.ingested_for(inputs, names, settings, [*own, *theirs], progress)
    judged, totals = _judged(ingested, theirs, progress), _totals(ingested)
    if ingested.at_hand & ON_DEMAND:
        ingested = scan.ingested_for(inputs, names, settings, own, progress)
    judged = [*_judged(ingested, own, progress), *judged]
    passed = [asdict(each) for each in ingested.books.passed_over]
    return {
        **totals,
        "detectors": {name: _of_one(judged, name) for name in NAMES},
        **({"passed_over": passed} if passed else {}),
    }


def _judged(ingested: Ingested, rules: Sequence[Detector], progress: scan.Progress) -> list[_Judged]:
    found = [_Judged(rule, scan.unassessable(rule, ingested)) for rule in rules]
    events = ingested.events
    for number, part in enumerate(events.parts()):
        people = people_of(part)
        for one in found:
            if one.not_assessable is None:
                _judge(one, part, people, events.names)
        progress("detecting", (number + 1) / len(events.slices), 0)
    return found


def _judge(one: _Judged, part: Part, people: pl.DataFrame, names: pl.Series) -> None:
    """Add what the rule finds in a part; a tool's rule answers for every row, friction's own for people."""
    rows = part.rows
    seen = with_nulls(rows if one.rule.preset else people, [one.rule])
    found = one.rule.detect(seen).collect(engine="in-memory").filter(pl.col("aside").is_null())
    one.findings += found.height
    one.sessions.append(_sessions(rows, found["trigger_row"], names))
    listed = found.select(pl.col("rows").explode().drop_nulls().unique().sort()).to_series()
    clicks = rows.select("kind", "row_no", *(["file_id"] if "file_id" in rows.columns else []))[listed]
    clicks = clicks.filter(pl.col("kind") == "click").select(
        file=pl.col("file_id") if "file_id" in rows.columns else pl.lit(0, pl.UInt32),
        row=pl.col("row_no").cast(pl.Int64),
    )
    one.clicks.append(clicks)


def _sessions(rows: pl.DataFrame, at: pl.Series, names: pl.Series) -> pl.DataFrame:
    """The sessions of these rows, each once, by name."""
    new = pl.col("key").ne_missing(pl.col("key").shift())
    first = pl.when(new).then("session_id").forward_fill()
    pieces = rows.select("key", piece=(pl.col("session_id") - first + 1))[at].unique()
    return pl.DataFrame({"session": SessionNames.of(pieces, names).every()})


def _totals(ingested: Ingested) -> dict[str, int]:
    sessions = clicks = 0
    for part in ingested.events.parts():
        sessions += part.rows["session_id"].n_unique()
        clicks += int((part.rows["kind"] == "click").sum())
    return {"sessions": sessions, "clicks": clicks}


def _of_one(judged: Sequence[_Judged], name: str) -> dict[str, Any]:
    rules = [one for one in judged if one.rule.name == name]
    asked = [one for one in rules if one.not_assessable is None]
    sessions, clicks = _matrix(asked, "sessions"), _matrix(asked, "clicks")
    counts = {id(one): at for at, one in enumerate(asked)}
    return {
        "rules": [
            {
                "preset": one.preset,
                "verified": one.rule.is_verified,
                "findings": one.findings if id(one) in counts else None,
                "sessions": int(sessions[:, counts[id(one)]].sum()) if id(one) in counts else None,
                "clicks": int(clicks[:, counts[id(one)]].sum()) if id(one) in counts else None,
                "not_assessable": one.not_assessable,
            }
            for one in rules
        ],
        "agreement": list(_pairs(asked, sessions, clicks)),
    }


def _matrix(asked: Sequence[_Judged], unit: str) -> NDArray[np.bool_]:
    """Flagged session or click × rule: whether the rule flags it."""
    frames = [
        pl.concat(getattr(one, unit)).unique().with_columns(rule=pl.lit(at))
        for at, one in enumerate(asked)
        if getattr(one, unit)
    ]
    if not frames:
        return np.zeros((0, len(asked)), dtype=bool)
    table = pl.concat(frames)
    keys = [column for column in table.columns if column != "rule"]
    number = table.select(pl.struct(keys).rank("dense") - 1).to_series().to_numpy()
    matrix = np.zeros((int(number.max()) + 1 if len(number) else 0, len(asked)), dtype=bool)
    matrix[number, table["rule"].to_numpy()] = True
    return matrix


def _pairs(
    asked: Sequence[_Judged], sessions: NDArray[np.bool_], clicks: NDArray[np.bool_]
) -> Iterator[dict[str, Any]]:
    for a, b in combinations(range(len(asked)), 2):
        yield {
            "presets": [asked[a].preset, asked[b].preset],
            "sessions": _both(sessions[:, a], sessions[:, b]),
            "clicks": _both(clicks[:, a], clicks[:, b]),
        }


def _both(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> dict[str, Any]:
    """`both`, `either`, and the share of the one in the other; null where neither flags anything."""
    both, either = int((one & other).sum()), int((one | other).sum())
    return {"both": both, "either": either, "agreement": both / either if either else None}
