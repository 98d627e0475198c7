"""Lines of logs cut at their quotes, a quarter of the work of the pattern; whatever is unusual is left to the pattern.

192.0.2.10 - anna [02/Mar/2026:10:00:00 +0200] "GET / HTTP/1.1" 200 512 "https://…" "Mozilla/5.0 …" 0.004
└ head: six words ────────────────────────────┘ └ request ─────┘ └tail─┘
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

Words = tuple[tuple[str, str], ...]
"""What a word is called (nothing: it is not kept), and how it looks."""
HOST = r"(?:[\w-]+(?:\.[\w-]+)*(?::\d+)?)"
IP = r"(?:[\d.]+|[\da-fA-F:.]*:[\da-fA-F:.]+)"
_ANY, _NONE, _STATUS = r"^\S+$", "^$", r"^\d{3}$"
_CLF: Words = (
    ("", _ANY),
    ("user", r"^[^\s\[][^\[\s]*$"),
    ("day", r"^\[[^\[\]]+$"),
    ("zone", r"^[^\]]+\]$"),
    ("", _NONE),
)
_TAIL: Words = (("", _NONE), ("status", _STATUS), ("bytes", r"^(?:\d+|-)$"), ("", _NONE))


@dataclass(frozen=True)
class Shape:
    """How the usual lines of a layout look: words before the first quote and between the second and the third."""

    head: Words
    tail: Words
    parts: Mapping[int, str]
    """What stands between quotes by its place, and after the last one."""
    quotes: int | None = None
    """How many quotes a line has; null: the rest after the last part may have more."""
    blanks: Sequence[int] = field(default=())
    """Places between quotes where only a blank stands."""

    @property
    def last(self) -> int:
        """The place of what follows after the quotes that are looked at."""
        return max(*self.parts, *self.blanks) + (0 if self.quotes else 1)


COMBINED = {1: "request", 3: "referer", 5: "agent", 6: "rest"}
SHAPES: dict[str, Shape] = {
    "combined": Shape((("ip", _ANY), *_CLF), _TAIL, COMBINED, 6, (4,)),
    "combined with host": Shape((("host", f"^{HOST}$"), ("ip", f"^{IP}$"), *_CLF), _TAIL, COMBINED, 6, (4,)),
    "load balancer": Shape(
        (
            ("", r"^(?:https?|h2|grpcs|wss?)$"),
            ("iso_time", _ANY),
            ("", _ANY),
            ("client", r"^[\d.a-f:\[\]]+:\d+$"),
            ("", _ANY),
            *((f"took_{place}", r"^-?[\d.]+$") for place in (1, 2, 3)),
            ("status", r"^(?:\d{3}|-)$"),
            ("", _ANY),
            ("", r"^-?\d+$"),
            ("", r"^-?\d+$"),
            ("", _NONE),
        ),
        (),
        {1: "request", 3: "agent"},
        blanks=(2,),
    ),
}
"""Layouts that are cut so (`friction.sources.log_lines.LAYOUTS`)."""


def cut(
    frame: pl.DataFrame, shape: Shape, groups: Sequence[str], names: Sequence[str], by_pattern: pl.Expr
) -> pl.DataFrame:
    """`cells` of every line in `words`, called `names`, as `by_pattern` would make them of its `groups`."""
    parts = frame.select("words", part=pl.col("words").str.splitn('"', shape.last + 1)).unnest("part")
    found = [_words(place, words) for place, words in ((0, shape.head), (2, shape.tail)) if words]
    parts = parts.with_columns(found).unnest(*(each.meta.output_name() for each in found))
    usual = parts.select(_is_usual(shape).fill_null(value=False)).to_series()
    named = parts.select(_named(shape))
    fields = [_made(group, named.columns).alias(name) for group, name in zip(groups, names, strict=True)]
    if usual.all():
        return frame.with_columns(named.select(pl.struct(fields)).to_series().alias("cells"))
    # The pattern sees the other lines only: of a null it has nothing to do.
    rest = frame.select(words=pl.when(~usual).then("words")).select(rest=by_pattern).to_series()
    fields = [
        pl.when(usual).then(each).otherwise(rest.struct.field(name)).alias(name)
        for each, name in zip(fields, names, strict=True)
    ]
    return frame.with_columns(named.select(pl.struct(fields)).to_series().alias("cells"))


def _words(place: int, words: Words) -> pl.Expr:
    """The words of a part, called by the place of both."""
    found = pl.col(f"field_{place}").str.split_exact(" ", len(words) - 1)
    return found.name.map_fields(lambda name: f"word_{place}_{name.removeprefix('field_')}").alias(
        f"words_{place}"
    )


def _placed(shape: Shape) -> Iterator[tuple[pl.Expr, str, str]]:
    """Every word with its name and its look."""
    for part, words in ((0, shape.head), (2, shape.tail)):
        for place, (name, look) in enumerate(words):
            yield pl.col(f"word_{part}_{place}"), name, look


def _is_usual(shape: Shape) -> pl.Expr:
    """The line is of the common kind, so that the quotes say where its fields are."""
    words = pl.col("words")
    is_usual = ~words.str.contains("\\", literal=True)
    if shape.quotes:
        # There is something behind the last quote that was looked for, and no other quote in it.
        is_usual &= ~pl.col(f"field_{shape.last}").str.contains('"', literal=True)
    else:
        is_usual &= pl.col(f"field_{shape.last}").str.starts_with(" ")
    for place in shape.blanks:
        is_usual &= pl.col(f"field_{place}") == " "
    for word, _, look in _placed(shape):
        is_usual &= word == "" if look == _NONE else word.str.contains(look)
    return is_usual


def _named(shape: Shape) -> list[pl.Expr]:
    """Everything that has a name."""
    words = [word.alias(name) for word, name, _ in _placed(shape) if name]
    return words + [pl.col(f"field_{place}").alias(name) for place, name in shape.parts.items()]


def _made(group: str, have: Sequence[str]) -> pl.Expr:
    """What the pattern calls so."""
    if group == "clf_time":
        return (pl.col("day") + " " + pl.col("zone")).str.strip_chars("[]")
    return pl.col("client").str.replace(r":\d+$", "") if group == "ip" and "client" in have else pl.col(group)
