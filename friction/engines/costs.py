"""What friction costs where page views are with the workers: the driver holds counts, points and drawn views.

Views that are alike in page and state are counted in each shard; of the sums follow what a page is worth and who comes
back. Then each shard says which of its views a model compares, a million at most of all (`friction.impact.sample`).
So what the driver holds for the models does not grow with the events. The figures are those of one machine.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits

from friction.engines.counting import COUNTS, HISTORY, OPENING, Choice, Drawn, Summed
from friction.engines.counting import drawn as drawn_of
from friction.engines.counting import summed as summed_of
from friction.engines.counting import visited as visited_of
from friction.engines.job import Handed, Job, Shards
from friction.engines.joined import Joined
from friction.impact import Estimate, Exposures, Held, Orders, Room, Sample, values
from friction.impact.asked import Counts, chosen_of, enough
from friction.impact.covariates import STATE, states
from friction.impact.estimator import together
from friction.impact.figures import figures
from friction.impact.pages import Exposed, OnPage, exposed
from friction.impact.sample import ROOM
from friction.impact.values import OWN_MODEL, Cells, OfCells, Page, Returning
from friction.impact.views import Views, histories
from friction.order import Ints, ordered
from friction.points import POINT
from friction.reduce import Tables
from friction.summary.costs import Question

Ask = Callable[..., Callable[[Path], Any]]
"""A question to every shard, with what it needs to know."""


@dataclass
class Away:
    """Page views that stayed with the workers (`friction.summary.costs.Away`)."""

    job: Job
    room: Room = ROOM
    shards: Shards | None = None
    sessions: Mapping[str, pl.Series] = field(default_factory=dict)
    """By shard the number of each of its sessions among all."""
    lengths: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    """By session, its page views up to the conversion."""
    struck: pl.DataFrame = field(default_factory=pl.DataFrame)
    """`detector, page, target` of all that struck."""

    def hear(self, all_: Joined) -> None:
        """How the shards were put together."""
        self.sessions, self.lengths = all_.sessions, all_.lengths
        self.struck = all_.tables.sums.select(POINT) if all_.tables.sums.width else self.struck

    def estimate(
        self, question: Question, tables: Tables, *, has_goal: bool, workers: int, orders: Orders | None
    ) -> Estimate:
        """As `friction.impact.estimate`."""
        assert self.shards is not None, "asked before the shards were reduced"
        usual = self.struck.join(tables.sums, on=list(POINT), how="anti", nulls_equal=True)
        exposures, question = question.exposures, replace(question, usual=usual)
        told = self.shards.hand(self._histories(tables.sessions))
        ask = partial(partial, job=self.job, question=question, told=told)
        with threadpool_limits(1), ThreadPoolExecutor(workers) as pool:
            summed = sorted(self.shards.each(ask(summed_of)), key=lambda one: one.shard)
            every = Every.of(summed)
            worth = every.worth(pool) if has_goal else None
            counts = _counts(summed, every)
            choice, numbers = _choice(exposures, counts, summed, every)
            sample, weights = self._sample(ask, choice)
            handed = self.shards.hand(every.by_shard(summed, worth)) if worth is not None else None
            of_drawn = ask(drawn_of, choice=choice, worth=handed, weights=weights)
            found = Compared.of(list(self.shards.each(of_drawn)), choice)
            again = found.returning if worth is not None and every.comes_again(worth) else None
            held = Held.of(found.views)
            following = found.following if has_goal else None

            def work(at: int) -> list[Exposed]:
                weight = None if sample is None else found.weight[found.pages[at].rows]
                return exposed(found.views, held, found.pages[at], found.on[at], following, again, weight)

            answers = [each for some in pool.map(work, range(len(found.pages))) for each in some]
            asked = counts.asked(dict(zip(numbers, found.on, strict=True)))
            pooled = together(answers)
            table = figures(
                found.views, exposures, asked, pooled, found.returning, has_goal=has_goal, orders=orders
            )
        return Estimate(table, sample)

    def _histories(self, sessions: pl.DataFrame) -> dict[str, bytes]:
        """By shard what is known of its sessions."""
        known = histories(sessions, self.lengths)
        found = {}
        for shard, numbers in self.sessions.items():
            at = numbers.to_numpy()
            found[shard] = pickle.dumps({"number": at, **{name: each[at] for name, each in known.items()}})
        return found

    def _sample(self, ask: Ask, choice: Choice) -> tuple[Sample | None, Handed | None]:
        """How views are drawn, and by shard the weights of its visitors; null: everybody is looked at."""
        assert self.shards is not None
        every = sum(choice.sizes)
        if every <= self.room.views:
            return None, None
        visited = dict(self.shards.each(ask(visited_of, choice=choice)))
        all_ = pl.concat(visited.values()).group_by("page", "visitor")
        people = all_.agg(pl.col("fewest").min(), pl.col("load").sum()).sort("page", "visitor")
        fewest = people["fewest"].to_numpy()
        sample = Sample.among(fewest, people["load"].to_numpy(), every, self.room)
        weight = pl.Series("weight", sample.weights(fewest, people["visitor"].to_numpy()))
        known = people.select("page", "visitor", weight)
        told = {
            shard: mine.join(known, on=["page", "visitor"], how="left", maintain_order="left")["weight"]
            for shard, mine in visited.items()
        }
        return sample, self.shards.hand(
            {shard: pickle.dumps(each.to_numpy()) for shard, each in told.items()}
        )


@dataclass(frozen=True)
class Every:
    """The cells of all shards together."""

    codes: Ints
    """Pages that were seen."""
    views: Ints
    """Of each."""
    number: Ints
    """The place of each among the pages of `friction.impact.values`."""
    keys: pl.DataFrame
    """`number` and state of each cell, in order."""
    cells: Cells

    @classmethod
    def of(cls, summed: Sequence[Summed]) -> Every:
        cells = pl.concat(one.cells for one in summed)
        pages = cells.group_by("page").agg(pl.col(COUNTS[0]).sum()).sort("page")
        views = pages[COUNTS[0]].to_numpy()
        number = values.numbered(views)
        codes = pages["page"].to_numpy()
        every = (
            _placed(cells, codes, number)
            .group_by("number", *STATE)
            .agg(pl.col(COUNTS).sum())
            .sort("number", *STATE)
        )
        known = every.select(STATE).unique().sort(STATE).with_row_index("state")
        state = every.join(known, on=STATE, how="left", maintain_order="left")["state"].to_numpy()
        found = Cells(
            states([known[name].to_numpy() for name in STATE]),
            state.astype(np.int64),
            np.searchsorted(every["number"].to_numpy(), np.arange(int(number.max(initial=-1)) + 2)),
            np.ascontiguousarray(every.select(COUNTS).to_numpy().T),
        )
        return cls(codes, views, number, every.select("number", *STATE).with_row_index("cell"), found)

    def worth(self, pool: ThreadPoolExecutor) -> np.ndarray:
        """By kind (value, return after an exit, return otherwise) and cell."""
        return np.stack([values.worth(self.cells, pool.map), *values.returns(self.cells)])

    def by_shard(self, summed: Sequence[Summed], worth: np.ndarray) -> dict[str, bytes]:
        """The same by the cells of each shard."""
        found = {}
        for one in summed:
            mine = _placed(one.cells, self.codes, self.number).join(
                self.keys, on=["number", *STATE], how="left", maintain_order="left"
            )
            found[one.shard] = pickle.dumps(worth[:, mine["cell"].to_numpy()])
        return found

    def comes_again(self, worth: np.ndarray) -> bool:
        """Whether any view has a chance that a later session converts."""
        views, _, left, *_ = self.cells.counts
        return bool(worth[1][left > 0].any() or worth[2][views > left].any())


def _placed(cells: pl.DataFrame, codes: Ints, number: Ints) -> pl.DataFrame:
    """Cells with the `number` of their page."""
    return cells.with_columns(number=number[np.searchsorted(codes, cells["page"].to_numpy())])


def _counts(summed: Sequence[Summed], every: Every) -> Counts:
    points = len(summed[0].sessions)
    met = pl.concat(one.met for one in summed)
    own = every.views[np.searchsorted(every.codes, met["page"].to_numpy())] >= OWN_MODEL
    point, views = met["point"].to_numpy(), met["views"].to_numpy()
    exits, modelled = met["exits"].to_numpy(), views * own
    views, exits, modelled = (_by_point(point, each, points) for each in (views, exits, modelled))
    return Counts(views, exits, modelled, np.sum([one.sessions for one in summed], axis=0))


def _by_point(point: Ints, counts: Ints, points: int) -> Ints:
    """Σ of whole numbers: exact in floats."""
    return np.bincount(point, counts, points).astype(np.int64)


def _choice(
    exposures: Exposures, counts: Counts, summed: Sequence[Summed], every: Every
) -> tuple[Choice, list[int]]:
    """What is asked of pages with models of their own, and the number of each of these."""
    met = pl.concat(one.met for one in summed).select("page", "point").unique().sort("page", "point")
    own = np.flatnonzero(every.views >= OWN_MODEL)
    page, point = met["page"].to_numpy(), met["point"].to_numpy()
    here = {
        int(at): point[slice(*np.searchsorted(page, [every.codes[at], every.codes[at] + 1]))] for at in own
    }
    chosen = {at: each for at, each in chosen_of(exposures, counts, here).items() if any(map(len, each))}
    codes, sizes = ([int(of[at]) for at in chosen] for of in (every.codes, every.views))
    return Choice(codes, [*chosen.values()], sizes, counts.sessions), [int(every.number[at]) for at in chosen]


@dataclass(frozen=True)
class Compared:
    """The drawn views of all shards, as if there were no others."""

    views: Views
    pages: list[Page]
    on: list[OnPage]
    following: np.ndarray
    returning: Returning
    weight: np.ndarray

    @classmethod
    def of(cls, shards: Sequence[Drawn], choice: Choice) -> Compared:
        shards = [one for one in shards if one.rows.height]
        firsts = np.cumsum([0, *(one.rows.height for one in shards)])
        rows = pl.concat([one.rows for one in shards], how="diagonal").with_row_index("row")
        rows = rows.with_columns(pl.selectors.starts_with(HISTORY).fill_null(0)).sort("session", "place")
        views, page = _views(rows), rows["page"].to_numpy()
        order = ordered(page, views.visitor)
        edges = np.cumsum([0, *np.bincount(page, minlength=len(choice.codes))])
        # By row as it came: where it is among the rows of its page.
        place = np.empty(len(order), np.int64)
        place[rows["row"].to_numpy()[order]] = np.arange(len(order)) - edges[page[order]]
        met, used = (
            _moved([getattr(one, name) for one in shards], firsts, place) for name in ("met", "used")
        )
        clean = pl.concat(one.clean for one in shards).group_by("page", "element").agg(pl.col("n").sum())
        pages, on = [], []
        for at, (code, (joint, beside)) in enumerate(zip(choice.codes, choice.points, strict=True)):
            pages.append(Page(code, order[edges[at] : edges[at + 1]].astype(np.uint32), own=True))
            points = np.concatenate([joint, beside]).tolist()
            n = clean.filter(page=at).sort("element")["n"].to_numpy()
            elements = OnPage(
                [used.get((at, each), _NONE) for each in range(len(n))],
                [met.get((at, each), _NONE) for each in points],
                points,
                len(joint),
            )
            on.append(enough(elements, n))
        known = {name: rows[name].to_numpy() for name in ("following", "after_exit", "otherwise", "weight")}
        own = np.arange(rows.height, dtype=np.int32)
        returning = Returning(views, *(OfCells(known[name], own) for name in ("after_exit", "otherwise")))
        return cls(views, pages, on, known["following"], returning, known["weight"])


_NONE = np.empty(0, np.int64)


def _moved(
    frames: Sequence[pl.DataFrame], firsts: np.ndarray, place: np.ndarray
) -> dict[tuple[int, int], np.ndarray]:
    """By page and point, or element: the rows of all shards, rising, by their places among those of the page."""
    page, which, row = (
        np.concatenate([frame[frame.columns[at]].to_numpy() for frame in frames]) for at in range(3)
    )
    row = place[row + np.repeat(firsts[:-1], [frame.height for frame in frames])]
    order = ordered(page, which, row)
    page, which, row = page[order], which[order], row[order]
    begins = np.flatnonzero((np.diff(page, prepend=-1) != 0) | (np.diff(which, prepend=-1) != 0))
    return {
        (int(page[start]), int(which[start])): row[start:end]
        for start, end in zip(begins, [*begins[1:], len(row)], strict=True)
    }


def _views(rows: pl.DataFrame) -> Views:
    """As `friction.impact.prepare` makes them."""
    opening = {name.removeprefix(OPENING): rows[name].to_numpy() for name in rows.columns if OPENING in name}
    kinds = sorted(
        (each for each in rows.columns if HISTORY in each), key=lambda each: int(each[len(HISTORY) :])
    )
    history = [rows[name].to_numpy() for name in kinds]
    return Views(
        number=np.arange(rows.height, dtype=np.uint32),
        session=rows["session"].to_numpy(),
        page=np.zeros(rows.height, np.uint32),
        **{name: rows[name].to_numpy() for name in ("visitor", "exit", "converts", "wins", "returns")},
        opening=opening,
        history=np.stack(history, axis=1) if history else np.zeros((rows.height, 0), np.uint8),
    )
