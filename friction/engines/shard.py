"""One shard of whole sessions: read like a file that is the only one, with what the others know of its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import polars as pl

from friction.dictionaries import Deferred, Dictionary, Words
from friction.engines.job import FORM, FRICTION, GENERIC, Job
from friction.engines.known import HERE, Known
from friction.ingest.assembled import session_order
from friction.ingest.columns import Wanted
from friction.ingest.context import FIRST
from friction.ingest.events import Events
from friction.ingest.gather import Gathered, Pools
from friction.ingest.masked import masked_dictionary, visitor_names
from friction.ingest.store import Slice
from friction.ingest.survey import READ, Survey
from friction.ingest.word_facts import element_facts, element_flags, name_facts
from friction.ingest.words import pool_words
from friction.part import Part
from friction.report import Excluded
from friction.sources.base import InputFile, Source
from friction.sources.canonical import Canonical
from friction.sources.generic import Generic
from friction.values import dataclass

PEOPLE = ("visitor_id", "user_id")
READERS: Mapping[str, type[Source]] = {FRICTION: Canonical, GENERIC: Generic}


@dataclass(frozen=True)
class Read:
    """The rows of a shard that count."""

    rows: pl.DataFrame
    pools: Pools
    gathered: Gathered
    repeated: int
    sampled: float | None
    """The share of sessions that a tool says it kept, if it says so."""
    excluded: list[Excluded]

    def words(self, column: str) -> pl.Series:
        """All words of a coded column, by their numbers here."""
        return pool_words(self.pools.pools[column])


def read(path: Path, job: Job, want: Wanted | None = None) -> Read:
    """The rows of a shard, with all that the job wants of them or `want` alone."""
    want = want or job.want
    request, pools = job.request(path, want), Pools()
    way = request.way
    reading = READERS[job.source]().read(InputFile(path, job.name, FORM), request.options)
    gathered = way.gather(reading, want, pools, request.since, request.until, request.exclusion, is_only=True)
    rows, repeats = way.once(way.together([gathered.rows]))
    rows, excluded = way.without(rows, request.exclusion)
    return Read(rows, pools, gathered, sum(repeats.values()), reading.facts.get("sampled"), excluded)


@dataclass(frozen=True)
class Held:
    """The events of a shard as detectors see them, and who its sessions are."""

    events: Events
    """Words and codes are those of all shards, but for `HERE`: sessions and people are numbered in the shard."""
    opened: pl.Series
    """First event of each session, by key."""
    people: dict[str, pl.Series]
    """The words of `visitor_id` and `user_id`, by code."""
    has_rows: bool
    """Rows bear the number that they had in a file."""

    def part(self, where: Slice) -> Part:
        """A part whose rows are numbered: as they are, else by their place in the session, since they have no other
        that would be the same tomorrow.
        """
        part = self.events.part(where)
        if self.has_rows:
            return part
        key = pl.col("key")
        first = pl.when(key.ne_missing(key.shift())).then("row").forward_fill()
        return replace(part, rows=part.rows.with_columns(row_no=pl.col("row") - first + 1))


def held(found: Read, known: Known, job: Job) -> Held:
    """What `friction.ingest.assembled` makes of all rows, for those of one shard."""
    rows, want, request = found.rows.drop("email_hash", strict=False), job.want, job.request(Path(), job.want)
    policy, part_rows = request.policy, request.part_rows
    survey = Survey()
    survey.take(rows.select(name for name in READ if name in rows.columns))
    here = {
        name: masked_dictionary(name, found.words(name), policy)
        for name in want.coded
        if name in HERE - {"session_id"} and name in rows.columns
    }
    ranks, opened, names = session_order(survey.first(), found.words("session_id"))
    people = {name: each.words for name, each in here.items() if name in PEOPLE}
    everywhere = {name: _here(known.codes[name], found.words(name)) for name in known.codes}
    made = {
        name: Dictionary(each.words, each.ranks.gather(everywhere[known.source(name)]))
        for name, each in known.dictionaries.items()
    }
    made |= here
    # In the order of `assemble`, since rows alike in time are put in order by their columns.
    dictionaries = {name: made[name] for name in want.coded if name in made} | made
    store, about = request.way.placed(rows, ranks, opened, dictionaries, part_rows)
    words = dict(known.words)
    told = element_facts(rows, found.pools, want) | name_facts(words, want)
    events = Events(
        store=store,
        want=want,
        words=Words(
            Deferred(words, {name: partial(visitor_names, raw, policy) for name, raw in people.items()})
        ),
        pages=known.pages,
        dictionaries=dictionaries,
        flags=element_flags(rows, found.pools, want),
        told=told,
        names=names,
        context=about,
        own=tuple(name for name in FIRST[1:] if known.are_visitors and name in rows.columns),
        goals=known.goals,
        has_views=known.has_views,
        knows_scroll_ends=known.knows_scroll_ends,
        tells_corners=known.tells_corners,
        policy=policy,
    )
    return Held(events, opened, people, job.has_rows)


def _here(everywhere: pl.Series, words: pl.Series) -> pl.Series:
    """Number among the words of all shards, by number in the pool of this one."""
    numbers = pl.DataFrame({"word": everywhere}).with_row_index("number")
    found = pl.DataFrame({"word": words}).join(numbers, on="word", how="left", maintain_order="left")
    return found["number"]
