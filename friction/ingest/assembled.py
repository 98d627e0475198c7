"""From rows that are read to events: dictionaries, page templates, facts of elements, the order of sessions."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import polars as pl

from friction.dictionaries import Deferred, Dictionary, Words
from friction.goals import Goal
from friction.ingest.columns import WORDS, Wanted
from friction.ingest.context import FIRST
from friction.ingest.events import Events
from friction.ingest.gather import Pools
from friction.ingest.masked import IDENTITIES, masked_dictionary, session_names, visitor_names
from friction.ingest.survey import READ, Survey
from friction.ingest.templates import NOWHERE, campaigns, mined
from friction.ingest.way import MEMORY, Way
from friction.ingest.word_facts import element_facts, element_flags, name_facts
from friction.ingest.words import pool_words
from friction.pages import PageRules, Pages
from friction.privacy.columns import ORDINARY, Policy
from friction.threads import brisk


def assemble(
    rows: Any,
    want: Wanted,
    pools: Pools,
    rules: PageRules,
    goals: tuple[Goal, ...],
    part_rows: int | None = None,
    policy: Policy = ORDINARY,
    way: Way = MEMORY,
) -> Events:
    """Work out dictionaries, page templates, element facts and the order of sessions, over all rows of a `way`."""
    survey, pieces = Survey(), way.pieces(rows)
    coded = [name for name in want.coded if name in rows.columns and name in WORDS]
    raw = pool_words(pools.pools["url"]) if "url" in pools.pools else None

    def of_addresses() -> tuple[Pages, dict[str, Dictionary]]:
        for piece in pieces(["url"]) if "url" in rows.columns else ():
            survey.visit(piece)
        return mined(survey.addresses, raw, rules, pools.addresses)

    with ThreadPoolExecutor(1) as beside, brisk():
        # Mining takes longest and runs in Python alone, so all else goes on beside it; facts of elements follow it.
        pending = beside.submit(of_addresses)
        flags_begun = beside.submit(element_flags, rows, pools, want)
        facts_begun = beside.submit(element_facts, rows, pools, want)
        _taken(survey, pieces([name for name in READ if name in rows.columns and name != "url"]))
        ids, rows = pool_words(pools.pools["session_id"]), way.wordless(rows, "session_id")
        dictionaries = {}
        for name in (name for name in coded if name not in {"url", "session_id"}):
            known = pool_words(pools.pools[name])
            rows = way.wordless(rows, name) if name in IDENTITIES else rows
            dictionaries[name] = masked_dictionary(name, known, policy)
            del known
        ranks, opened, names = session_order(survey.first(), ids)
        store, about = way.placed(rows, ranks, opened, dictionaries, part_rows)
        visitors = dictionaries["visitor_id"].words if "visitor_id" in dictionaries else None
        names = session_names(names, visitors, policy)
        pages, addresses = pending.result()
        flags, told = flags_begun.result(), facts_begun.result()
        if "tags" in want.on_rows and raw is not None:
            addresses["tags"] = campaigns(raw)
    by_visitor = visitors is not None and ids.len() == visitors.len() and ids.sort().equals(visitors)
    dictionaries = {
        name: (addresses if name == "url" else dictionaries)[name] for name in coded if name != "session_id"
    } | addresses
    words = {name: found.words for name, found in dictionaries.items()}
    people = {name: words.pop(name) for name in ("visitor_id", "user_id") if name in words}
    told |= name_facts(words, want)
    words.setdefault("page", pl.Series("page", [NOWHERE]))
    return Events(
        store=store,
        want=want,
        words=Words(
            Deferred(words, {name: partial(visitor_names, raw, policy) for name, raw in people.items()})
        ),
        pages=pages,
        dictionaries=dictionaries,
        flags=flags,
        told=told,
        names=names,
        context=about,
        own=tuple(name for name in FIRST[1:] if by_visitor and name in rows.columns),
        goals=goals,
        has_views=survey.has_views,
        tells_corners=survey.tells_corners,
        knows_scroll_ends=survey.knows_scroll_ends,
        policy=policy,
    )


def _taken(survey: Survey, pieces: Iterable[pl.DataFrame]) -> None:
    """All pieces; the last one goes as well, which would hold the pool of all sessions."""
    for piece in pieces:
        survey.take(piece)


def session_order(first: pl.DataFrame, ids: pl.Series) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Pool number → key; time of the first event and name by key. Keys count sessions by first event, then name.

    `first` has `session_id, ts` (`Survey.first`), `ids` are the words of the pool.
    """
    found = _by_time(first, ids)
    ranks = pl.repeat(None, ids.len(), dtype=pl.UInt32, eager=True)
    ranks = ranks.scatter(found["session_id"], pl.int_range(found.height, dtype=pl.UInt32, eager=True))
    return ranks, found["ts"], ids.gather(found["session_id"])


def _by_time(first: pl.DataFrame, ids: pl.Series) -> pl.DataFrame:
    """The sessions by time, then by name: few begin at the same instant, so the names of all need not be sorted."""
    found = first.sort("ts")
    as_before = pl.col("ts") == pl.col("ts").shift()
    tied = found.select((as_before | as_before.shift(-1)).fill_null(value=False)).to_series().arg_true()
    again = found[tied].with_columns(name=ids.gather(found["session_id"][tied])).sort("ts", "name")
    numbers = found["session_id"].scatter(tied, again["session_id"])
    return found.with_columns(numbers.alias("session_id"))
