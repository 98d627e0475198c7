"""Who is who: the columns of a foreign table matched with ours.

The user's own word beats everything, then a canonical name, then the alias lists by how plausible the
sampled values are. What is not matched stays unmapped and is listed as such: nothing is guessed in silence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from friction.errors import InputError, UsageError, nearest
from friction.schema import EVENT
from friction.sources import day_times, times
from friction.sources.aliases import ALIASES, ITEMS, ORDERS, OURS, Name, normal, understood
from friction.sources.base import Column
from friction.sources.words import is_known
from friction.tables.dialect import KEYS

BECOMES = {"item": "url", "order": "kind"}
"""Columns that only serve to make one of ours."""
EXTRA_KEYS = frozenset({"ts_format", "clock", *BECOMES, *KEYS})
"""What a mapping may name besides columns of the event table."""
NUMBER = r"^\s*-?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?\s*$"
YES, NO = ("true", "1", "yes", "y", "t", "oui", "vrai"), ("false", "0", "no", "n", "f", "non", "faux")
_PROBE = 500


@dataclass
class Match:
    """Ours → position of theirs, with what is to be said about each."""

    positions: dict[str, int] = field(default_factory=dict)
    columns: dict[int, Column] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    """Columns of ours of which the user says that the file has none (`ours = ""`): they are not guessed."""

    def take(self, ours: str, position: int, theirs: str, confidence: float, note: str = "") -> None:
        """Column `position` is ours now."""
        self.positions[ours] = position
        self.columns[position] = Column(theirs, BECOMES.get(ours, ours), round(confidence, 2), note)

    def noted(self, ours: str, note: str) -> None:
        """Say something about the column that became ours."""
        position = self.positions[ours]
        old = self.columns[position]
        self.columns[position] = Column(
            old.theirs, old.ours, old.confidence, "; ".join(filter(None, (old.note, note)))
        )

    def listed(self, names: Sequence[str]) -> tuple[Column, ...]:
        """Every column of the file in its order."""
        unused = (Column(name, None, 0.0, "not used") for name in names)
        return tuple(self.columns.get(i, column) for i, column in enumerate(unused))


def match(names: Sequence[str], sample: pl.DataFrame, said: Mapping[str, str]) -> Match:
    """Match all columns. Raises `InputError` when the user names a column that is not there."""
    found = Match()
    _take_said(found, names, said)
    known = [understood(name) for name in names]
    _take_canonical(found, names, known)
    for ours in ALIASES:
        if ours not in found.positions and ours not in found.refused:
            _take_alias(found, ours, names, known, sample)
    # Items stand for pages, and orders for events, only where the file has none.
    if not {"url", "page", "item"} & found.positions.keys() and "item" not in found.refused:
        _take_alias(found, "item", names, known, sample)
    if not {"kind", "name", "order"} & found.positions.keys() and "order" not in found.refused:
        _take_alias(found, "order", names, known, sample)
    _take_address(found)
    _take_clock(found, names, known, sample)
    return found


def _take_clock(found: Match, names: Sequence[str], known: Sequence[Name], sample: pl.DataFrame) -> None:
    """Where the time is only a day, the time of day beside it."""
    if "ts" not in found.positions or "clock" in found.positions.keys() | found.refused:
        return
    clocks, days = {normal(alias) for alias in day_times.CLOCKS}, sample[:, found.positions["ts"]]
    for position, name in enumerate(known):
        is_free = position not in found.columns and {name.whole, name.stem} & clocks
        if is_free and day_times.are_two(days, sample[:, position]):
            found.take("clock", position, names[position], 0.9, "the time of day, beside its day")
            return


def _take_address(found: Match) -> None:
    """Where nothing else says who it was, the e-mail address is the account."""
    taken = found.positions.keys() | found.refused
    if "email_hash" in found.positions and not {"visitor_id", "user_id"} & taken:
        position = found.positions.pop("email_hash")
        theirs = found.columns[position]
        found.take("user_id", position, theirs.theirs, theirs.confidence, theirs.note)


def _take_said(found: Match, names: Sequence[str], said: Mapping[str, str]) -> None:
    for ours, theirs in said.items():
        if ours not in EVENT and ours not in EXTRA_KEYS:
            remedy = nearest(ours, [*EVENT, *EXTRA_KEYS])
            raise UsageError(
                "config.unknown_key", f"the mapping names {ours!r}, which is no column of ours", remedy=remedy
            )
        if ours == "ts_format" or ours in KEYS:
            continue
        if not theirs:
            found.refused.add(ours)
            continue
        if theirs not in names:
            raise InputError(
                "input.no_such_column",
                f"the mapping says {ours} = {theirs!r}, but the file has no such column",
                column=theirs,
                remedy=nearest(theirs, names),
            )
        found.take(ours, list(names).index(theirs), theirs, 1.0, "as the mapping says")


def _take_canonical(found: Match, names: Sequence[str], known: Sequence[Name]) -> None:
    """Columns that bear one of our names; a `page` is the address, and a `name` the event, where there is
    no other.
    """
    ours = {normal(name): name for name in EVENT if name not in OURS}
    for position, name in enumerate(names):
        canonical = ours.get(known[position].whole)
        if (
            canonical is None
            or canonical in found.positions.keys() | found.refused
            or position in found.columns
        ):
            continue
        if canonical == "name" and not _has_kind(known):
            continue
        if canonical == "page" and not any(
            other.stem in _normal_aliases("url") - {"page"} for other in known
        ):
            continue
        found.take(canonical, position, name, 1.0, "the canonical name")


def _has_kind(known: Sequence[Name]) -> bool:
    """Some column besides `name` could be the event."""
    return any(name.stem in {"kind", *_normal_aliases("kind")} - {"name"} for name in known)


def _normal_aliases(ours: str) -> frozenset[str]:
    return frozenset(normal(alias) for alias in ALIASES[ours])


def _take_alias(
    found: Match, ours: str, names: Sequence[str], known: Sequence[Name], sample: pl.DataFrame
) -> None:
    """The most plausible of the free columns whose name is an alias; the earlier alias among equals."""
    aliases = [normal(alias) for alias in {"item": ITEMS, "order": ORDERS}.get(ours) or ALIASES[ours]]
    best: tuple[float, float, int] | None = None
    for position, name in enumerate(known):
        if position in found.columns or not (rank := _rank(name, aliases)):
            continue
        share = _share(ours, sample[:, position])
        if share is not None and share < 0.5:
            continue
        best = max(best or (-1.0, 0.0, 0), (share or 0.0, rank, -position))
    if best:
        share, rank, position = best[0], best[1], -best[2]
        whole = known[position].stem in aliases
        found.take(ours, position, names[position], (0.9 if whole else 0.7) * (0.5 + share / 2))


def _rank(name: Name, aliases: Sequence[str]) -> float:
    """Higher for earlier aliases; half for the last part of a path only; 0 for none."""
    for form, weight in ((name.whole, 1.0), (name.stem, 1.0), (name.last, 0.5)):
        if form in aliases:
            return weight * (1 - aliases.index(form) / 100)
    return 0.0


def _share(ours: str, values: pl.Series) -> float | None:
    """Share of the sampled values that could be ours; null when the sample has none."""
    known = values.drop_nulls()
    if known.is_empty():
        return None
    if ours == "ts":
        return times.plausible(known)
    if ours == "kind":
        words = known.unique().sort().head(_PROBE)
        return 0.5 + sum(is_known(word) for word in words) / words.len() / 2
    return int(_fitting(ours, known).sum()) / known.len()


def _fitting(ours: str, known: pl.Series) -> pl.Series:
    """Which of these values could be ours."""
    if ours == "returning":
        return known.str.to_lowercase().is_in([*YES, *NO])
    if ours == "error_message":
        return ~known.str.to_lowercase().is_in([*YES, *NO])
    if ours == "http_status":
        return known.str.contains(r"^[1-5]\d\d$")
    return known.str.contains(NUMBER if EVENT.get(ours, pl.String()).is_numeric() else "")
