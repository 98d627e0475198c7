"""Personas and segments: who they are, what they reach, which friction they meet."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.journey import figures
from friction.journey.channels import ALL
from friction.journey.personas import FEATURES, kinds, named
from friction.journey.signs import SEGMENTS
from friction.journey.stages import STAGES
from friction.journey_map import Feature, Part, Persona
from friction.report import Report
from friction.summary.journey.ground import Ground
from friction.summary.journey.lanes import figure, parts
from friction.summary.journey.trips import Trips
from friction.summary.journey.ways import costs_of, hits_of, met_by
from friction.values import dataclass

FEATURES_SHOWN = 5
COUNTED = {
    "products": ("product",),
    "searches": ("search",),
    "carts": ("cart",),
    "checkouts": ("checkout", "intent"),
    "help": ("help", "account"),
    "contents": ("content", "home", "reviews", "compare", "pricing"),
}
"""Feature → roles of the pages that count for it."""


@dataclass(frozen=True)
class People:
    """Personas and segments, and by visitor the number of the persona (−1: none)."""

    personas: list[Persona]
    of: NDArray[np.int64]
    stability: dict[int, float]


def people(report: Report, ground: Ground, trips: Trips) -> People:
    """Kinds by behaviour, then the segments that were asked for."""
    counts = behaviour(ground, trips)
    found = kinds(counts, FEATURES)
    of = found.labels if found is not None else np.full(trips.visitors, -1)
    lookup = _Lookup(report, ground, trips)
    personas: list[Persona] = []
    if found is not None:
        used = [FEATURES.index(name) for name in found.features]
        overall = counts[:, used].mean(axis=0)
        for number, centre in enumerate(found.centres):
            mine = of == number
            means = counts[mine][:, used].mean(axis=0)
            places = {name: at for at, name in enumerate(found.features)}
            features = [
                Feature(name, far, float(means[places[name]]), float(overall[places[name]]))
                for name, far in named(centre, found.features, FEATURES_SHOWN)
            ]
            personas.append(lookup.persona(f"persona_{number + 1}", mine, features))
    personas += [lookup.persona(name, mine, None) for name, mine in _segments(ground, trips)]
    return People(personas, of, found.stability if found is not None else {})


@dataclass(frozen=True)
class _Lookup:
    report: Report
    ground: Ground
    trips: Trips

    def persona(self, name: str, mine: NDArray[np.bool_], features: list[Feature] | None) -> Persona:
        """Everything about the visitors `mine`."""
        table = self.trips.table.filter(pl.Series(mine[self.trips.table["visitor"].to_numpy()]))
        won = table.filter("won")["visitor"].n_unique()
        return Persona(
            id=name,
            origin="rule" if features is None else "behaviour",
            features=features or [],
            visitors=int(mine.sum()),
            share=float(mine.mean()) if len(mine) else 0.0,
            sessions=table.height,
            conversion=figure(figures.share(won, int(mine.sum()))),
            goals=self._goals(table),
            channels=parts(table, "channel_code", 4, ALL),
            stages=parts(table, "stage", len(STAGES), STAGES),
            devices=parts(table, "device", 3),
            frictions=met_by(
                table["session_id"], self.trips.sessions, hits_of(self.ground), costs_of(self.report)
            ),
        )

    def _goals(self, table: pl.DataFrame) -> list[Part]:
        goals = self.report.goals
        reached = [int(((table["goals"].cast(pl.Int64) & (1 << bit)) > 0).sum()) for bit in range(len(goals))]
        whole = max(table.height, 1)
        return [
            Part(goal.definition, number, number / whole) for goal, number in zip(goals, reached, strict=True)
        ]


def _segments(ground: Ground, trips: Trips) -> list[tuple[str, NDArray[np.bool_]]]:
    found = []
    visitor = trips.table.select("session_id", "visitor")
    for sign, name in zip(SEGMENTS, ground.analysis.settings.journey.segments, strict=False):
        fits = ground.analysis.tables.signs.filter(pl.col("sign") == sign).select("session_id")
        mine = np.zeros(trips.visitors, bool)
        mine[visitor.join(fits, on="session_id", how="semi")["visitor"].to_numpy()] = True
        found.append((name, mine))
    return found


def behaviour(ground: Ground, trips: Trips) -> NDArray[np.float64]:
    """Visitors × `FEATURES`: means a session; unknown depths of scrolling count as none.

    How long the last page of a session is read is not known: who saw one page a session has the pace of the median.
    """
    table, size = trips.table, trips.visitors
    visitor = table["visitor"].to_numpy()
    of_session = np.full(ground.analysis.tables.sessions.height, -1)
    of_session[table["session_id"].to_numpy()] = visitor
    views = ground.analysis.tables.read("views", "session_id", "page")
    whose = of_session[views["session_id"].to_numpy()]
    page = views["page"].to_numpy()
    sessions = np.maximum(np.bincount(visitor, minlength=size), 1).astype(np.float64)
    seen = np.bincount(whose, minlength=size)
    columns = {"views": seen / sessions, "sessions": sessions}
    for name, kinds_of_page in COUNTED.items():
        fits = np.array([role in kinds_of_page for role in ground.roles], bool)
        columns[name] = np.bincount(whose, fits[page], size) / sessions
    lasts = (table["end"] - table["start"]).to_numpy() / 1e6
    spent = np.bincount(visitor, lasts, size).astype(np.float64)
    columns["pace"] = _pace(spent, seen - np.bincount(visitor, minlength=size))
    depth = table["scroll"].fill_null(0.0).to_numpy().astype(np.float64)
    columns["scroll"] = np.bincount(visitor, depth, size) / sessions
    return np.column_stack([columns[name] for name in FEATURES])


def _pace(seconds: NDArray[np.float64], pages: NDArray[np.int64]) -> NDArray[np.float64]:
    known = pages > 0
    pace: NDArray[np.float64] = seconds / np.maximum(pages, 1)
    pace[~known] = np.median(pace[known]) if known.any() else 0.0
    return pace
