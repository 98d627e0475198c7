"""All rows of one analysis, and the parts they are worked on in.

Rows stay as they were read, narrow and unsorted; only their order is worked out for all at once. A part is a slice of
whole sessions, some 100,000 rows (`PART_ROWS`): it is gathered, decoded into canonical codes, sorted, cut and numbered
when its turn comes, so the costly forms exist for as many parts as there are threads (about 75 B a row stay, 300 B a
row of such a part).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction import sessions
from friction.dictionaries import Dictionary, Words, looked_up
from friction.goals import Goal
from friction.ingest.columns import Wanted
from friction.ingest.context import ANY, FIRST
from friction.ingest.goals import conditions, matches, needs_names
from friction.ingest.store import Slice, Store
from friction.ingest.word_facts import facts_of_rows
from friction.pages import Pages
from friction.part import Part
from friction.privacy.columns import ORDINARY, Policy
from friction.reduce.glance import Glance
from friction.schema import PAGE_TYPE
from friction.values import dataclass

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
            found = [looked_up(known, raw[name].to_physical()) for name, known in self.flags.items()]
            columns["el_flags"] = pl.select(pl.coalesce(found)).to_series()
        for column, by_pool in self.told.items():
            columns[column] = pl.select(pl.coalesce(facts_of_rows(raw, columns, by_pool))).to_series()
        if "scroll_ends" in self.want.on_rows:
            columns["scroll_ends"] = pl.repeat(self.knows_scroll_ends, raw.height, eager=True)
        if "at_corner" in self.want.on_rows and self.tells_corners:
            columns["at_corner"] = (
                pl.DataFrame(columns).select((pl.col("x") == 0) & (pl.col("y") == 0)).to_series()
            )
        if "page_type" in self.want.on_rows:
            columns["page_type"] = looked_up(self._page_types(), columns["page"])
        if "error" in columns:
            noise = self.words.by_column["error"].str.contains(NOISE)
            columns["error_noise"] = looked_up(noise, columns["error"])
        return pl.DataFrame(columns)

    def _page_types(self) -> pl.Series:
        """What each page is by its words, by its code."""
        known = [self.pages.types.get(page) for page in self.words.by_column["page"].to_list()]
        return pl.Series(known, dtype=PAGE_TYPE)
