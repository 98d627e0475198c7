"""What the data say about two ids that stand together: one row a pair, with how often and where it was said first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from friction.voices.tables import Voices

NODES = ("visitor", "user", "email")
LINK = pl.Schema(
    {
        "a_kind": pl.Enum(NODES),
        "a": pl.String(),
        "b_kind": pl.Enum(NODES),
        "b": pl.String(),
        "rule": pl.String(),
        "rows": pl.UInt32(),
        "file_id": pl.UInt32(),
        "row_no": pl.Int64(),
    }
)
"""`rule`: `login` (device and account in one event), `stated` (an e-mail address in an event), `address` (the id is an
e-mail address itself), or the table that says it (`customers`, `tickets`, `feedback`, `deals`)."""
IDS = {"visitor": "visitor_id", "user": "user_id", "email": "email_hash"}
ADDRESS = r"^\s*[^\s@]+@[^\s@]+\s*$"
"""An id that is an e-mail address: the same in any case, as no other id is."""
PAIRS = (("visitor", "user"), ("user", "email"), ("visitor", "email"))


def of_rows(pieces: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Links in events: rows with `visitor_id`, `user_id` and `email_hash` as categories, as far as there are any."""
    found: list[pl.DataFrame] = []
    have: list[str] = []
    for rows in pieces:
        have = [name for name in IDS.values() if name in rows.columns]
        if len(have) < 2:
            return LINK.to_frame()
        more = [name for name in ("file_id",) if name in rows.columns]
        told = rows.lazy().filter(pl.sum_horizontal(pl.col(name).is_not_null() for name in have) > 1)
        said = told.group_by(have).agg(
            pl.len().alias("rows"), *(pl.col(name).min() for name in more), pl.col("row_no").min()
        )
        found.append(said.collect())
    if not found:
        return LINK.to_frame()
    words = found[0] if len(found) == 1 else _added(pl.concat(found), have)
    return _pairs(words.with_columns(pl.col(name).cast(pl.String()) for name in have), "login")


def _added(said: pl.DataFrame, ids: Sequence[str]) -> pl.DataFrame:
    """The same ids once, as if all rows had been looked at together."""
    first = [pl.col(name).min() for name in ("file_id", "row_no") if name in said.columns]
    return said.group_by(ids).agg(pl.col("rows").sum(), *first)


def of_voices(voices: Voices) -> pl.DataFrame:
    """Links in tables of customers, tickets, answers and deals."""
    parts = [LINK.to_frame()]
    for name, table in voices.items():
        said = table.select(*IDS.values(), "file_id", "row_no", rows=pl.lit(1, pl.UInt32()))
        parts.append(_pairs(said, name))
    return pl.concat(parts)


def of_words(words: pl.Series, kind: str) -> pl.DataFrame:
    """Ids that are e-mail addresses themselves, also where they stand in small letters already."""
    odd = words.filter(words.str.contains(ADDRESS)).unique().sort()
    return pl.DataFrame({"a": odd}).select(
        a_kind=pl.lit(kind, pl.Enum(NODES)),
        a="a",
        b_kind=pl.lit("email", pl.Enum(NODES)),
        b=normal(pl.col("a")),
        rule=pl.lit("address"),
        rows=pl.lit(1, pl.UInt32()),
        file_id=pl.lit(None, pl.UInt32()),
        row_no=pl.lit(None, pl.Int64()),
    )


def normal(text: pl.Expr) -> pl.Expr:
    """An e-mail address as it is compared."""
    return text.str.strip_chars().str.to_lowercase()


def _pairs(said: pl.DataFrame, rule: str) -> pl.DataFrame:
    """Each pair of ids that a row names, once: how often, and where first."""
    parts = [LINK.to_frame()]
    for a, b in PAIRS:
        if not {IDS[a], IDS[b]} <= set(said.columns):
            continue
        b_word = normal(pl.col(IDS[b])) if b == "email" else pl.col(IDS[b])
        pairs = said.select(
            "rows",
            "row_no",
            a=pl.col(IDS[a]),
            b=b_word,
            file_id=pl.col("file_id") if "file_id" in said.columns else pl.lit(0, pl.UInt32()),
        ).filter(pl.col("a") != pl.col("b"))
        own = rule if rule != "login" or b == "user" else "stated"
        first = pairs.sort("file_id", "row_no").group_by("a", "b", maintain_order=True)
        parts.append(
            first.agg(pl.col("rows").sum(), pl.col("file_id", "row_no").first())
            .with_columns(a_kind=pl.lit(a), b_kind=pl.lit(b), rule=pl.lit(own))
            .select(pl.col(name).cast(dtype) for name, dtype in LINK.items())
        )
    return pl.concat(parts)
