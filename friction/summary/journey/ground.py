"""What all lanes of the map stand on: the stage of every session and view, what pages are, which point is which."""

from __future__ import annotations

import re
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.detectors.base import Detector
from friction.journey.signs import roles
from friction.journey.stages import Bounds, Staged, staged_by
from friction.points import identity, numbered
from friction.summary.analysis import Analysis
from friction.values import dataclass

HITS = 1 << 20
"""Hits that are looked up together: of all of them the places of their views would take more than what is told."""


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
        tables, which = self.analysis.tables, pl.Series(self.point)
        session = pl.Series("session_id", [], dtype=pl.UInt32())
        if tables.height("hits"):
            session = tables.read("hits", "session_id")["session_id"]
        told = (self.keys["id"].gather(which), session, pl.Series("stage", self.struck))
        return pl.DataFrame([*told, self.keys["outcome"].gather(which)])

    @cached_property
    def struck(self) -> NDArray[np.uint8]:
        """The stage that had been reached, by row of the hits."""
        tables = self.analysis.tables
        if not tables.height("hits"):
            return np.zeros(0, np.uint8)
        last, number = tables.height("views") - 1, None
        if tables.rows("views", last, 1, "view").item() != last:  # machines have numbers, too
            number = tables.read("views", "view")["view"].to_numpy()
        reached = [np.zeros(0, np.uint8)]
        for some in tables.slices("hits", HITS, "view"):
            at = some["view"].to_numpy()
            at = at if number is None else np.searchsorted(number, at)
            reached.append(self.staged.view[at.clip(0, last)])
        return np.concatenate(reached)

    @cached_property
    def point(self) -> NDArray[np.uint32]:
        """The row of `keys`, by row of the hits."""
        return self._numbered[1]

    @cached_property
    def _numbered(self) -> tuple[pl.DataFrame, NDArray[np.uint32]]:
        return numbered(self.analysis.tables)

    @cached_property
    def named(self) -> pl.DataFrame:
        """`detector, page, target` of every point that was hit, in words, as the report has them."""
        words, detectors = self.analysis.ingested.events.words.by_column, self.analysis.detectors
        table = self._numbered[0].with_columns(pl.col("detector").cast(pl.String))
        target = pl.lit(None, pl.String)
        for name in sorted({_coded(one) for one in detectors.values()} & {*words}):
            mine = [key for key, one in detectors.items() if _coded(one) == name]
            # Numbers of the others' targets may lie beyond; they are not looked at.
            said = pl.lit(words[name].cast(pl.String).gather(table["target"], null_on_oob=True))
            target = pl.when(pl.col("detector").is_in(mine)).then(said).otherwise(target)
        page = pl.Series("page", self.pages, dtype=pl.String).gather(table["page"]).fill_null("")
        return table.select("detector", page, target=target)

    @cached_property
    def keys(self) -> pl.DataFrame:
        """The `id` of every point that was hit, and `outcome`: whether its detector finds outcomes."""
        words, detectors = self.analysis.ingested.events.words.by_column, self.analysis.detectors
        targets = {_coded(one) for one in detectors.values()}
        by_code = {name: words[name].to_list() for name in targets if name in words}
        found, outcome = [], []
        for name, page, target in self._numbered[0].iter_rows():
            column = _coded(detectors[name])
            said = None if target is None else str(by_code[column][target])
            found.append(identity(name, "" if page is None else self.pages[page], said))
            outcome.append(detectors[name].outcome)
        columns = (pl.Series("id", found, dtype=pl.String), pl.Series("outcome", outcome, dtype=pl.Boolean))
        return pl.DataFrame(columns)


def _coded(detector: Detector) -> str:
    """The dictionary that has the words of a detector's targets."""
    return detector.coded.get("target", "target")


def ground(analysis: Analysis) -> Ground:
    """Work out the stages."""
    events, tables = analysis.ingested.events, analysis.tables
    asked = analysis.settings.stages
    kinds = roles([str(page) for page in events.words.by_column["page"].to_list()], events.pages.types)
    bounds = Bounds(asked.product_views, asked.second_visit_days)
    stretches = tables.stretches("view", "session_id", "page", "converts")
    found = staged_by(tables.sessions, stretches, tables.signs, kinds, promoters(analysis), bounds)
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
