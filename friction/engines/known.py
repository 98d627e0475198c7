"""What all shards said together: the words and the pages, for every worker; the books, for the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.dictionaries import Dictionary
from friction.goals import Goal
from friction.identity import LINK
from friction.ingest.masked import masked_dictionary
from friction.ingest.templates import NOWHERE, campaigns, mined
from friction.pages import PageRules, Pages
from friction.privacy.columns import Policy
from friction.report import Excluded
from friction.sources.base import REJECT
from friction.values import dataclass

HERE = frozenset({"session_id", "visitor_id", "user_id", "tab_id", "email_hash"})
"""Coded columns with a word for every session or visitor: they are numbered in their shard, not everywhere."""
REJECTS_KEPT = 20


@dataclass(frozen=True)
class Told:
    """What one shard says that all must know; those of several are added up with `together`."""

    words: dict[str, pl.DataFrame]
    """By coded column: `word`, `n` (rows that have it)."""
    are_visitors: bool
    """Every session bears the name of a visitor: no session is named."""
    has_views: bool
    knows_scroll_ends: bool
    clicks: int
    corners: int
    capabilities: frozenset[str]
    at_hand: frozenset[str]
    columns: tuple[str, ...]
    """Those that rows have."""
    has_sessions: bool
    """Some column names sessions."""
    height: int
    """Rows that count, of `accepted` ones within `total`."""
    total: int
    accepted: int
    outside: int
    repeated: int
    sampled: float | None
    """The smallest share of sessions that a tool says it kept."""
    unreadable: Counter[str]
    excluded: tuple[Excluded, ...]
    reasons: Counter[str]
    """Records set aside."""
    rejects: pl.DataFrame
    """Some of them."""
    links: pl.DataFrame
    """What says which ids belong to one person (`friction.identity.LINK`)."""
    is_hashed: bool
    """Ids came hashed already."""


def together(told: Iterable[Told]) -> Told:
    """What several shards say, as one would that holds all their rows."""
    each = list(told)
    first = each[0]
    names = {name for one in each for name in one.words}
    added: dict[str, Any] = {name: sum(getattr(one, name) for one in each) for name in _SUMS}
    added |= {name: any(getattr(one, name) for one in each) for name in _ANY}
    added |= {name: frozenset[str]().union(*(getattr(one, name) for one in each)) for name in _SETS}
    return replace(
        first,
        **added,
        words={
            name: _added([one.words[name] for one in each if name in one.words]) for name in sorted(names)
        },
        sampled=min((one.sampled for one in each if one.sampled is not None), default=None),
        are_visitors=all(one.are_visitors for one in each if one.height),
        unreadable=sum((one.unreadable for one in each), Counter[str]()),
        reasons=sum((one.reasons for one in each), Counter[str]()),
        excluded=tuple(_lines([one.excluded for one in each])),
        rejects=pl.concat([REJECT.to_frame(), *(one.rejects for one in each)]).head(REJECTS_KEPT),
        links=_links([one.links for one in each]),
    )


_SUMS = ("clicks", "corners", "height", "total", "accepted", "outside", "repeated")
_ANY = ("has_views", "knows_scroll_ends", "is_hashed")
_SETS = ("capabilities", "at_hand")


def _added(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(frames).group_by("word").agg(pl.col("n").sum()).sort("word")


def _lines(every: Sequence[Sequence[Excluded]]) -> list[Excluded]:
    """What each line of `[exclude]` left out in all shards; sessions are whole in theirs."""
    return [
        Excluded(line[0].rule, line[0].pattern, sum(x.sessions for x in line), sum(x.events for x in line))
        for line in zip(*every, strict=True)
    ]


def _links(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Each pair of ids once: how often rows say it. That an id is an address is said by the id alone."""
    keys = ["a_kind", "a", "b_kind", "b", "rule"]
    rows = (
        pl.when(pl.col("rule").first() == "address")
        .then(pl.col("rows").max())
        .otherwise(pl.col("rows").sum())
    )
    said = pl.concat([LINK.to_frame(), *frames]).group_by(keys).agg(rows, pl.col("file_id", "row_no").min())
    return said.select(pl.col(name).cast(dtype) for name, dtype in LINK.items()).sort(keys)


@dataclass(frozen=True)
class Known:
    """The same for every worker."""

    codes: dict[str, pl.Series]
    """By coded column the words of all shards as they stand, sorted: their numbers are what `dictionaries` take."""
    dictionaries: dict[str, Dictionary]
    pages: Pages
    are_visitors: bool
    has_views: bool
    knows_scroll_ends: bool
    tells_corners: bool
    capabilities: frozenset[str]
    at_hand: frozenset[str]
    goals: tuple[Goal, ...]

    @staticmethod
    def source(name: str) -> str:
        """The column whose words a dictionary numbers."""
        return "url" if name in {"page", "tags"} else name

    @property
    def words(self) -> dict[str, pl.Series]:
        """By column what its codes stand for, as `friction.ingest.events` has it."""
        words = {name: each.words for name, each in self.dictionaries.items()}
        words.setdefault("page", pl.Series("page", [NOWHERE]))
        return words


def known(
    told: Told, policy: Policy, rules: PageRules, goals: tuple[Goal, ...], on_rows: frozenset[str]
) -> Known:
    """Mask the words and find the pages, once for all."""
    codes = {name: words["word"] for name, words in told.words.items()}
    pages = Pages(main_host=None, templates=[], types={})
    dictionaries = {
        name: masked_dictionary(name, raw.alias("word"), policy)
        for name, raw in codes.items()
        if name != "url"
    }
    if "url" in codes:
        pages, addresses = mined(_views(told.words["url"]), codes["url"], rules)
        if "tags" in on_rows:
            addresses["tags"] = campaigns(codes["url"])
        dictionaries |= addresses
    return Known(
        codes=codes,
        dictionaries=dictionaries,
        pages=replace(pages, templates=[]),
        are_visitors=told.are_visitors,
        has_views=told.has_views,
        knows_scroll_ends=told.knows_scroll_ends,
        tells_corners=0 < told.corners < 0.5 * told.clicks,
        capabilities=told.capabilities,
        at_hand=told.at_hand,
        goals=goals,
    )


def _views(words: pl.DataFrame) -> NDArray[np.int64]:
    found: NDArray[np.int64] = words["n"].cast(pl.Int64()).to_numpy()
    return found
