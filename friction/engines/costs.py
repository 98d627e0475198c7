"""What friction costs where page views are with the workers: the driver holds counts, points and drawn views.

Views that are alike in page and state are counted in each shard; of the sums follow what a page is worth and who comes
back. Then each shard says which of its views a model compares, a million at most of all (`friction.impact.sample`).
So what the driver holds for the models does not grow with the events. The figures are those of one machine.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits

from friction.engines.added import Added
from friction.engines.compared import Compared
from friction.engines.counting import summed as summed_of
from friction.engines.drawing import Choice
from friction.engines.drawing import drawn as drawn_of
from friction.engines.drawing import visited as visited_of
from friction.engines.job import Handed, Job, Shards
from friction.engines.joined import Joined
from friction.impact import Estimate, Orders, Room, Sample
from friction.impact.estimator import together
from friction.impact.figures import figures
from friction.impact.sample import ROOM
from friction.impact.views import histories
from friction.order import Groups, Ints, changed, ordered
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
        question = replace(question, usual=usual)
        told = self.shards.hand(self._histories(tables.sessions))
        ask = partial(partial, job=self.job, question=question, told=told)
        with threadpool_limits(1), ThreadPoolExecutor(workers) as pool:
            added = Added.of(self.shards.each(ask(summed_of, apart=has_goal)))
            worth = added.worth(pool.map) if has_goal else None
            choice = added.choice(question.exposures)
            sample, weights = self._sample(ask, choice)
            handed = None if worth is None else self.shards.hand(added.by_shard(worth))
            of_drawn = ask(drawn_of, choice=choice, worth=handed, weights=weights)
            found = Compared.of(self.shards.each(of_drawn), choice)
            again = found.returning if worth is not None and added.comes_again(worth) else None
            following = found.following if has_goal else None
            answers = found.answers(pool.map, following, again, is_drawn=sample is not None)
            asked = added.counts.asked(dict(enumerate(found.on)))
            table = figures(
                found.views,
                question.exposures,
                asked,
                together(answers),
                found.returning,
                has_goal=has_goal,
                orders=orders,
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
        rows = pl.concat(visited.values())
        page, visitor, fewest, load = (rows[name].to_numpy() for name in rows.columns)
        order = ordered(page, visitor)
        groups = Groups(order, np.flatnonzero(changed(page[order], visitor[order])))
        fewest = groups.over(np.minimum, fewest).astype(np.float64)
        sample = Sample.among(fewest, groups.over(np.add, load.astype(np.int64)), every, self.room)
        weights = np.empty(rows.height)
        weights[order] = np.repeat(sample.weights(fewest, visitor[groups.firsts]), groups.sizes)
        ends = np.cumsum([each.height for each in visited.values()])
        told = zip(visited, np.split(weights, ends[:-1]), strict=True)
        return sample, self.shards.hand({shard: pickle.dumps(mine) for shard, mine in told})
