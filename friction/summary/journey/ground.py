"""What all lanes of the map stand on: the stage of every session and view, what pages are, which point is which."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from friction.journey.signs import roles
from friction.journey.stages import Bounds, Staged, staged
from friction.points import POINT, identity
from friction.summary.build import Analysis


@dataclass(frozen=True)
class Ground:
    """The tables of an analysis, seen as a journey."""

    analysis: Analysis
    staged: Staged
    roles: list[str | None]
    """What each page is for the journey, by its code."""

    @cached_property
    def pages(self) -> list[str]:
        """The templates, by code."""
        return [str(page) for page in self.analysis.ingested.events.words.by_column["page"].to_list()]

    @cached_property
    def hits(self) -> pl.DataFrame:
        """`id` of the point, `session_id`, `stage` reached when it struck, `outcome`; one row a point and view."""
        hits = self.analysis.tables.hits
        if not hits.height:
            return pl.DataFrame(
                schema={
                    "id": pl.String(),
                    "session_id": pl.UInt32(),
                    "stage": pl.UInt8(),
                    "outcome": pl.Boolean(),
                }
            )
        number = self.analysis.tables.views["view"].to_numpy()
        at = np.searchsorted(number, hits["view"].to_numpy()).clip(0, len(number) - 1)
        keyed = hits.join(self._ids(hits), on=POINT, nulls_equal=True, maintain_order="left")
        return keyed.select("id", "session_id", "outcome").with_columns(stage=pl.Series(self.staged.view[at]))

    def _ids(self, hits: pl.DataFrame) -> pl.DataFrame:
        """The id of every point that was hit, and whether its detector finds outcomes."""
        words, detectors = self.analysis.ingested.events.words, self.analysis.detectors
        keys = hits.select(POINT).unique()
        found, outcome = [], []
        for name, page, target in keys.iter_rows():
            column = detectors[name].coded.get("target", "target")
            found.append(identity(name, words.word("page", page) or "", words.word(column, target)))
            outcome.append(detectors[name].outcome)
        return keys.with_columns(
            id=pl.Series(found, dtype=pl.String), outcome=pl.Series(outcome, dtype=pl.Boolean)
        )


def ground(analysis: Analysis) -> Ground:
    """Work out the stages."""
    events, tables = analysis.ingested.events, analysis.tables
    asked = analysis.settings.stages
    kinds = roles([str(page) for page in events.words.by_column["page"].to_list()], events.pages.types)
    bounds = Bounds(asked.product_views, asked.second_visit_days)
    found = staged(tables.sessions, tables.views, tables.signs, kinds, promoters(analysis), bounds)
    return Ground(analysis, found, kinds)


def promoters(analysis: Analysis) -> pl.Series | None:
    """Sessions with an answer of 9 or 10 to the question of recommendation."""
    answers = answers_of(analysis)
    chosen = answers.filter(
        (pl.col("scale") == "nps") & (pl.col("score") >= 9), pl.col("session_id").is_not_null()
    )
    return chosen["session_id"].unique() if chosen.height else None


ANSWERS = {"session_id": pl.UInt32(), "scale": pl.String(), "score": pl.Float64()}


def answers_of(analysis: Analysis) -> pl.DataFrame:
    """Answers of surveys with a score: `session_id` where known, `scale` (`nps`, `csat`, `ces` …), `score`.

    Those of survey files, as they were given; without any such file those among the events: of kind `feedback`, with
    the scale in the name and the score as the value. Answers on other than the usual scale (an older CES) are left out.
    """
    heard, events = analysis.ingested.heard, analysis.ingested.events
    if heard.voices.feedback.height:
        said = heard.sessions("feedback", events, analysis.tables.sessions)
        usual = pl.col("scale").cast(pl.String).replace_strict(BEST, default=None, return_dtype=pl.Float64)
        said = said.filter(
            pl.col("score").is_not_null(), pl.col("best").is_null() | (pl.col("best") == usual)
        )
        return said.select(session_id="session", scale=pl.col("scale").cast(pl.String), score="score")
    told = analysis.tables.answers
    if not told.width:
        return pl.DataFrame(schema=ANSWERS)
    names = events.words.by_column["name"]
    scales = pl.Series([scale_of(str(name)) for name in names.to_list()], dtype=pl.String)
    found = told.select(
        "session_id", scale=scales.gather(told["name"]), score=pl.col("value").cast(pl.Float64)
    )
    return found.drop_nulls("scale")


BEST = {"nps": 10.0, "csat": 5.0, "ces": 7.0, "stars": 5.0, "reaction": 1.0}
"""The best answer of each scale."""


def scale_of(name: str) -> str | None:
    """The scale that the name of an answer says."""
    parts = set(re.split(r"[^a-z]+", name.lower()))
    return next((scale for scale in ("nps", "csat", "ces") if scale in parts), None)
