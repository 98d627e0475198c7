"""All rows of one analysis, and the parts they are worked on in.

Rows stay as they were read, narrow and unsorted; only their order is worked out for all at once. A part is a slice of
whole sessions, some 100,000 rows (`PART_ROWS`): it is gathered, decoded into canonical codes, sorted, cut and numbered
when its turn comes, so the costly forms exist for as many parts as there are threads (about 75 B a row stay, 300 B a
row of such a part).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction import sessions
from friction.dictionaries import Deferred, Dictionary, Words, regrouped
from friction.elements import facts
from friction.elements.chain import chain_facts
from friction.goals import Goal
from friction.ingest.addresses import Masked
from friction.ingest.columns import WORDS, Wanted
from friction.ingest.context import ANY, FIRST
from friction.ingest.gather import Pools, element_frame
from friction.ingest.goals import conditions, matches, needs_names
from friction.ingest.masked import masked_dictionary, session_names, visitor_names
from friction.ingest.store import Slice, Store
from friction.ingest.survey import READ, Survey
from friction.ingest.way import MEMORY, Way
from friction.ingest.words import pool_words
from friction.journey.origins import campaign_tags
from friction.pages import PageRules, Pages, mine
from friction.part import Part
from friction.privacy.addresses import mask_query
from friction.privacy.columns import ORDINARY, Policy
from friction.reduce.glance import Glance
from friction.schema import PAGE_TYPE
from friction.threads import brisk
from friction.values import dataclass

NOWHERE = "(no page)"
"""The page of rows in a session that never names one."""
NOISE = r"^Script error\.?$|ResizeObserver loop|^chrome-extension:|^moz-extension:"
"""Messages that say nothing about the page: cross-origin errors without text, a harmless browser note, extensions."""


@dataclass(frozen=True)
class Events:
    """Every usable row of an analysis with the dictionaries of its codes."""

    store: Store
    """The rows."""
    want: Wanted
    words: Words
    pages: Pages
    dictionaries: dict[str, Dictionary]
    flags: dict[str, pl.Series]
    told: dict[str, dict[str, pl.Series]]
    """Facts that detectors ask for besides: column → coded column they are read off → fact by its number there."""
    names: pl.Series
    """Name of each session, by key: a number in the order of the sessions' first events, then of their names."""
    context: pl.DataFrame
    own: tuple[str, ...]
    """Columns of the context that each session must say itself: where no session is named, a key is a visitor, and
    what is true of the first visit need not be true of the next."""
    goals: tuple[Goal, ...]
    has_views: bool
    knows_scroll_ends: bool
    tells_corners: bool
    """Whether a click at (0, 0) says anything: not where most of them stand there for want of a position."""
    policy: Policy = ORDINARY
    """How the words were masked, and what is written besides them has to be."""

    @property
    def height(self) -> int:
        """How many rows there are."""
        return self.store.height

    @property
    def slices(self) -> Sequence[Slice]:
        """Where the parts lie."""
        return self.store.slices

    def part(self, where: Slice, glance: Glance | None = None) -> Part:
        """The rows of one slice, in canonical codes, sorted, cut and numbered from 0; of those sessions alone that are
        worth more than a `glance`.
        """
        chosen = None if glance is None else self._worth(where, glance)
        rows = self._prepared(*self.store.part(where, self._travelling(), chosen))
        return Part(rows, self.context.slice(where.first, where.last - where.first + 1), self.own)

    def parts(self) -> Iterator[Part]:
        """All parts, one after the other."""
        yield from map(self.part, self.slices)

    def _worth(self, where: Slice, glance: Glance) -> NDArray[np.bool_]:
        """Whether each key of the slice is worth more than a glance."""
        rows, key = self.store.part(where, ["ts", "kind"])
        keys = glance(sessions.in_time(rows.with_columns(key=key)).rename({"key": "session_id"}))
        worth = np.zeros(where.last - where.first + 1, np.bool_)
        worth[keys.to_numpy() - np.uint32(where.first)] = True
        return worth

    def _travelling(self) -> list[str]:
        """Columns of `rows` that parts need; names of events only where a goal asks for one that occurs."""
        left_out = {"session_id", *FIRST, *ANY, *self.want.beside} - {*self.want.on_rows, *self.own}
        if not needs_names(self.goals, self.words) and "name" not in self.want.on_rows:
            left_out.add("name")
        return [name for name in self.store.columns if name not in left_out]

    def _prepared(self, raw: pl.DataFrame, key: pl.Series) -> pl.DataFrame:
        rows = sessions.ordered(self._coded(raw, key))
        rows = sessions.cut(rows)
        rows = sessions.with_pages(rows, self.words.by_column["page"].len() - 1)
        rows = sessions.with_views(rows, by_kind=self.has_views)
        rows = rows.with_columns(goals=matches(self.goals, rows, self.words))
        for column, asked in self.want.of_row.items():
            rows = rows.with_columns(conditions(asked, rows, self.words).alias(column))
        # A shift leaves a column in pieces, and each later filter would cut all columns into as many.
        return rows.with_row_index("row").rechunk()

    def _coded(self, raw: pl.DataFrame, key: pl.Series) -> pl.DataFrame:
        """Words as canonical codes, element facts as bits."""
        columns = {"key": key, "ts": raw["ts"], "kind": raw["kind"]}
        for name, words in self.dictionaries.items():
            source = "url" if name in {"page", "tags"} else name
            if source in raw.columns:
                columns[name] = words.code(raw[source])
        for name in ("seq", *self.want.plain, "file_id", "row_no"):
            if name in raw.columns:
                columns[name] = raw[name]
        columns.setdefault("page", pl.repeat(None, raw.height, dtype=pl.UInt32, eager=True))
        if self.flags:
            found = [known.gather(raw[name].to_physical()) for name, known in self.flags.items()]
            columns["el_flags"] = pl.select(pl.coalesce(found)).to_series()
        for column, by_pool in self.told.items():
            columns[column] = pl.select(pl.coalesce(_facts_of_rows(raw, columns, by_pool))).to_series()
        if "scroll_ends" in self.want.on_rows:
            columns["scroll_ends"] = pl.repeat(self.knows_scroll_ends, raw.height, eager=True)
        if "at_corner" in self.want.on_rows and self.tells_corners:
            columns["at_corner"] = (
                pl.DataFrame(columns).select((pl.col("x") == 0) & (pl.col("y") == 0)).to_series()
            )
        if "page_type" in self.want.on_rows:
            columns["page_type"] = self._page_types().gather(columns["page"])
        if "error" in columns:
            columns["error_noise"] = (
                self.words.by_column["error"].str.contains(NOISE).gather(columns["error"])
            )
        return pl.DataFrame(columns)

    def _page_types(self) -> pl.Series:
        """What each page is by its words, by its code."""
        known = [self.pages.types.get(page) for page in self.words.by_column["page"].to_list()]
        return pl.Series(known, dtype=PAGE_TYPE)


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
        for piece in pieces([name for name in READ if name in rows.columns and name != "url"]):
            survey.take(piece)
        dictionaries = {
            name: masked_dictionary(name, pool_words(pools.pools[name]), policy)
            for name in coded
            if name != "url"
        }
        session = dictionaries.pop("session_id")
        ranks, opened, names = session_order(survey.first(), session)
        store, about = way.placed(rows, ranks, opened, dictionaries, part_rows)
        visitors = dictionaries["visitor_id"].words if "visitor_id" in dictionaries else None
        names = session_names(names, visitors, policy)
        pages, addresses = pending.result()
        flags, told = flags_begun.result(), facts_begun.result()
        if "tags" in want.on_rows and raw is not None:
            addresses["tags"] = campaigns(raw)
    by_visitor = visitors is not None and session.words.equals(visitors)
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


def session_order(first: pl.DataFrame, session: Dictionary) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Pool number → key; time of the first event and name by key. Keys count sessions by first event, then name."""
    found = first.select("ts", pool="session_id", code=session.ranks.gather(first["session_id"]))
    found = found.sort("ts", "code")
    ranks = pl.repeat(None, session.ranks.len(), dtype=pl.UInt32, eager=True)
    ranks = ranks.scatter(found["pool"], pl.int_range(found.height, dtype=pl.UInt32, eager=True))
    return ranks, found["ts"], session.words.gather(found["code"])


def mined(
    seen: NDArray[np.int64], raw: pl.Series | None, rules: PageRules, masked: Masked | None = None
) -> tuple[Pages, dict[str, Dictionary]]:
    """Mask the distinct addresses and mine their templates; the dictionaries of `url` and `page`.

    `raw` are the addresses as they stand, `seen` rows by their number there; null where no row has any. `masked` are
    those that were begun with before.
    """
    if raw is None:
        return Pages(main_host=None, templates=[], types={}), {}
    urls = regrouped((masked or Masked()).of(raw))
    counts = _per_word(seen, urls)
    used = pl.Series(np.flatnonzero(counts).astype(np.uint32))
    pages = mine(urls.words.gather(used).to_list(), counts[counts > 0].tolist(), rules)
    template = pl.repeat(None, urls.words.len(), dtype=pl.String, eager=True)
    template = template.scatter(used, pl.Series(pages.templates, dtype=pl.String))
    page = regrouped(template.gather(urls.ranks))
    with_none = pl.concat([page.words, pl.Series("word", [NOWHERE])])
    return pages, {"url": urls, "page": Dictionary(with_none, page.ranks)}


def campaigns(addresses: pl.Series) -> Dictionary:
    """What the queries of addresses say of campaigns, by their number."""
    queries = addresses.str.extract(r"\?([^#]*(?:utm_|clid|gclsrc|gbraid|wbraid|li_fat_id|epik)[^#]*)")
    known = queries.unique().drop_nulls().sort()
    told = pl.Series([campaign_tags(mask_query(query)) for query in known], dtype=pl.String())
    found = pl.DataFrame({"query": queries}).join(
        pl.DataFrame({"query": known, "told": told}), on="query", how="left", maintain_order="left"
    )
    return regrouped(found["told"])


def _per_word(seen: NDArray[np.int64], words: Dictionary) -> NDArray[np.int64]:
    """Rows by word, from those by number in the pool, of which there are as many or more."""
    in_pool = np.pad(seen, (0, words.ranks.len() - len(seen)))
    total = np.zeros(words.words.len(), np.int64)
    known = words.ranks.is_not_null().to_numpy()
    np.add.at(total, words.ranks.drop_nulls().to_numpy(), in_pool[known])
    return total


def element_flags(rows: Any, pools: Pools, want: Wanted) -> dict[str, pl.Series]:
    """`el_flags` by pool number of the element; of the target, for rows that say nothing else about it.

    Nothing where nobody asks for them.
    """
    flags: dict[str, pl.Series] = {}
    if not want.elements or "el_flags" not in want.on_rows:
        return flags
    if "element" in rows.columns:
        flags["element"] = facts(element_frame(pool_words(pools.pools["element"]), want.element))
    if "target" in rows.columns:
        flags["target"] = facts(pl.DataFrame({"target": pool_words(pools.pools["target"])}))
    return flags


def element_facts(rows: Any, pools: Pools, want: Wanted) -> dict[str, dict[str, pl.Series]]:
    """Facts of elements by column and pool; of the target, for rows that say nothing else."""
    told: dict[str, dict[str, pl.Series]] = {column: {} for column in want.of_element}
    for pool in ("element", "target"):
        if want.of_element and pool in rows.columns:
            words = pool_words(pools.pools[pool])
            frame = element_frame(words, want.element) if pool == "element" else pl.DataFrame({pool: words})
            for column, facts_of_words in chain_facts(frame, want.of_element).items():
                told[column][pool] = facts_of_words
    return {column: by_pool for column, by_pool in told.items() if by_pool}


def name_facts(words: dict[str, pl.Series], want: Wanted) -> dict[str, dict[str, pl.Series]]:
    """Facts of the names of events by column, by their code."""
    if "name" not in words:
        return {}
    names = words["name"].to_list()
    return {
        column: {"name": pl.Series([fact(name) for name in names], dtype=pl.Int64())}
        for column, fact in want.of_name.items()
    }


def _facts_of_rows(
    raw: pl.DataFrame, coded: dict[str, pl.Series], by_pool: dict[str, pl.Series]
) -> list[pl.Series]:
    """By pool: the fact of each row's word. Elements and targets have the numbers of their pool, names their codes."""
    return [
        known.gather(coded[pool] if pool == "name" else raw[pool].to_physical())
        for pool, known in by_pool.items()
    ]
