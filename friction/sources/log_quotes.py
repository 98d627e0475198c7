"""Lines of logs cut at their quotes, a quarter of the work of the pattern; whatever is unusual is left to the pattern.

192.0.2.10 - anna [02/Mar/2026:10:00:00 +0200] "GET / HTTP/1.1" 200 512 "https://…" "Mozilla/5.0 …" 0.004
└ head ──────────────────────────────────────┘ └ request ─────┘ └tail─┘
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field

import polars as pl

from friction.values import dataclass

Words = Mapping[str, int]
"""Words that are kept, and their places."""
HOST = r"(?:[\w-]+(?:\.[\w-]+)*(?::\d+)?)"
IP = r"(?:[\d.]+|[\da-fA-F:.]*:[\da-fA-F:.]+)"
_ANY = "[!-~]+"
_CLF = rf"{_ANY} [!-Z\\-~]+ \[[^\[\]]{{26}}\] $"
"""Who asked and when: `_TIME` is in its place in a text of this length."""
_TIME = (-28, 26)
_TAIL = r"^ [0-9]{3} (?:[0-9]+|-) $"
_TOLD = {"status": 1, "bytes": 2}


@dataclass(frozen=True)
class Shape:
    """How the usual lines of a layout look: what stands before the first quote and between the second and the third."""

    head: str
    words: Words
    """Of the head."""
    parts: Mapping[int, str]
    """What stands between quotes by its place, and after the last one."""
    tail: str = ""
    tail_words: Words = field(default_factory=dict)
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
    "combined": Shape(rf"^{_ANY} {_CLF}", {"ip": 0, "user": 2}, COMBINED, _TAIL, _TOLD, 6, (4,)),
    "combined with host": Shape(
        rf"^{HOST} {IP} {_CLF}", {"host": 0, "ip": 1, "user": 3}, COMBINED, _TAIL, _TOLD, 6, (4,)
    ),
    "load balancer": Shape(
        rf"^(?:https?|h2|grpcs|wss?) {_ANY} {_ANY} [0-9.a-f:\[\]]+:[0-9]+ {_ANY} -?[0-9.]+ -?[0-9.]+ -?[0-9.]+"
        rf" (?:[0-9]{{3}}|-) {_ANY} -?[0-9]+ -?[0-9]+ $",
        {"iso_time": 1, "client": 3, "took_1": 5, "took_2": 6, "took_3": 7, "status": 8},
        {1: "request", 3: "agent"},
        blanks=(2,),
    ),
}
"""Layouts that are cut so (`friction.sources.log_lines.LAYOUTS`)."""


def cut(
    frame: pl.DataFrame,
    shape: Shape,
    fields: Mapping[str, str],
    by_pattern: pl.Expr,
    *,
    has_escapes: bool = True,
) -> pl.DataFrame:
    """`cells` of every line in `words`: these `fields` (group of the pattern → its name there) as `by_pattern` would
    make them. `has_escapes`: some lines may have a backslash.
    """
    parts = frame.select("words", part=pl.col("words").str.splitn('"', shape.last + 1)).unnest("part")
    usual = parts.select(_is_usual(shape, has_escapes=has_escapes).fill_null(value=False)).to_series()
    asked = {"client" if group == "ip" and "client" in shape.words else group for group in fields}
    parts = parts.with_columns(_words(0, shape.words, asked), _words(2, shape.tail_words, asked))
    made = [_made(group, shape).alias(name) for group, name in fields.items()]
    if usual.all():
        return frame.with_columns(parts.select(pl.struct(made).alias("cells")))
    # The pattern sees the other lines only: of a null it has nothing to do.
    rest = frame.select(words=pl.when(~usual).then("words")).select(rest=by_pattern).to_series()
    made = [
        pl.when(usual).then(each).otherwise(rest.struct.field(name)).alias(name)
        for each, name in zip(made, fields.values(), strict=True)
    ]
    return frame.with_columns(parts.select(pl.struct(made).alias("cells")))


def _words(place: int, words: Words, asked: Collection[str]) -> pl.Expr:
    """The words of a part up to the last one that is asked for, as a struct."""
    last = max((words[name] for name in words if name in asked), default=0)
    return pl.col(f"field_{place}").str.split_exact(" ", last).alias(f"words_{place}")


def _is_usual(shape: Shape, *, has_escapes: bool) -> pl.Expr:
    """The line is of the common kind, so that the quotes say where its fields are."""
    is_usual = pl.col("field_0").str.contains(shape.head)
    if shape.tail:
        is_usual &= pl.col("field_2").str.contains(shape.tail)
    if has_escapes:
        is_usual &= ~pl.col("words").str.contains("\\", literal=True)
    if shape.quotes:
        # There is something behind the last quote that was looked for, and no other quote in it.
        is_usual &= ~pl.col(f"field_{shape.last}").str.contains('"', literal=True)
    else:
        is_usual &= pl.col(f"field_{shape.last}").str.starts_with(" ")
    for place in shape.blanks:
        is_usual &= pl.col(f"field_{place}") == " "
    return is_usual


def _made(group: str, shape: Shape) -> pl.Expr:
    """What the pattern calls so."""
    if group == "clf_time":
        return pl.col("field_0").str.slice(*_TIME)
    if group == "ip" and "client" in shape.words:
        return _word("client", 0, shape.words).str.strip_chars_end("0123456789").str.strip_suffix(":")
    for place, words in ((0, shape.words), (2, shape.tail_words)):
        if group in words:
            return _word(group, place, words)
    return pl.col(next(f"field_{place}" for place, name in shape.parts.items() if name == group))


def _word(name: str, place: int, words: Words) -> pl.Expr:
    return pl.col(f"words_{place}").struct[f"field_{words[name]}"]
