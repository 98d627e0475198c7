"""Sessions written down as text: the little language of detector tests and of their fixtures.

One line is one event: session, seconds, kind, page, target, then `name=value` for further columns. `-` or a
missing word is null. Flags of the element are joined by `|` (`el_flags=INTERACTIVE|STEPPER`).

    s1  0.0  page_view  /pay
    s1  1.2  click      /pay  button#buy  el_flags=INTERACTIVE  response_delay_ms=80

A specification is made of cases, separated by empty lines: a comment that says what is shown, `expect` lines,
events. An expectation names session, page and target of a finding and, where wanted, further columns of it;
`aside=REASON` says that it does not count. `expect nothing` stands for no finding at all.

    # A click elsewhere breaks the burst.
    expect nothing
    s1  0.0  click  /pay  button#buy
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

import polars as pl

from friction.detectors.base import DERIVED, input_type
from friction.elements import Flag
from friction.schema import EVENT
from friction.sessions import with_views
from friction.values import dataclass

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
"""Second 0 of every text."""

INPUT = pl.Schema({name: input_type(name, codes=False) for name in (*EVENT, *DERIVED)})
"""Columns and types of `events`: the event table and what the analysis derives, words as strings."""

_NAMED = re.compile(r"^([a-z_]+)=(.*)$")
_WORDS = ("session_id", "ts", "kind", "page", "target")


@dataclass(frozen=True)
class Expectation:
    """A finding that must come out; `details` are further columns of it, as text."""

    session_id: str
    page: str | None
    target: str | None
    aside: str | None
    details: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """One case of a specification."""

    comment: str
    expected: tuple[Expectation, ...]
    text: str

    @property
    def harmless(self) -> bool:
        """True when nothing in it counts."""
        return all(expectation.aside is not None for expectation in self.expected)


def events(text: str) -> pl.LazyFrame:
    """The events of a text by session and time (equal times keep their order), in the columns of `INPUT`.

    A line that cannot be read is a `ValueError` with its number.
    """
    rows = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                rows.append(_event(line.split()))
            except (ValueError, KeyError) as error:
                raise ValueError(f"line {number}: {line.strip()!r}: {error}") from error
    frame = pl.DataFrame(rows, schema={name: INPUT[name] for name in INPUT if name not in {"row", "view"}})
    frame = frame.sort("session_id", "ts", maintain_order=True)
    return numbered(frame).lazy()


def numbered(frame: pl.DataFrame) -> pl.DataFrame:
    """Number rows and page views anew, as the analysis does for a part."""
    by_kind = bool(frame["kind"].is_in(["page_view", "route_change"]).any())
    viewed = with_views(frame.drop("row", "view", strict=False), by_kind=by_kind)
    return viewed.with_row_index("row").select(
        name for name in INPUT if name in {*frame.columns, "row", "view"}
    )


def specification(text: str) -> list[Case]:
    """The cases of a specification, in order. A malformed one is a `ValueError`."""
    return [_case(block) for block in _blocks(text)]


def _blocks(text: str) -> Iterator[list[str]]:
    for block in re.split(r"\n[ \t]*\n", text):
        if lines := [line.strip() for line in block.splitlines() if line.strip()]:
            yield lines


def _case(lines: list[str]) -> Case:
    comment = " ".join(line.lstrip("# ") for line in lines if line.startswith("#"))
    expects = [line.split()[1:] for line in lines if line.startswith("expect ")]
    if not comment or not expects:
        raise ValueError(f"a case needs a comment and what to expect: {lines[0]!r}")
    text = "\n".join(line for line in lines if not line.startswith(("#", "expect ")))
    return Case(comment, tuple(_expectation(words) for words in expects if words != ["nothing"]), text)


def _expectation(words: list[str]) -> Expectation:
    plain, named = _parted(words)
    session, page, target, *rest = [*plain, None, None]
    if session is None or rest.count(None) != len(rest):
        raise ValueError(f"an expectation is session, page, target and name=value: {' '.join(words)!r}")
    return Expectation(session, page, target, named.pop("aside", None), named)


def _event(words: list[str]) -> dict[str, Any]:
    plain, named = _parted(words)
    if len(plain) < 3 or len(plain) > len(_WORDS):
        raise ValueError(f"expected {', '.join(_WORDS)}")
    row: dict[str, Any] = dict(zip(_WORDS, plain, strict=False))
    row["ts"] = EPOCH + timedelta(seconds=float(row["ts"]))
    if row["kind"] not in EVENT["kind"].categories:  # type: ignore[attr-defined]
        raise ValueError(f"no such kind: {row['kind']}")
    return row | {name: _value(name, text) for name, text in named.items()}


def _parted(words: list[str]) -> tuple[list[str | None], dict[str, str]]:
    """Plain words (`-` is null) and `name=value` words."""
    named = {match[1]: match[2] for match in map(_NAMED.match, words) if match}
    return [None if word == "-" else word for word in words if not _NAMED.match(word)], named


def _value(name: str, text: str) -> Any:
    """A value as its column wants it."""
    dtype = INPUT[name]
    if name == "el_flags":
        return int(reduce(or_, (Flag[flag] for flag in text.split("|")), Flag(0)))
    if dtype == pl.Boolean():
        return {"true": True, "false": False}[text]
    if dtype.is_integer():
        return int(text)
    return float(text) if dtype.is_float() else text
