"""Combined lines cut at their quotes, a quarter of the work of the pattern; whatever is unusual is left to the pattern.

192.0.2.10 - anna [02/Mar/2026:10:00:00 +0200] "GET / HTTP/1.1" 200 512 "https://…" "Mozilla/5.0 …" 0.004
└ head: six words ────────────────────────────┘ └ request ─────┘ └tail─┘
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

QUOTES, HEAD, TAIL = 6, 5, 3
"""Of a line; blanks of what stands before the first quote, and between the second and the third."""


def cut(frame: pl.DataFrame, names: Sequence[str], by_pattern: pl.Expr) -> pl.DataFrame:
    """`cells` of every line in `words`, as `by_pattern` would make them: ip, user, time, request, status, bytes,
    referer, agent, rest.
    """
    parts = frame.select("words", part=pl.col("words").str.split_exact('"', QUOTES)).unnest("part")
    parts = parts.with_columns(
        pl.col("field_0").str.split_exact(" ", HEAD).name.map_fields(lambda name: f"head_{name[-1]}"),
        pl.col("field_2").str.split_exact(" ", TAIL).name.map_fields(lambda name: f"tail_{name[-1]}"),
    ).unnest("field_0", "field_2")
    usual = parts.select(_is_usual().fill_null(value=False).alias("usual")).to_series()
    fields = [field.alias(name) for name, field in zip(names, _fields(), strict=True)]
    if not usual.all():
        # The pattern sees the other lines only: of a null it has nothing to do.
        rest = frame.select(words=pl.when(~usual).then("words")).select(rest=by_pattern).to_series()
        fields = [
            pl.when(usual).then(field).otherwise(rest.struct.field(name)).alias(name)
            for name, field in zip(names, fields, strict=True)
        ]
    return frame.with_columns(parts.select(pl.struct(fields).alias("cells")).to_series())


def _is_usual() -> pl.Expr:
    """The line is of the common kind, so that the quotes say where its fields are."""
    words = pl.col("words")
    return (
        (words.str.count_matches('"', literal=True) == QUOTES)
        & ~words.str.contains("\\", literal=True)
        & (pl.col("field_4") == " ")
        & pl.col("head_0").str.contains(r"^\S+$")
        & pl.col("head_1").str.contains(r"^\S+$")
        & pl.col("head_2").str.contains(r"^[^\s\[][^\[\s]*$")
        & pl.col("head_3").str.contains(r"^\[[^\[\]]+$")
        & pl.col("head_4").str.contains(r"^[^\]]+\]$")
        & (pl.col("head_5") == "")
        & (pl.col("tail_0") == "")
        & pl.col("tail_1").str.contains(r"^\d{3}$")
        & pl.col("tail_2").str.contains(r"^(?:\d+|-)$")
        & (pl.col("tail_3") == "")
    )


def _fields() -> list[pl.Expr]:
    time = (pl.col("head_3") + " " + pl.col("head_4")).str.strip_chars("[]")
    named = ("field_1", "tail_1", "tail_2", "field_3", "field_5", "field_6")
    return [pl.col("head_0"), pl.col("head_2"), time, *map(pl.col, named)]
