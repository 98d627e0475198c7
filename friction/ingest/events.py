"""All rows of one analysis, and the parts they are worked on in.

Rows stay as they were read, narrow and unsorted; only their order is worked out for all at once. A part is a slice of
whole sessions of about `PART_ROWS` rows: it is gathered, decoded into canonical codes, sorted, cut and numbered when
its turn comes, so the costly forms exist for one part at a time (about 75 B a row stay, 300 B a row of one part).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from friction import sessions
from friction.elements import facts
from friction.goals import Goal
from friction.ingest.columns import WORDS, Wanted
from friction.ingest.gather import Pools, element_frame
from friction.ingest.goals import matches
from friction.dictionaries import Dictionary, Words, dictionary, regrouped
from friction.pages import PageRules, Pages, mine
from friction.privacy.addresses import mask_address

PART_ROWS = 1_000_000
NOWHERE = "(no page)"
"""The page of rows in a session that never names one."""
NOISE = r"^Script error\.?$|ResizeObserver loop|^chrome-extension:|^moz-extension:"
"""Messages that say nothing about the page: cross-origin errors without text, a harmless browser note, extensions."""


@dataclass(frozen=True)
class Events:
    """Every usable row of an analysis with the dictionaries of its codes."""

    rows: pl.DataFrame
    want: Wanted
    words: Words
    pages: Pages
    dictionaries: dict[str, Dictionary]
    flags: dict[str, pl.Series]
    keys: pl.Series
    """Names of the sessions before cutting, by `key`: in the order of their first event, then of their name."""
    ranks: pl.Series
    goals: tuple[Goal, ...]
    has_views: bool

    def parts(self) -> Iterator[pl.DataFrame]:
        """Sorted parts of whole sessions; `session_id` and `view` are numbered through, `row` within the part."""
        key = self.ranks.gather(self.rows["session_id"].to_physical())
        order = pl.select(key=key).select(pl.arg_sort_by("key", maintain_order=True)).to_series()
        session = view = 0
        for start, length in _slices(key):
            part = self._prepared(self.rows[order.slice(start, length)], session, view)
            session, view = int(part["session_id"][-1]) + 1, int(part["view"][-1]) + 1
            yield part

    def _prepared(self, raw: pl.DataFrame, session: int, view: int) -> pl.DataFrame:
        part = sessions.ordered(self._coded(raw))
        part = sessions.cut(part, session)
        part = sessions.with_pages(part, int(self.words.by_column["page"].index_of(NOWHERE) or 0))
        part = sessions.with_views(part, view, by_kind=self.has_views)
        return part.with_row_index("row")

    def _coded(self, raw: pl.DataFrame) -> pl.DataFrame:
        columns = {"key": self.ranks.gather(raw["session_id"].to_physical()), "ts": raw["ts"], "kind": raw["kind"]}
        for name, words in self.dictionaries.items():
            columns[name] = words.code(raw["url" if name == "page" else name])
        for name in ("seq", *self.want.plain, "file_id", "row_no"):
            if name in raw.columns:
                columns[name] = raw[name]
        if "page" not in columns:
            columns["page"] = pl.Series([None], dtype=pl.UInt32).new_from_index(0, raw.height)
        if self.flags:
            found = [known.gather(raw[name].to_physical()) for name, known in self.flags.items()]
            columns["el_flags"] = pl.select(pl.coalesce(found)).to_series()
        if "error" in self.dictionaries:
            columns["error_noise"] = self._noise().gather(columns["error"])
        part = pl.DataFrame(columns)
        return part.with_columns(goals=matches(self.goals, part, self.words))

    def _noise(self) -> pl.Series:
        return self.words.by_column["error"].str.contains(NOISE)


def _slices(key: pl.Series) -> Iterator[tuple[int, int]]:
    """Start and length of runs of whole sessions, in the order of `key`, about `PART_ROWS` rows each."""
    sizes = pl.DataFrame({"key": key}).group_by("key").len().sort("key")
    ends = sizes.select(end=pl.col("len").cum_sum(), part=(pl.col("len").cum_sum() - 1) // PART_ROWS)
    start = 0
    for end in ends.group_by("part", maintain_order=True).agg(pl.col("end").last())["end"].to_list():
        yield start, end - start
        start = end


def assemble(
    rows: pl.DataFrame, want: Wanted, pools: Pools, rules: PageRules, goals: tuple[Goal, ...]
) -> Events:
    """Work out dictionaries, page templates, element facts and the order of sessions, over all rows at once."""
    dictionaries = {name: dictionary(pools.pools[name].to_series()) for name in want.coded if name in _coded(rows)}
    session = dictionaries.pop("session_id")
    pages = _pages(rows, pools, rules, dictionaries)
    words = {name: found.words for name, found in dictionaries.items()}
    words.setdefault("page", pl.Series("page", [NOWHERE]))
    ranks, keys = _session_order(rows, session)
    has_views = bool(rows["kind"].is_in(["page_view", "route_change"]).any())
    flags = _flags(rows, pools) if want.elements else {}
    return Events(rows, want, Words(words), pages, dictionaries, flags, keys, ranks, goals, has_views)


def _coded(rows: pl.DataFrame) -> set[str]:
    return set(rows.columns) & set(WORDS)


def _session_order(rows: pl.DataFrame, session: Dictionary) -> tuple[pl.Series, pl.Series]:
    """Pool number → key, and the names by key; keys count sessions by first event, then by name."""
    first = rows.lazy().group_by("session_id").agg(pl.col("ts").min()).collect()
    found = first.select("ts", pool=pl.col("session_id").to_physical(), code=session.code(first["session_id"]))
    found = found.sort("ts", "code")
    ranks = pl.repeat(None, session.ranks.len(), dtype=pl.UInt32, eager=True)
    ranks = ranks.scatter(found["pool"], pl.int_range(found.height, dtype=pl.UInt32, eager=True))
    return ranks, session.words.gather(found["code"])


def _pages(rows: pl.DataFrame, pools: Pools, rules: PageRules, dictionaries: dict[str, Dictionary]) -> Pages:
    """Mask the distinct addresses, mine their templates, and put `url` and `page` into the dictionaries."""
    if "url" not in rows.columns:
        return Pages(main_host=None, templates=[], types={})
    raw = pools.pools["url"].to_series()
    bare = raw.str.replace(r"\?[^#]*", "").str.replace(r"#[^/!].*$|#$", "")
    distinct = bare.unique().drop_nulls().sort()
    masked = pl.Series("word", [mask_address(address) for address in distinct], dtype=pl.String)
    address = pl.DataFrame({"word": bare}).join(
        pl.DataFrame({"word": distinct, "masked": masked}), on="word", how="left", maintain_order="left"
    )["masked"]
    urls = regrouped(raw, address)
    counts = pl.DataFrame({"code": urls.code(rows["url"])}).group_by("code").len().drop_nulls().sort("code")
    used = urls.words.gather(counts["code"])
    pages = mine(used.to_list(), counts["len"].to_list(), rules)
    template = pl.repeat(None, urls.words.len(), dtype=pl.String, eager=True)
    template = template.scatter(counts["code"], pl.Series(pages.templates, dtype=pl.String))
    dictionaries["url"] = urls
    page = regrouped(raw, template.gather(urls.ranks))
    with_none = pl.concat([page.words, pl.Series("word", [NOWHERE])])
    dictionaries["page"] = Dictionary(with_none, page.ranks)
    return pages


def _flags(rows: pl.DataFrame, pools: Pools) -> dict[str, pl.Series]:
    """`el_flags` by pool number of the element; of the target, for rows that say nothing else about it."""
    flags = {}
    if "element" in rows.columns:
        flags["element"] = facts(element_frame(pools.pools["element"].to_series()))
    if "target" in rows.columns:
        flags["target"] = facts(pl.DataFrame({"target": pools.pools["target"].to_series()}))
    return flags
