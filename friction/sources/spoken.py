"""Cells of surveys, help desks and CRMs as expressions over labels: texts, e-mail addresses, scores, yes and no."""

from __future__ import annotations

import polars as pl

from friction.sources.casts import NOBODY, number

NOTHING = (*NOBODY, "N/A", "n/a", "NA", "–", "(blank)", "No value")
"""What exports write where there is nothing."""
TEXT: dict[str, str] = {
    **{"url": "url", "question": "question", "comment": "comment", "device": "device", "country": "country"},
    **{"recording_url": "recording", "subject": "subject", "body": "body", "channel": "channel"},
    **{"status": "status", "priority": "priority", "category": "category", "stage": "stage"},
    **{"currency": "currency", "scale": "scale"},
}
"""Column of ours that is a text → its label."""
GOOD = ("good", "offered good", "goodwithcomment", "satisfied", "positive", "yes", "true", "1", "happy")
BAD = ("bad", "offered bad", "badwithcomment", "dissatisfied", "unsatisfied", "negative", "no", "false", "0")
WON = r"(?i)\b(won|gewonnen|gagn[ée]e?s?)\b|closedwon|^true$"
LOST = r"(?i)\b(lost|verloren|perdue?s?)\b|closedlost"


def said(label: str) -> pl.Expr:
    """The text under a label; the words for nothing are null."""
    words = pl.col(label).cast(pl.String()).str.strip_chars()
    return pl.when(~words.is_in(NOTHING)).then(words)


def first_email(text: pl.Expr) -> pl.Expr:
    """The first e-mail address in a text, in lower case; null where there is none."""
    return text.str.extract(r"([^\s,;:<>\"'()\[\]]+@[^\s,;:<>\"'()\[\]]+)").str.to_lowercase()


def scored(text: pl.Expr) -> pl.Expr:
    """The number in a text, also with a comma or with what follows a slash (`4 / 5`); null where there is none."""
    bare = text.str.replace_all(r"[\s\u00a0\u202f]", "").str.replace(r"/\d+$", "")
    plain = bare.str.replace_all(r"[€$£]|[A-Z]{3}", "")
    thousands = plain.str.replace_all(r"[,.](\d{3})\b", "$1", literal=False)
    has_group = plain.str.contains(r"^-?\d{1,3}([,.]\d{3})+([,.]\d{1,2})?$")
    text_ = pl.when(has_group).then(thousands).otherwise(plain).str.replace(",", ".", literal=True)
    return number(text_)


def truth_of(text: pl.Expr) -> pl.Expr:
    """Whether a customer was content, in the words of help desks; null for others."""
    word = text.str.to_lowercase()
    return pl.when(word.is_in(GOOD)).then(pl.lit(value=True)).when(word.is_in(BAD)).then(pl.lit(value=False))


def outcome(text: pl.Expr) -> pl.Expr:
    """What became of a deal, by the words of its stage or status."""
    return (
        pl.when(text.str.contains(WON))
        .then(pl.lit("won"))
        .when(text.str.contains(LOST))
        .then(pl.lit("lost"))
        .when(text.is_not_null())
        .then(pl.lit("open"))
    )
