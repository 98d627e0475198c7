"""Drop-off spike: a page that more visitors leave from than its own past lets expect.

Finds     A stretch of hours in which the page's exit rate lies above that of the
          stretch before by more than `margin`, beyond `z_alarm` standard deviations.
          It is a shift when it has lasted for three days or more and still lasts;
          falls are listed as well, and never an alarm.
Matters   Something broke, or became dear or slow, at an hour that can be looked up:
          a release, a campaign, an outage.
Misleads  Hours of the day and days of the week differ, noise from day to day is
          allowed for, and so is a slow drift up to the margin. Other visitors
          (a campaign, a viral day) leave at other rates without any fault of the
          page. The end of a dip shorter than a week is no rise.
Defaults  A margin of 10 % and 4.6 deviations gave less than one false alarm in a
          thousand weeks of simulated pages. Pages with fewer than `min_views` views
          are left out: of 200 views some 50 are exits in all, about what even a
          doubled rate takes to be seen.
Sources   Own comparison of eleven methods on simulated series; PELT (Killick 2012)
          for the segmentation. Steps and reasons: `friction.series`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Any, ClassVar

import numpy as np
import polars as pl
from annotated_types import Ge, Gt
from numpy.typing import NDArray

from friction.detectors.base import FINDING, Detector, findings
from friction.series import MARGIN, Z_ALARM, Change, Series, find_changes
from friction.values import dataclass

CHANGE = pl.Schema(
    {
        "kind": pl.Enum(["spike", "shift", "fall"]),
        "start_hour": pl.Int64(),
        "end_hour": pl.Int64(),
        "n": pl.Int64(),
        "k": pl.Int64(),
        **dict.fromkeys(("expected", "rate_before", "rate_in"), pl.Float64()),
        **dict.fromkeys(("ratio", "ratio_low", "ratio_high"), pl.Float64()),
        **dict.fromkeys(("extra", "z", "p", "phi", "smallest_lift"), pl.Float64()),
    }
)
"""Columns of a change besides `page`, as in `friction.series.Change`.

Hours count from the epoch on the clock of the zone the series was made in; `end_hour` is exclusive, and
null while the change lasts. `phi` and `smallest_lift` are those of the page.
"""
SIGHT = pl.Schema(
    {
        "n": pl.Int64(),
        "k": pl.Int64(),
        "bucket": pl.String(),
        "phi": pl.Float64(),
        "smallest_lift": pl.Float64(),
        "reason": pl.String(),
    }
)
"""Columns of a series that was judged, besides `page`: its totals, then as in `friction.series.Series`."""


@dataclass(frozen=True, kw_only=True)
class DropoffSpike(Detector):
    name: ClassVar[str] = "dropoff_spike"
    needs: ClassVar[frozenset[str]] = frozenset({"has_page_views"})
    outcome: ClassVar[bool] = True

    margin: Annotated[float, Ge(1)] = MARGIN
    """Factor by which the exit rate must rise (1.1: by 10 %). Higher: only stronger rises are found."""
    z_alarm: Annotated[float, Gt(0)] = Z_ALARM
    """Limit of an alarm (standard deviations). Higher: fewer alarms, fewer of them false."""
    min_views: Annotated[int, Ge(1)] = 200
    """Minimum views of a page. Higher: fewer pages are judged."""

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """No findings: no session shows a change of a rate. See `changes`."""
        nothing = (pl.lit(None, dtype).alias(name) for name, dtype in FINDING.items())
        return findings(events.select("session_id", "page", "target", *nothing).limit(0))

    def changes(self, series: pl.DataFrame) -> pl.DataFrame:
        """Rises and falls of the exit rate, sorted by page and start: `page`, then the columns of `CHANGE`.

        `series` has `page`, `hour` (since the epoch, on the clock of the report's zone), `n` views and `k`
        exits, in any order; an hour missing between the first and the last of the whole table had no views.
        The caller leaves out the unfinished last hour and views whose sessions may still go on. Raises
        `ValueError` for more exits than views.
        """
        return self.judge(series)[0]

    def sight(self, series: pl.DataFrame) -> pl.DataFrame:
        """What could be seen on each page judged: `page, n, k`, then the columns of `SIGHT`, by page.

        They are those of `friction.series.Series`; pages with too few views are missing.
        """
        return self.judge(series)[1]

    def judge(self, series: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """`changes` and `sight` of these series, at the cost of one."""
        found, seen = [], []
        for page, first, counts, judged in self._judged(series):
            about = {"page": page, "phi": judged.phi, "smallest_lift": judged.smallest_lift}
            seen.append({**about, **counts, "bucket": judged.bucket, "reason": judged.reason})
            found += [{**about, **_in_hours(change, first)} for change in judged.changes]
        page = {"page": series.schema["page"]}
        return pl.DataFrame(found, schema=page | CHANGE), pl.DataFrame(seen, schema=page | SIGHT)

    def _judged(self, series: pl.DataFrame) -> Iterator[tuple[Any, int, dict[str, int], Series]]:
        """Each page with enough views, in order, with the first hour, its totals and what can be said of it."""
        hours = series["hour"].to_numpy()
        known = series.filter(pl.col("page").is_not_null()).with_columns(pl.col("n", "k").cast(pl.Int64))
        busy = known.group_by("page").agg(pl.col("n").sum()).filter(pl.col("n") >= self.min_views)
        pages = known.join(busy, on="page", how="semi").sort("page")
        for part in pages.partition_by("page", maintain_order=True):
            first, last = int(hours.min()), int(hours.max())
            n, k = (_every_hour(part, name, first, last) for name in ("n", "k"))
            judged = find_changes(n, k, first, margin=self.margin, z_alarm=self.z_alarm)
            yield part["page"][0], first, {"n": int(n.sum()), "k": int(k.sum())}, judged


def _every_hour(page: pl.DataFrame, name: str, first: int, last: int) -> NDArray[np.int64]:
    """Counts of one page from the first to the last hour, 0 where the table has none."""
    counts = np.zeros(last - first + 1, np.int64)
    np.add.at(counts, page["hour"].to_numpy().astype(np.int64) - first, page[name].to_numpy())
    return counts


def _in_hours(change: Change, first: int) -> dict[str, Any]:
    """The figures of a change, with hours instead of positions."""
    figures = asdict(change)
    start, end = figures.pop("start"), figures.pop("end")
    return {**figures, "start_hour": first + start, "end_hour": None if end is None else first + end}
