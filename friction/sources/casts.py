"""From the words of a file to our types: expressions that give null for what they cannot read."""

from __future__ import annotations

import polars as pl

from friction.schema import EVENT
from friction.sources.aliases import Name
from friction.sources.clocks import MICROSECONDS
from friction.sources.mapping import NO, YES

NOBODY = ("", "null", "NULL", "None", "none", "\\N", "(null)", "nan", "NaN", "undefined", "-")
"""What programs write for "no id"; as an id it would put strangers into one session."""
TYPED = ("input", "change", "select", "keydown", "paste", "copy", "focus", "blur")
"""Kinds whose value is what a visitor typed."""
_WHOLE_SECONDS = {"load_ms": 20.0, "duration_ms": 1_000.0}
"""Below this median a duration without a unit is taken as seconds."""


def text(column: pl.Expr) -> pl.Expr:
    """Text; an empty one is null."""
    words = column.cast(pl.String())
    return pl.when(words != "").then(words)


def identity(column: pl.Expr) -> pl.Expr:
    """An id as text; the words for "nobody" are null."""
    words = column.cast(pl.String())
    return pl.when(~words.is_in(NOBODY)).then(words)


def alike(first: pl.Expr, *others: pl.Expr) -> pl.Expr:
    """A number for rows that agree in all of these; null where the first, an id, is missing."""
    whole = first.hash()
    for place, other in enumerate(others, start=1):
        whole = whole ^ other.hash(place)
    return pl.when(first.is_not_null()).then(whole)


def sampled(rates: pl.Series, all_: float = 1.0) -> float | None:
    """The smallest share of sessions that a tool says it kept, of rates in which `all_` means every one; null where
    none is said or nothing was left out.
    """
    known = rates.cast(pl.Float64(), strict=False).drop_nulls() / all_
    least = known.filter((known > 0) & (known <= 1)).min()
    return round(least, 6) if isinstance(least, float) and least < 1 else None


def number(column: pl.Expr, *, comma: bool = False) -> pl.Expr:
    """A number, with a decimal comma where the column has them."""
    if comma:
        column = column.cast(pl.String()).str.replace(",", ".", literal=True)
    return column.cast(pl.Float64(), strict=False)


def is_french(sample: pl.Series) -> bool:
    """Whether some of these amounts have a decimal comma, and none a point. `1,234` says nothing: it may be
    a thousand.
    """
    known = sample.drop_nulls()
    return bool(known.str.contains(r"^\s*-?[\d\s]+,\d{1,2}\s*$").any()) and not bool(
        known.str.contains(r"^\s*-?[\d,]+\.\d+\s*$").any()
    )


def french_number(column: pl.Expr) -> pl.Expr:
    """A number such as `1 234,50`; one with three digits behind the comma is null, as it may be a thousand."""
    bare = column.cast(pl.String()).str.replace_all(r"\s", "")
    return number(bare.str.replace(r"^(-?\d+),(\d{1,2})$", "$1.$2"))


def truth(column: pl.Expr) -> pl.Expr:
    """Yes or no in the usual words; null for others."""
    word = column.cast(pl.String()).str.strip_chars().str.to_lowercase()
    return pl.when(word.is_in(YES)).then(pl.lit(value=True)).when(word.is_in(NO)).then(pl.lit(value=False))


def unreadable(column: pl.Expr, value: pl.Expr, sample: pl.Series, *, is_float: bool) -> pl.Expr:
    """Whether a cell of text is not empty and yet gave no `value`, or an infinite one.

    Words for "nothing" are looked for where the sample has some, since it takes time.
    """
    given = column != ""
    if sample.is_in(NOBODY).any():
        given &= ~column.is_in(NOBODY)
    return given & (value.is_null() | value.is_infinite() if is_float else value.is_null())


def item_url(column: pl.Expr) -> pl.Expr:
    """The synthetic address of an item."""
    return pl.lit("/item/") + identity(column)


def typed_value(amount: pl.Expr, kind: pl.Expr) -> pl.Expr:
    """The number of a conversion, survey or the like; null where a visitor typed it."""
    return pl.when(~kind.cast(pl.String()).is_in(TYPED)).then(amount)


def typed_length(column: pl.Expr, amount: pl.Expr, kind: pl.Expr) -> pl.Expr:
    """Characters of a value that was typed or is no number (`amount` is null)."""
    words = text(column)
    is_typed = kind.cast(pl.String()).is_in(TYPED) | amount.is_null()
    return pl.when(is_typed).then(words.str.len_chars()).cast(pl.Int32())


def cast_as(ours: str, column: pl.Expr, sample: pl.Series, name: Name) -> tuple[pl.Expr, str]:
    """One column in our type, and what is to be said about its unit."""
    dtype = EVENT[ours]
    if dtype == pl.Boolean():
        return truth(column), ""
    if isinstance(dtype, pl.List):
        return column.cast(pl.String()).str.extract_all(r'[^\s\[\]",]+'), ""
    if isinstance(dtype, pl.Enum):
        return column.cast(pl.String()).str.to_lowercase().cast(dtype, strict=False), ""
    if not dtype.is_numeric():
        return text(column), ""
    known = sample.drop_nulls()
    comma = bool(known.str.contains(r"^\s*-?\d+,\d+\s*$").any())
    amount = number(column, comma=comma)
    scale, note = _scale(
        ours, known.str.replace(",", ".", literal=True).cast(pl.Float64(), strict=False), name
    )
    return (amount * scale if scale != 1 else amount).cast(dtype, strict=False), note


def _scale(ours: str, known: pl.Series, name: Name) -> tuple[float, str]:
    """Factor to our unit: by the suffix of the name, else by the size of the values."""
    if ours == "scroll_pct":
        top = known.max()
        is_share = isinstance(top, float) and 0 < top <= 1 and bool((known % 1 > 0).any())
        return (100.0, "shares read as percent") if is_share else (1.0, "")
    if not ours.endswith("_ms") or name.whole == ours.replace("_", ""):
        return 1.0, ""
    if name.unit:
        return MICROSECONDS[name.unit] / 1_000, f"{name.unit} by the name"
    median = known.filter(known > 0).median()
    limit = _WHOLE_SECONDS.get(ours, 0.0)
    if isinstance(median, float) and median < limit:
        return 1_000.0, "no unit in the name: read as seconds by its size"
    return 1.0, "no unit in the name: read as milliseconds"
