"""Which columns of the event table an analysis needs, and how they are kept while it runs.

A frame never holds the wide table. What only gets compared and grouped (ids, addresses, selectors, messages) is kept
as an integer code into a pool of distinct words; measurements are narrowed to 32 bits; everything else stays unread.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field

import polars as pl

from friction.elements.chain import Fact, NameFact
from friction.goals import Goal
from friction.schema import EVENT, SEGMENTS, TIMINGS
from friction.values import dataclass

ELEMENT: tuple[str, ...] = (
    *("target", "el_tag", "el_id", "el_role", "el_type", "el_name", "el_text", "el_aria_label", "el_href"),
    *("el_classes", "el_attrs", "el_ancestors", "el_interactive", "el_disabled"),
)
"""What `friction.elements` looks at; joined into one word per distinct element."""

WORDS: dict[str, tuple[str, ...]] = {
    "session_id": ("session_id", "visitor_id", "user_id"),
    "visitor_id": ("visitor_id", "user_id"),
    "user_id": ("user_id",),
    "email_hash": ("email_hash",),
    "url": ("url", "page"),
    "target": ("target",),
    "form": ("form",),
    "field": ("field",),
    "name": ("name",),
    "error": ("error_hash", "error_message", "error_kind", "req_url"),
    "currency": ("currency",),
    "tab_id": ("tab_id",),
    "medium": ("medium",),
    **{name: (name,) for name in SEGMENTS},
}
"""Coded column → the columns it is taken from, the first one that is not null."""

PEOPLE: tuple[str, ...] = ("visitor_id", "user_id", "email_hash")
ALWAYS: tuple[str, ...] = ("session_id", "url", "target", "http_status")
"""The last one tells programs that try addresses from people (`friction.machines`), whatever is looked for."""
FACTS: tuple[str, ...] = ("is_bot", "returning", "tz_assumed")
DERIVED: dict[str, tuple[str, ...]] = {"el_flags": ELEMENT, "error_noise": WORDS["error"]}
"""Columns that detectors may ask for and no source has: from what they are made."""

_NARROW = {name: pl.Float32() for name in (*TIMINGS, "response_delay_ms", "press_ms", "duration_ms")}


@dataclass(frozen=True)
class Wanted:
    """The columns one analysis keeps: `coded` words, `plain` values, and whether elements are looked at."""

    coded: tuple[str, ...]
    plain: tuple[str, ...]
    elements: bool
    on_rows: frozenset[str]
    """Columns that rows carry through parts although a session has them once."""
    raw: frozenset[str] = field(default_factory=frozenset)
    """Every column of the event table that is read for them."""
    of_element: Mapping[str, Fact] = field(default_factory=dict)
    """Facts of elements that detectors ask for besides, by column."""
    of_name: Mapping[str, NameFact] = field(default_factory=dict)
    """Facts of the names of events, likewise."""
    of_row: Mapping[str, Sequence[Sequence[Goal]]] = field(default_factory=dict)
    """Conditions on rows that detectors ask for, likewise (`Detector.of_row`)."""
    beside: frozenset[str] = frozenset()
    """Plain columns for whoever looks at the rows once more (`friction.beside`); parts are made without them."""

    @property
    def element(self) -> tuple[str, ...]:
        """Columns that tell distinct elements apart."""
        return (*ELEMENT, "el_control") if self.of_element else ELEMENT


def wanted(
    columns: Iterable[str],
    of_element: Mapping[str, Fact] | None = None,
    of_name: Mapping[str, NameFact] | None = None,
    of_row: Mapping[str, Sequence[Sequence[Goal]]] | None = None,
    beside: frozenset[str] = frozenset(),
    *,
    segments: bool = True,
    people: bool = True,
) -> Wanted:
    """The columns to keep for detectors that read `columns`, with event names and money for the goals; `beside` are
    plain ones that rows keep and parts do not carry. `segments`: also what tells sessions apart in a report; `people`:
    also whose they are, without which no session can be named to anybody."""
    columns = frozenset(columns) | {"name" for _ in of_name or ()}
    asked = {*columns, *beside, *ALWAYS, "name", "currency"}
    asked |= {*(SEGMENTS if segments else ()), *(PEOPLE if people else ())}
    asked |= {"error"} if "error_noise" in asked else set()
    coded = tuple(name for name in WORDS if name in asked)
    plain = tuple(sorted({*asked, *FACTS, "value"} & set(EVENT) - set(WORDS) - _PLACED))
    elements = "el_flags" in asked or bool(of_element)
    raw = {"ts", "seq", "kind", "row_no", *plain, *(source for name in coded for source in WORDS[name])}
    raw |= set(ELEMENT) if elements else set()
    raw |= {"el_control"} if of_element else set()
    facts = (of_element or {}, of_name or {}, of_row or {})
    return Wanted(coded, plain, elements, columns, frozenset(raw), *facts, beside=beside - columns)


_PLACED = {"ts", "seq", "kind", "row_no", "file_id", "source", "session_id"}
EVERYTHING = Wanted(
    coded=tuple(name for name in WORDS if name in EVENT),
    plain=tuple(sorted(set(EVENT) - set(WORDS) - _PLACED - {"page"})),
    elements=False,
    on_rows=frozenset({*EVENT, *WORDS}),
    raw=frozenset(EVENT),
)
"""All columns as they are: for writing the event table."""


def narrow(name: str) -> pl.Expr:
    """A plain column in the type it is kept in; values that do not fit, infinite ones too, become null."""
    return narrowed(pl.col(name), name)


def narrowed(value: pl.Expr, name: str) -> pl.Expr:
    """The same of what a plain column is made of."""
    dtype = _NARROW.get(name, EVENT[name])
    value = value.cast(dtype, strict=False)
    return pl.when(value.is_finite()).then(value) if dtype.is_float() else value
