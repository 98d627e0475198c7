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
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from friction.child import bounds
from friction.values import dataclass

if TYPE_CHECKING:
    import polars as pl

    from friction.detectors.base import Detector
    from friction.dictionaries import Words
    from friction.ingest.columns import Wanted
    from friction.part import Part

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
    from friction.child.batch import ingested
    from friction.pages import PageRules

    segments: dict[str, str] = question.get("segments", {})
    rules = PageRules(templates=tuple(question.get("templates", ())))
    found = ingested(question["events"], _wanted(with_names=bool(segments)), rules)
    running = [each for each in _watching() if not scan.unassessable(each, found)]
    met: list[Met] = []
    fitting: set[str] = set()
    for part in found.events.parts() if found.has_events else ():
        met += _met(part, running, found.events.words)
        fitting |= _fitting(part, segments, found.events.words)
    met.sort(key=lambda one: (one.first, one.order))
    return {"met": [one.told() for one in met], "segments": [name for name in segments if name in fitting]}


@dataclass(frozen=True)
class Met:
    """A friction that the session has met; `order` decides between those that began at the same instant."""

    detector: str
    page: str
    target: str | None
    findings: int
    severity: float
    first: datetime
    last: datetime
    order: tuple[int, ...]

    def told(self) -> dict[str, Any]:
        """As the answer has it."""
        from friction.points import identity

        return {
            "point_id": identity(self.detector, self.page, self.target),
            **{name: getattr(self, name) for name in ("detector", "page", "target", "findings")},
            **{"severity": round(self.severity, 3)},
            **{name: getattr(self, name).isoformat() for name in ("first", "last")},
        }


def _met(part: Part, running: Sequence[Detector], words: Words) -> list[Met]:
    """What these detectors find that counts, by page and target."""
    from friction.reduce.findings import with_nulls
    from friction.reduce.parts import people_of

    people = with_nulls(people_of(part), running)
    found = []
    for at, detector in enumerate(running):
        try:
            frame = detector.recounted(detector.detect(people).collect(engine="in-memory"))
        except Exception:  # one that fails must not silence the others
            traceback.print_exc()
            continue
        found += _by_place(detector, at, frame, words) if frame.height else []
    return found


def _by_place(detector: Detector, at: int, found: pl.DataFrame, words: Words) -> list[Met]:
    import polars as pl

    counting = found.filter(pl.col("aside").is_null()).group_by("page", "target")
    sums = counting.agg(pl.len(), pl.col("severity").max(), pl.col("start").min(), last=pl.col("start").max())
    column = detector.coded.get("target", "target")
    return [
        Met(
            detector.name,
            words.word("page", page) or "",
            words.word(column, target),
            *(findings, severity, first, last),
            order=(at, page, -1 if target is None else target),
        )
        for page, target, findings, severity, first, last in sums.iter_rows()
    ]


def _fitting(part: Part, segments: Mapping[str, str], words: Words) -> set[str]:
    """Names of the segments that any event of the part fits."""
    from friction.goals import parse
    from friction.ingest.goals import PER_BYTE, matches

    names, fitting = list(segments), set()
    for start in range(0, len(names), PER_BYTE):
        some = names[start : start + PER_BYTE]
        rows = matches([parse(segments[name]) for name in some], part.rows, words).unique().to_list()
        fitting |= {name for at, name in enumerate(some) if any(bits >> at & 1 for bits in rows)}
    return fitting


@cache
def _watching() -> Sequence[Detector]:
    """The detectors, made once: their options are read from their types, which takes long."""
    from friction import detectors

    return detectors.configure(list(WATCHED), {})


@cache
def _wanted(*, with_names: bool) -> Wanted:
    """What the detectors read of an event, and where segments ask for it its name."""
    from friction.ingest.columns import wanted

    watching = _watching()
    columns = {name for each in watching for name in each.columns}
    columns |= {"response_delay_ms"} | ({"name"} if with_names else set())
    return wanted(
        columns,
        {name: fact for each in watching for name, fact in each.of_element.items()},
        {name: fact for each in watching for name, fact in each.of_name.items()},
        {name: asked for each in watching for name, asked in each.of_row.items()},
    )


if __name__ == "__main__":
    sys.exit(main())
