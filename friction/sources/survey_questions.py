"""Which columns of a survey are questions, on which scale they are answered, and their answers as rows.

A column is a question by its answers: small whole numbers are scores, sentences are comments; short words are
attributes of a person and are not kept. The scale is what the header says (recommend, satisfied, easy, stars), else
what the answers allow; where several are possible the guess is said and `scale` in a mapping decides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import polars as pl

from friction.sources.aliases import normal
from friction.sources.fields import Fields
from friction.sources.spoken import NOTHING, said, scored
from friction.tables.table import Table
from friction.values import dataclass
from friction.voices.tables import SCALES

WORDS: tuple[tuple[str, str], ...] = (
    (r"(?i)\bnps\b|net ?promoter|recommend|recommand|empfehl|weiterempf", "nps"),
    (r"(?i)\bces\b|effort|\beasy\b|\bease\b|facile|einfach|leicht", "ces"),
    (r"(?i)csat|satisf|zufrieden|content with", "csat"),
    (r"(?i)\bstars?\b|étoile|sterne|\brating\b|\brated?\b", "stars"),
)
ATTRIBUTES = re.compile(
    r"(?i)^(#|id|number|no|name|first ?name|last ?name|user|status|plan|company|locale|language|network id"
    r"|start date.*|stage date.*|submit date.*|response type|ip|phone|city|version|browser|os|updated.*|created.*)$"
)
"""Headers of what is asked of nobody."""
MIN_SHARE = 0.9
SENTENCE = 12
"""Letters that answers in words have in the middle at least; attributes are shorter."""
CELL = "question "


@dataclass(frozen=True)
class Question:
    """One column with answers."""

    at: int
    header: str
    scale: str
    """A key of `SCALES`, or `text`."""
    best: float | None
    note: str = ""

    @property
    def label(self) -> str:
        return f"{CELL}{self.at}"


def questions(table: Table, taken: set[int], mapping: Mapping[str, str]) -> list[Question]:
    """The questions of a table whose columns at `taken` are known for something else."""
    found = []
    for at, header in enumerate(table.names):
        if at in taken or at >= table.sample.width or ATTRIBUTES.match(header.strip()):
            continue
        if header.lower().startswith("tags for"):
            continue
        if question := _question(at, header, table.sample[:, at], mapping):
            found.append(question)
    return found


def _question(at: int, header: str, sample: pl.Series, mapping: Mapping[str, str]) -> Question | None:
    given = sample.cast(pl.String()).str.strip_chars()
    given = given.filter(given.is_not_null() & ~given.is_in(NOTHING))
    if given.is_empty():
        return None
    scores = pl.select(scored(pl.lit(given))).to_series().drop_nulls()
    whole = scores.filter((scores % 1 == 0) & (scores >= 0) & (scores <= 10))
    if whole.len() >= MIN_SHARE * given.len():
        found = scale_of(header, whole, mapping)
        return Question(at, header, *found) if found else None
    middle = given.str.len_chars().median()
    is_asked = header.rstrip().endswith("?") or len(header.split()) > 3
    is_told = isinstance(middle, float) and middle >= SENTENCE and bool(given.str.contains(" ").mean() or 0)
    return Question(at, header, "text", None) if is_asked or is_told else None


def scale_of(header: str, scores: pl.Series, mapping: Mapping[str, str]) -> tuple[str, float, str] | None:
    """Scale, best answer and what is to be said about the guess; null where it is no scale."""
    top, bottom = float(str(scores.max())), float(str(scores.min()))
    named = mapping.get("scale") or next((scale for sign, scale in WORDS if re.search(sign, header)), None)
    if named == "nps":
        return "nps", 10.0, ""
    if named in SCALES:
        return named, _best(named, top), ""
    if top > 7 or (bottom < 1 and top > 1):
        return "nps", 10.0, "read as a scale from 0 to 10 by the answers"
    if top > 5:
        return (
            "ces",
            7.0,
            "read as a scale from 1 to 7 by the answers; say scale in a mapping where it is another",
        )
    if bottom >= 1 and top > 1:
        return (
            "csat",
            5.0,
            "read as a scale from 1 to 5 by the answers; say scale in a mapping where it is another",
        )
    return None


def _best(scale: str, top: float) -> float:
    """The best answer of a scale that comes in several lengths."""
    return next(best for best in (1.0, 5.0, 7.0, 10.0) if best >= top and (best > 1 or scale == "reaction"))


def spread(rows: pl.DataFrame, told: pl.DataFrame, asked: Sequence[Question]) -> pl.DataFrame:
    """One row an answer. Words beside a single score are its comment."""
    words = [one for one in asked if one.scale == "text"]
    scores = [one for one in asked if one.scale != "text"]
    if len(scores) == 1:
        comment = pl.concat_str(
            [said(one.label) for one in words] or [pl.lit(None, pl.String())],
            separator=" / ",
            ignore_nulls=True,
        )
        comments = told.select(pl.when(comment != "").then(comment))
        return _answer(rows, told, scores[0]).with_columns(comments.to_series().alias("comment"))
    parts = [_answer(rows, told, one) for one in asked]
    return pl.concat(parts, how="diagonal").filter(
        pl.col("score").is_not_null() | pl.col("comment").is_not_null()
    )


def _answer(rows: pl.DataFrame, told: pl.DataFrame, one: Question) -> pl.DataFrame:
    cell = said(one.label)
    is_text = one.scale == "text"
    made = told.select(
        score=pl.lit(None, pl.Float64()) if is_text else scored(cell),
        comment=cell if is_text else pl.lit(None, pl.String()),
    )
    rest = rows.drop("score", "comment", "scale", "best", "question", strict=False)
    return rest.hstack(made).with_columns(
        scale=pl.lit(one.scale), best=pl.lit(one.best, pl.Float64()), question=pl.lit(one.header)
    )


def single(rows: pl.DataFrame, known: Fields, mapping: Mapping[str, str]) -> pl.DataFrame:
    """Answers to the one question of a tool: its scale by its own word, by the header, or by the answers."""
    have = set(rows.columns)
    rows = rows.with_columns(
        pl.lit(None, dtype).alias(name)
        for name, dtype in (("score", pl.Float64()), ("comment", pl.String()))
        if name not in have
    )
    header = known.table.names[known.positions["score"]] if "score" in known.positions else ""
    scores = rows["score"].drop_nulls()
    guess = scale_of(header, scores, mapping) if scores.len() else None
    scale = pl.lit(guess[0] if guess else "text")
    best = pl.lit(guess[1] if guess else None, pl.Float64())
    if "scale" in have:
        word = pl.col("scale").map_elements(_scale_word, return_dtype=pl.String())
        own = word.replace_strict({name: top for name, (_, top) in SCALES.items()}, default=None)
        own = pl.when(pl.col("score") > own).then(pl.col("score").max().over(word)).otherwise(own)
        scale, best = pl.coalesce(word, scale), pl.coalesce(own, best)
    return rows.with_columns(scale=scale, best=best)


def _scale_word(text: str) -> str | None:
    """`NPS survey`, `stars_five` … as one of `SCALES`."""
    plain = normal(text)
    if "thumb" in plain or "smil" in plain or "reaction" in plain:
        return "reaction" if "thumb" in plain else "csat"
    spaced = text.replace("_", " ")
    return next((scale for sign, scale in WORDS if re.search(sign, spaced)), None)
