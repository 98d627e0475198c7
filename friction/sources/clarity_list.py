"""Clarity's list of recordings, whose header is written in the language of whoever exported it.

So its columns are told by their order and by the look of their values, never by their names: date, time and length of
a session, the pages it began and ended on, where it came from, Clarity's id of the visitor, browser, device, system,
country, how many pages and clicks. (Known from a public program that reads a Spanish list, not from Clarity itself.)
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

import polars as pl

from friction.sources.base import InputFile, Options, Reading
from friction.sources.casts import identity
from friction.sources.counted import CountedSource, Filled, clock, said, sessions, whole
from friction.sources.fields import Fields
from friction.sources.posthog_texts import each
from friction.sources.seen import seen
from friction.tables.table import Rows, Table, used
from friction.values import dataclass

ORDER = (
    *(
        "date",
        "clock",
        "length",
        "entry",
        "exit",
        "referrer",
        "visitor",
        "browser",
        "device",
        "os",
        "country",
    ),
    *("pages", "clicks"),
)
"""The columns that stand one after the other, wherever the first of them is."""
LOOKS = {
    "date": r"^\d{1,2}/\d{1,2}/\d{4}$",
    "clock": r"^\d{1,2}:\d{2}(?:\s*[AaPp][Mm])?$",
    "length": r"^(?:\d+:)?\d{1,2}:\d{2}$",
    "entry": r"^https?://",
    "exit": r"^https?://",
    "pages": r"^\d+$",
    "clicks": r"^\d+$",
}
LINK = r"^https?://clarity\.microsoft\.com/player/"
SURETY = 0.9
_SESSION = re.compile(r"/player/[^/?#]+/[^/?#]+/([^/?#]+)")


def places(columns: Sequence[Sequence[str | None]]) -> dict[str, int]:
    """Position of every column of `ORDER`, and of the link to the recording, by sampled values; none for others."""
    for first in range(len(columns) - len(ORDER) + 1):
        found = {label: first + step for step, label in enumerate(ORDER)}
        if all(_looks(columns[found[label]], look) for label, look in LOOKS.items()):
            link = next((at for at, values in enumerate(columns) if _looks(values, LINK)), None)
            return found if link is None else {**found, "link": link}
    return {}


def _looks(values: Sequence[str | None], look: str) -> bool:
    """Nine in ten of the values that are there look like this."""
    known = [value for value in values if value]
    return bool(known) and sum(bool(re.search(look, value.strip())) for value in known) * 10 >= len(known) * 9


@dataclass(frozen=True)
class Joined(Table):
    """A list under our names, with date and time as one column `start` behind the others."""

    inner: Table
    day: int
    clock: int

    def select(self, columns: Sequence[pl.Expr]) -> Rows:
        """As the list itself gives them."""
        start = self.inner.sample.width
        needed = {at for at in used(columns) if at != start} | {self.day, self.clock}
        rows = self.inner.select([pl.col(f"c{at}") for at in sorted(needed)])
        joined = rows.events.with_columns(self.together().alias(f"c{start}"))
        return replace(rows, events=joined.select("row_no", *columns))

    def lines_of(self, rows: Sequence[int]) -> list[int | None]:
        """Physical lines of these records."""
        return self.inner.lines_of(rows)

    def together(self) -> pl.Expr:
        """Date and time of day in one text."""
        return pl.concat_str(f"c{self.day}", f"c{self.clock}", separator=" ")


def joined(table: Table) -> Joined:
    """The list with the names of `ORDER`."""
    width = table.sample.width
    found = places([table.sample[:, at].to_list() for at in range(width)])
    ours = {at: label for label, at in found.items()}
    names = tuple(ours.get(at, f"column {at + 1}") for at in range(width))
    made = Joined((*names, "start"), table.sample, table.facts, table, found["date"], found["clock"])
    sample = table.sample.with_columns(made.together().alias(f"c{width}"))
    return replace(made, sample=sample)


@dataclass(frozen=True, kw_only=True)
class ClarityList(CountedSource):
    """Clarity's list of recordings."""

    name: ClassVar[str] = "clarity"
    fields: ClassVar[Mapping[str, Sequence[str]]] = {label: (label,) for label in (*ORDER, "start", "link")}

    def sniff(self, file: InputFile) -> float:
        """Rather sure by the look of the columns."""
        looked = seen(file)
        if looked.form != "text" or len(looked.names) < len(ORDER):
            return 0.0
        whole_ones = [record for record in looked.records if len(record) == len(looked.names)]
        columns = [[str(record[name] or "") for record in whole_ones] for name in looked.names]
        return SURETY if places(columns) else 0.0

    def read(self, file: InputFile, options: Options) -> Reading:
        """All sessions; columns are told by the names that the file gives them."""
        found = super().read(file, options)
        named = zip(found.columns, seen(file).names, strict=False)
        return replace(found, columns=tuple(replace(column, theirs=name) for column, name in named))

    def table(self, file: InputFile, options: Options) -> Table:
        """The list under our names."""
        return joined(super().table(file, options))

    def filled(self, known: Fields, options: Options, file: InputFile) -> Filled:  # noqa: ARG002 - the rows say all
        """One session a row. Where no link names it, a session is its visitor and its minute."""
        named = [each(said("link"), _named)] if known.knows("link") else []
        made = {
            "session_id": pl.coalesce(*named, identity(said("visitor")) + "." + said("start")),
            "visitor_id": identity(said("visitor")),
            "duration_s": clock("length", r"\d+"),
            "pages": whole("pages"),
            "actions": whole("clicks"),
            "landing_url": said("entry"),
            "exit_url": said("exit"),
            "referrer": said("referrer"),
            "device": said("device").str.to_lowercase(),
            "browser": said("browser"),
            "os": said("os"),
            "country": said("country"),
        }
        form = {"ts_format": _date_order(known.sampled("date"))} | dict(options.mapping)
        return sessions(known, made, self.name, replace(options, mapping=form))


def _named(link: str) -> str | None:
    """The session in a link to its recording."""
    found = _SESSION.search(link)
    return found[1] if found else None


def _date_order(dates: pl.Series) -> str:
    """The day first where some month would be above 12, else the month, as in the list that is known."""
    first = dates.str.extract(r"^\s*(\d+)/").cast(pl.Int64(), strict=False).max()
    return "d/m/Y" if isinstance(first, int) and first > 12 else "m/d/Y"
