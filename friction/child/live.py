"""`python -m friction.child.live`: judges the events of one session after another, and keeps nothing between two.

A question is `{"events": [...], "templates": [...], "segments": {...}}`: the session's events so far, as records of the
event table, the page templates that are known, and expressions by name of segment. The answer is `met`, the frictions
that the session has met, each with the id that reports give it, and `segments`, the names of those that any of its
events fits. Started by `friction.isolate.warm`, which see.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from friction.child import bounds

if TYPE_CHECKING:
    from friction.detectors.base import Detector
    from friction.ingest import Ingested
    from friction.reduce.tables import Tables

WATCHED = (
    *("rage_click", "dead_click", "error_click", "slow_click", "disabled_click", "failed_submit"),
    *("validation_loop", "rage_key", "rage_reload", "repeated_search", "navigation_loop", "failed_request"),
    *("script_error", "error_page"),
)
"""Detectors whose findings are certain as soon as they are there; the others need to know how a session went on."""


def main() -> int:
    """Answer until nobody asks any more."""
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    bounds.apply(json.loads(sys.stdin.buffer.readline() or b"{}").get("bounds", {}))
    for line in sys.stdin.buffer:
        try:
            told: dict[str, Any] = {"answer": judged(json.loads(line))}
        except Exception as fault:  # a batch that breaks a detector must not end the next one's answer
            traceback.print_exc()
            told = {"problem": type(fault).__name__}
        print(json.dumps(told), file=lines, flush=True)
    return 0


def judged(question: dict[str, Any]) -> dict[str, Any]:
    """The frictions that a session has met, in the order in which they began, and its segments."""
    from friction import scan
    from friction.errors import InputError

    segments: dict[str, str] = question.get("segments", {})
    names = list(segments)
    batch = Path("batch.jsonl")
    batch.write_text("".join(json.dumps(each) + "\n" for each in question["events"]), encoding="utf-8")
    met: list[dict[str, Any]] = []
    fitting: list[str] = []
    for at in range(0, max(len(names), 1), scan.MAX_GOALS):
        some = {name: segments[name] for name in names[at : at + scan.MAX_GOALS]}
        try:
            found, theirs = _judged(batch, question.get("templates", []), some, () if at else _watching())
        except InputError:  # the door has checked each event: these say nothing of themselves
            break
        met, fitting = [*met, *found], [*fitting, *theirs]
    return {"met": met, "segments": fitting}


def _judged(
    batch: Path, templates: Sequence[str], segments: Mapping[str, str], chosen: Sequence[Detector]
) -> tuple[list[dict[str, Any]], list[str]]:
    """What these detectors find, and which of the segments an event fits; segments are counted as goals are."""
    from friction import scan
    from friction.config import Settings
    from friction.reduce import Plan, reduce_part

    settings = Settings.model_validate(
        {
            "analysis": {"detectors": list(WATCHED)},
            "goals": {f"segment_{at}": {"when": said} for at, said in enumerate(segments.values())},
            "pages": {"templates": templates},
            "limits": {"threads": 1},
            "identity": {"stitch": False},
        }
    )
    ingested = scan.ingested_for([batch], None, settings, chosen, scan.quiet)
    running = {each.name: each for each in chosen if not scan.unassessable(each, ingested)}
    tables = [reduce_part(part, Plan(list(running.values()))) for part in ingested.events.parts()]
    bits = 0
    for each in tables if segments else ():
        for number in each.sessions["goals"].to_list():
            bits |= number
    return _frictions(ingested, tables, running), [name for at, name in enumerate(segments) if bits >> at & 1]


def _frictions(
    ingested: Ingested, tables: Sequence[Tables], running: Mapping[str, Detector]
) -> list[dict[str, Any]]:
    import polars as pl

    from friction.points import identity

    hits = [each.hits for each in tables if each.hits.height]
    if not hits:
        return []
    keys, words = ["detector", "page", "target"], ingested.events.words
    sums = (
        pl.concat(hits)
        .group_by(keys)
        .agg(pl.col("findings").sum(), pl.col("severity").max(), pl.col("first").min(), pl.col("last").max())
    )
    found = []
    for row in sums.sort("first", *keys).iter_rows(named=True):
        column = running[row["detector"]].coded.get("target", "target")
        page, target = words.word("page", row["page"]) or "", words.word(column, row["target"])
        found.append(
            {
                "point_id": identity(row["detector"], page, target),
                **{"detector": row["detector"], "page": page, "target": target, "findings": row["findings"]},
                **{"severity": round(float(row["severity"]), 3)},
                **{name: row[name].isoformat() for name in ("first", "last")},
            }
        )
    return found


@cache
def _watching() -> Sequence[Detector]:
    """The detectors, made once: their options are read from their types, which takes a third of an answer's time."""
    from friction import detectors

    return detectors.configure(list(WATCHED), {})


if __name__ == "__main__":
    sys.exit(main())
