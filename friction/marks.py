"""The verdicts of the tool behind an export beside our own, click by click and session by session.

A tool marks its clicks (FullStory, Datadog), or writes its verdicts as rows of their own (PostHog, Amplitude, Mixpanel,
Sentry …), which name no clicks: these are compared by session. Definitions differ, so neither side is the truth; what
both say is worth most. Machines are left out on both sides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from friction.detectors.base import Detector
from friction.ingest import Ingested
from friction.tallies import Agreement, Marks

OWN = "friction"
NOT_ASKED = "not_asked"


@dataclass(frozen=True)
class Verdict:
    """One mark of a tool and what looks for the same here."""

    mark: str
    detector: str
    column: str | None = None
    """Of the event table, true or false on the clicks that the tool judged."""
    kind: str | None = None
    """Of rows that are verdicts themselves."""


VERDICTS = (
    Verdict("rage", "rage_click", "v_rage"),
    Verdict("frustrated", "rage_click", "v_frustrated"),
    Verdict("dead", "dead_click", "v_dead"),
    Verdict("error", "error_click", "v_error"),
    Verdict("slow", "slow_click", "v_slow"),
    Verdict("rage", "rage_click", kind="rage_click"),
    Verdict("dead", "dead_click", kind="dead_click"),
    Verdict("error", "error_click", kind="error_click"),
    Verdict("slow", "slow_click", kind="slow_click"),
    Verdict("thrash", "thrashed_cursor", kind="thrash"),
)
COLUMNS = frozenset(verdict.column for verdict in VERDICTS if verdict.column)
"""What the comparison reads besides what detectors do."""
COUNTS = ("judged", "marked", "found", "both")


@dataclass
class Beside:
    """Listens to detectors part by part (`Plan.watch`) and counts."""

    ingested: Ingested
    running: Sequence[Detector]
    verdicts: Sequence[Verdict] = ()
    _clicks: list[pl.DataFrame] = field(default_factory=list)
    _sessions: list[pl.DataFrame] = field(default_factory=list)

    def __post_init__(self) -> None:
        have = self.ingested.at_hand
        self.verdicts = [one for one in VERDICTS if (one.column or one.kind) in have]

    @property
    def is_needed(self) -> bool:
        """Whether any tool has said anything."""
        return bool(self.verdicts and self.running)

    def watch(self, name: str, found: pl.DataFrame, people: pl.DataFrame) -> None:
        """One detector's findings among these rows; the first one asked also stands for those that cannot run."""
        asked = {one.name for one in self.running}
        own = [one for one in self.verdicts if one.detector == name]
        others = [one for one in self.verdicts if one.detector not in asked]
        counting = found.filter(pl.col("aside").is_null())
        for verdict in own:
            self._count(verdict, counting, people)
        for verdict in others if name == self.running[0].name else ():
            self._count(verdict, counting.clear(), people)

    @property
    def noted(self) -> tuple[Sequence[pl.DataFrame], Sequence[pl.DataFrame]]:
        """What was counted so far, by click and by session."""
        return self._clicks, self._sessions

    def hear(self, clicks: Sequence[pl.DataFrame], sessions: Sequence[pl.DataFrame]) -> None:
        """What somebody else counted of other rows (`noted`)."""
        self._clicks += clicks
        self._sessions += sessions

    def _count(self, verdict: Verdict, found: pl.DataFrame, people: pl.DataFrame) -> None:
        number = pl.lit(self.verdicts.index(verdict), pl.UInt32())
        if verdict.column is not None:
            if verdict.column not in people.columns:
                return
            rows = found.select(pl.col("rows").explode().drop_nulls().unique()).to_series()
            judged = people.filter(pl.col(verdict.column).is_not_null()).select(
                "session_id",
                source=self._source(people),
                marked=pl.col(verdict.column),
                found=pl.col("row").is_in(rows.implode()),
            )
            self._clicks.append(_summed(judged, number))
        else:
            hit = found["session_id"].unique()
            judged = people.select(
                "session_id",
                source=self._source(people),
                marked=pl.col("kind") == verdict.kind,
                found=pl.col("session_id").is_in(hit.implode()),
            )
        by_session = judged.group_by("session_id", "source").agg(pl.col("marked", "found").any())
        self._sessions.append(_summed(by_session, number))

    def _source(self, people: pl.DataFrame) -> pl.Expr:
        sources = [file.source for file in self.ingested.books.files]
        if "file_id" not in people.columns:
            return pl.lit(sources[0])
        return pl.col("file_id").replace_strict(
            list(range(len(sources))), sources, default=None, return_dtype=pl.String()
        )

    def marks(self, chosen: Mapping[str, Detector], skipped: Mapping[str, str]) -> list[Marks]:
        """Every verdict that some tool gave, by source, as the report shows it."""
        clicks, sessions = _totals(self._clicks), _totals(self._sessions)
        running = {one.name for one in self.running}
        made = []
        for (number, source), counts in sessions.items():
            verdict = self.verdicts[number]
            if verdict.kind and not counts["marked"]:
                continue  # a tool that names only what it finds may not look for it at all
            could = verdict.detector in running
            asked = chosen.get(verdict.detector)
            own = clicks.get((number, source))
            made.append(
                Marks(
                    source=source,
                    mark=verdict.mark,
                    detector=verdict.detector,
                    rule=(asked.label if asked else None) or OWN,
                    not_assessable=None if could else skipped.get(verdict.detector, NOT_ASKED),
                    clicks=_agreement(own, could=could) if own else None,
                    sessions=_agreement(counts, could=could),
                )
            )
        return sorted(made, key=lambda one: (one.source, one.mark, one.clicks is None))


def _summed(judged: pl.DataFrame, number: pl.Expr) -> pl.DataFrame:
    return (
        judged.drop_nulls("source")
        .group_by("source")
        .agg(
            judged=pl.len().cast(pl.Int64()),
            marked=pl.col("marked").sum().cast(pl.Int64()),
            found=pl.col("found").sum().cast(pl.Int64()),
            both=(pl.col("marked") & pl.col("found")).sum().cast(pl.Int64()),
        )
        .with_columns(verdict=number)
    )


def _totals(frames: Sequence[pl.DataFrame]) -> dict[tuple[int, str], dict[str, int]]:
    if not frames:
        return {}
    table = (
        pl.concat(frames).group_by("verdict", "source").agg(pl.col(COUNTS).sum()).sort("verdict", "source")
    )
    return {
        (row["verdict"], row["source"]): {name: int(row[name]) for name in COUNTS}
        for row in table.iter_rows(named=True)
    }


def _agreement(counts: Mapping[str, int], *, could: bool) -> Agreement:
    judged, marked = counts["judged"], counts["marked"]
    if not could:
        return Agreement(judged, marked, None, None, None)
    found, both = counts["found"], counts["both"]
    either = marked + found - both
    return Agreement(judged, marked, found, both, both / either if either else None)
