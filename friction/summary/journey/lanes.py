"""The columns of the map: sessions, rules, what goes on, channels, emotion and friction of each stage."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.journey import figures
from friction.journey.channels import ALL
from friction.journey.emotion import emotion
from friction.journey.stages import RULES, STAGES
from friction.journey_map import Emotion, Figure, Part, RuleFired, StageColumn, Transition
from friction.report import Point, Report, leading
from friction.summary.journey.ground import Ground
from friction.summary.journey.met import met_where
from friction.summary.journey.trips import Trips

CHANNELS_SHOWN, TOUCHPOINTS_SHOWN = 6, 10


def figure(found: figures.Figure) -> Figure:
    """As the map keeps it."""
    return Figure(found.estimate, found.low, found.high, found.n)


def parts(table: pl.DataFrame, column: str, most: int, names: Sequence[str] | None = None) -> list[Part]:
    """The commonest values of a column, by name where as common; nulls count for the whole alone."""
    counts = (
        table.drop_nulls(column)
        .group_by(column)
        .len()
        .sort("len", column, descending=[True, False])
        .head(most)
    )
    return [
        Part(str(names[value] if names else value), number, number / table.height)
        for value, number in counts.iter_rows()
    ]


def columns(report: Report, ground: Ground, trips: Trips, answers: pl.DataFrame) -> list[StageColumn]:
    """The five stages in order."""
    table = trips.table
    highest = _highest(trips)
    struck, seen = _struck(ground), met_where(ground, trips)
    return [
        _column(
            number, table.filter(pl.col("stage") == number), report, trips, highest, struck, seen, answers
        )
        for number in range(len(STAGES))
    ]


def _column(
    number: int,
    mine: pl.DataFrame,
    report: Report,
    trips: Trips,
    highest: NDArray[np.int64],
    struck: Sequence[tuple[int, int]],
    seen: pl.DataFrame,
    answers: pl.DataFrame,
) -> StageColumn:
    met = figures.share(*struck[number])
    scored = answers.filter(pl.col("stage") == number) if answers.height else answers
    return StageColumn(
        stage=STAGES[number],
        sessions=mine.height,
        share=mine.height / max(trips.sessions, 1),
        visitors=mine["visitor"].n_unique(),
        rules=[RuleFired(RULES[rule][0], n) for rule, n in _counted(mine, "rule")],
        goes_on=_goes_on(number, trips, highest),
        channels=parts(mine, "channel_code", CHANNELS_SHOWN, ALL),
        touchpoints=_touchpoints(
            seen.join(mine.select("session_id"), on="session_id", how="semi"), mine.height
        ),
        emotion=_emotion(scored, met),
        points=[point.id for point in _costliest(report) if point.stage == STAGES[number]],
        friction=figure(met),
    )


def _touchpoints(seen: pl.DataFrame, sessions: int) -> list[Part]:
    """Groups of pages and events by the sessions of the stage that met them."""
    outside = pl.col("group") == "outside"
    named = pl.when(outside).then(pl.concat_str(pl.lit("="), pl.col("name").fill_null(""))).otherwise("group")
    counts = seen.select("session_id", group=named).unique().group_by("group").len()
    counts = counts.sort("len", "group", descending=[True, False]).head(TOUCHPOINTS_SHOWN)
    return [Part(group, number, number / sessions) for group, number in counts.iter_rows()]


def _counted(table: pl.DataFrame, column: str) -> list[tuple[int, int]]:
    return list(table.group_by(column).len().sort("len", column, descending=[True, False]).iter_rows())


def _costliest(report: Report) -> list[Point]:
    return [point for point in leading(report.points) if point.rank is not None]


def _emotion(scored: pl.DataFrame, met: figures.Figure) -> Emotion | None:
    if not met.n and not scored.height:
        return None
    return emotion(dict(scored.group_by("scale").agg("score").iter_rows()), met)


def _highest(trips: Trips) -> NDArray[np.int64]:
    """The highest stage of each visitor."""
    found = np.zeros(trips.visitors, np.int64)
    np.maximum.at(found, trips.table["visitor"].to_numpy(), trips.table["stage"].to_numpy().astype(np.int64))
    return found


def _goes_on(number: int, trips: Trips, highest: NDArray[np.int64]) -> Figure | None:
    """Of the visitors who get as far as this stage, those who get further, whenever that is."""
    if number == len(STAGES) - 1:
        return None
    here, further = int((highest >= number).sum()), int((highest > number).sum())
    if STAGES[number] == "decision":
        further = trips.table.filter("won")["visitor"].n_unique()
        here = max(here, further)
    return figure(figures.share(further, here))


def _struck(ground: Ground) -> list[tuple[int, int]]:
    """By stage: sessions that met any friction point in a view of this stage, of those with such a view.

    Points whose definition contains leaving are left out: they would count every exit as a vexation.
    """
    views = ground.analysis.tables.read("views", "session_id").with_columns(
        stage=pl.Series(ground.staged.view)
    )
    seen = dict(views.unique().group_by("stage").len().iter_rows())
    hits = ground.hits.filter(~pl.col("outcome")).select("session_id", "stage").unique()
    met = dict(hits.group_by("stage").len().iter_rows())
    return [(met.get(number, 0), seen.get(number, 0)) for number in range(len(STAGES))]


def transitions(trips: Trips) -> list[Transition]:
    """From one session of a visitor to the next: how many visitors did it at least once."""
    same = pl.col("visitor") == pl.col("visitor").shift()
    steps = trips.table.select(
        "visitor", origin=pl.when(same).then(pl.col("stage").shift()), to="stage"
    ).drop_nulls()
    counts = steps.group_by("origin", "to").agg(pl.col("visitor").n_unique()).sort("origin", "to")
    return [Transition(STAGES[origin], STAGES[to], number) for origin, to, number in counts.iter_rows()]
