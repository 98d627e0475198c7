"""The KPIs of the journey with their intervals: for everybody, and by stage, channel, persona, device and month.

A visitor belongs to the channel, device and month of the first session; sessions to their own. Retention and repeat
purchase are of visitors with a conversion, within the time the data cover: who bought yesterday has had no time to come
back, so both are low ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.journey import figures
from friction.journey.channels import ALL
from friction.journey.stages import STAGES
from friction.journey_map import Kpi, Unit
from friction.summary.journey.lanes import figure
from friction.summary.journey.trips import Trips
from friction.summary.journey.ways import days

Dimension = Literal["all", "stage", "channel", "persona", "device", "month"]
DIMENSIONS: tuple[Dimension, ...] = ("channel", "persona", "device", "month")
FEWEST = 10
"""Sessions or visitors below which a part of everybody has no KPIs of its own."""
STAGE_OF = {
    **dict.fromkeys(("conversion", "duration_mean", "duration_median", "touches"), "decision"),
    **dict.fromkeys(("retention", "repeat_purchase", "contacts"), "retention"),
    "nps": "advocacy",
    "csat": "consideration",
    "ces": "decision",
}
UNITS: Mapping[str, Unit] = {
    **dict.fromkeys(("conversion", "retention", "repeat_purchase"), "share"),
    **dict.fromkeys(("duration_mean", "duration_median"), "days"),
    **{"touches": "touches", "nps": "score", "csat": "score", "ces": "mean", "contacts": "per_1000"},
}


def measures(
    trips: Trips, persona: NDArray[np.int64], answers: pl.DataFrame, contacts: pl.DataFrame
) -> list[Kpi]:
    """All of them; parts of everybody in the order of their size."""
    visits = _visits(trips, persona)
    found = list(_of_all(visits, answers, contacts, "all", None))
    for dimension in DIMENSIONS:
        for value in _values(visits.sessions, dimension):
            said, asked = _only(dimension, value, answers), _only(dimension, value, contacts)
            found += _of_all(visits.only(dimension, value), said, asked, dimension, value)
    for number, stage in enumerate(STAGES):
        mine = visits.sessions.filter(pl.col("stage") == number)
        if mine.height >= FEWEST:
            found.append(
                _kpi("conversion", figures.share(int(mine["won"].sum()), mine.height), "stage", stage)
            )
        found += _said(answers.filter(pl.col("stage") == number), "stage", stage)
    return found


class _Visits:
    """Sessions and visitors with what they are counted by."""

    def __init__(self, sessions: pl.DataFrame, visitors: pl.DataFrame) -> None:
        self.sessions, self.visitors = sessions, visitors

    def only(self, dimension: str, value: str) -> _Visits:
        """Those of one part."""
        mine = pl.col(dimension) == value
        return _Visits(self.sessions.filter(mine), self.visitors.filter(mine))


def _visits(trips: Trips, persona: NDArray[np.int64]) -> _Visits:
    codes = pl.Series(ALL, dtype=pl.String)
    kinds = pl.Series(
        [f"persona_{number + 1}" for number in range(int(persona.max(initial=-1)) + 1)], dtype=pl.String
    )
    label = pl.Series(persona[trips.table["visitor"].to_numpy()])
    label = pl.select(pl.when(label >= 0).then(label)).to_series().cast(pl.UInt32)
    sessions = trips.table.with_columns(
        channel=codes.gather(trips.table["channel_code"]),
        persona=kinds.gather(label) if kinds.len() else pl.lit(None, pl.String()),
    )
    won = pl.col("won")
    first_win = pl.col("won_at").filter(won).first()
    visitors = sessions.group_by("visitor", maintain_order=True).agg(
        pl.col("channel", "persona", "device", "month", "start").first(),
        wins=won.sum(),
        won_at=first_win,
        touches=won.arg_max() + 1,
        later=pl.len() - won.arg_max() - 1,
    )
    return _Visits(sessions, visitors)


def _values(sessions: pl.DataFrame, dimension: str) -> Sequence[str]:
    counts = sessions.drop_nulls(dimension).group_by(dimension).len().filter(pl.col("len") >= FEWEST)
    order = (
        counts.sort(dimension)
        if dimension == "month"
        else counts.sort("len", dimension, descending=[True, False])
    )
    return [str(value) for value in order[dimension].to_list()]


def _of_all(
    visits: _Visits, answers: pl.DataFrame, contacts: pl.DataFrame, dimension: Dimension, value: str | None
) -> Iterator[Kpi]:
    sessions, visitors = visits.sessions, visits.visitors
    yield _kpi("conversion", figures.share(int(sessions["won"].sum()), sessions.height), dimension, value)
    buyers = visitors.filter(pl.col("wins") > 0)
    if buyers.height:
        took = days((buyers["won_at"] - buyers["start"]).to_numpy())
        yield _kpi("duration_mean", figures.mean(np.sort(took), 0.0), dimension, value)
        yield _kpi("duration_median", figures.median(took), dimension, value)
        yield _kpi(
            "touches",
            figures.mean(np.sort(buyers["touches"].to_numpy().astype(np.float64)), 1.0),
            dimension,
            value,
        )
        yield _kpi(
            "retention", figures.share(int((buyers["later"] > 0).sum()), buyers.height), dimension, value
        )
        yield _kpi(
            "repeat_purchase", figures.share(int((buyers["wins"] > 1).sum()), buyers.height), dimension, value
        )
    yield from _said(answers, dimension, value)
    if contacts.height:
        yield _kpi("contacts", figures.rate(contacts.height, sessions.height, 1000), dimension, value)


def _said(answers: pl.DataFrame, dimension: Dimension, value: str | None) -> Iterator[Kpi]:
    for scale in ("nps", "csat", "ces"):
        scores = answers.filter(pl.col("scale") == scale)["score"].sort().to_numpy()
        if len(scores):
            yield _kpi(scale, figures.score(scale, scores), dimension, value)


def _kpi(name: str, found: figures.Figure, dimension: Dimension, value: str | None) -> Kpi:
    stage = value if dimension == "stage" and value else STAGE_OF[name]
    return Kpi(name, UNITS[name], figure(found), stage, dimension, value)


def _only(dimension: str, value: str, table: pl.DataFrame) -> pl.DataFrame:
    return table.filter(pl.col(dimension) == value) if dimension in table.columns else table.clear()
