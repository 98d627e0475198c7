"""The whole analysis from shards: the report is that of one machine, to the byte, wherever the rows lay."""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from friction.config import Settings
from friction.dictionaries import Deferred, Words, dictionary
from friction.engines.arrived import Arrived
from friction.engines.costs import Away
from friction.engines.elsewhere import Elsewhere
from friction.engines.job import FRICTION, Job, Shards
from friction.engines.joined import Joined, joined
from friction.engines.known import Known, Told, known, together
from friction.engines.left import leaving, left
from friction.engines.survey import OF_ALL, surveyed
from friction.engines.work import Shard
from friction.errors import InputError
from friction.identity import People, stitched
from friction.ingest import Ingested, are_visitors
from friction.ingest.books import Books, nothing_usable
from friction.ingest.capabilities import FEW_ROWS, of_facts, of_page_types
from friction.ingest.disk.columns import fresh
from friction.ingest.events import Events
from friction.ingest.masked import session_names, visitor_names
from friction.ingest.voices import Heard
from friction.ingest.word_facts import name_facts
from friction.isolate import memory, workspace
from friction.privacy.columns import Policy
from friction.reduce import Tables
from friction.reduce.kept import Shelf
from friction.report import FileBooks, Reject, RejectCount, Report
from friction.scan.analysing import Asked, judged
from friction.scan.reading import Progress, goals_of, page_rules, policy, quiet
from friction.sources.base import REJECT


def analyze(shards: Shards, settings: Settings, job: Job, progress: Progress = quiet) -> Report:
    """The ranked report of these shards. Raises `InputError` when none of their rows can be used.

    Shards are gone through twice, and a third time for what happened around the best moments.
    """
    progress("reading", 0.0, 0)
    told = together(_some(shards.each(partial(surveyed, job=job)), job.name))
    if not told.height:
        raise nothing_usable(_books(told, job))
    progress("sorting", 0.0, told.height)
    mine = known(told, policy(settings), page_rules(settings), tuple(goals_of(settings)), job.want.on_rows)
    mine = _able(mine, told, job)
    ingested = _ingested(told, mine, shards, job, settings)
    away = Away(job)
    memory.give_back()
    with workspace() as place:
        reduce = partial(_reduced, shards, job, mine, progress, away, place)
        return judged(ingested, settings, job.chosen, reduce, progress, away=away)


def _some(told: Iterable[Told], name: str) -> list[Told]:
    found = list(told)
    if not found:
        raise no_rows(name)
    return found


def no_rows(name: str) -> InputError:
    """What is said of events of which there are none."""
    return nothing_usable(Books([FileBooks(name, FRICTION, "", 0, 0, 0)], [], [], 0, REJECT.to_frame(), []))


def _able(mine: Known, told: Told, job: Job) -> Known:
    """With what only all rows together can tell."""
    hand = mine.at_hand | (OF_ALL if told.height < FEW_ROWS else frozenset())
    hand |= of_facts(name_facts(mine.words, job.want))
    return replace(
        mine, capabilities=told.capabilities | of_page_types(mine.pages.types.values()), at_hand=hand
    )


def _ingested(told: Told, mine: Known, shards: Shards, job: Job, settings: Settings) -> Ingested:
    """What the driver knows before the tables come: everything but sessions and people."""
    people = People()
    if settings.identity.stitch:
        key = policy(settings).key if told.is_hashed else None
        people = stitched(told.links, settings.identity.apart, key)
    store = Elsewhere(shards, job, mine, told.columns, told.height, pl.Series(dtype=pl.String()))
    events = Events(
        store=store,
        want=job.want,
        words=Words(mine.words),
        pages=mine.pages,
        dictionaries=mine.dictionaries,
        flags={},
        told={},
        names=store.names,
        context=pl.DataFrame(),
        own=(),
        goals=mine.goals,
        has_views=mine.has_views,
        knows_scroll_ends=mine.knows_scroll_ends,
        tells_corners=mine.tells_corners,
        policy=policy(settings),
    )
    return Ingested(events, _books(told, job), mine.capabilities, mine.at_hand, heard=Heard(people=people))


def _books(told: Told, job: Job) -> Books:
    name = job.name
    facts: dict[str, Any] = {"repeated": told.repeated} if told.repeated else {}
    facts |= {"sampled": told.sampled} if told.sampled is not None else {}
    facts |= {"unreadable_cells": dict(told.unreadable)} if told.unreadable else {}
    file = FileBooks(name, job.source, "", told.total, told.accepted, sum(told.reasons.values()), facts)
    reasons = [
        RejectCount(reason, n) for reason, n in sorted(told.reasons.items(), key=lambda r: (-r[1], r[0]))
    ]
    rejects = [Reject(name, None, row["column"], row["reason"]) for row in told.rejects.iter_rows(named=True)]
    return Books(
        [file],
        rejects,
        reasons,
        told.outside,
        told.rejects,
        [],
        told.excluded,
        has_sessions=told.has_sessions,
    )


def _reduced(
    shards: Shards, job: Job, mine: Known, progress: Progress, away: Away, place: Path, asked: Asked
) -> tuple[Ingested, Tables]:
    """The tables of all shards, and the events with the sessions and people that came with them.

    What costs are worked out from stays with the workers; what grows with the rows otherwise lies in `place`.
    """
    found: list[Arrived] = []
    away.shards = shards.left(partial(leaving, job=job, known=mine))
    for number, each in enumerate(away.shards.in_turn(left)):
        shard: Shard = pickle.loads(each)
        asked.hear(shard.watched)
        found.append(Arrived.of(shard, place / f"shard-{number}"))
        progress("detecting", 0.0, 0)
    # Whichever came first: the same order, since no session is in two shards.
    found.sort(key=lambda one: one.name)
    shelf = partial(fresh, place)
    all_ = joined(found, shelf)
    away.hear(all_)
    return _with_sessions(asked.ingested, all_, shelf), all_.tables


def _with_sessions(ingested: Ingested, found: Joined, shelf: Shelf) -> Ingested:
    events, store = ingested.events, ingested.events.store
    assert isinstance(store, Elsewhere)
    rule: Policy = events.policy
    named = session_names(found.names, found.people.get("visitor_id"), rule)
    hidden = {name: partial(visitor_names, raw, rule) for name, raw in found.people.items()}
    people = {name: dictionary(raw) for name, raw in found.people.items()}
    events = replace(
        events,
        store=replace(store, names=found.names, shelf=shelf),
        words=Words(Deferred(dict(events.words.by_column), hidden)),
        dictionaries={**events.dictionaries, **people},
        names=named,
    )
    books = ingested.books
    has_sessions = books.has_sessions and not are_visitors(events)
    return replace(ingested, events=events, books=replace(books, has_sessions=has_sessions))
