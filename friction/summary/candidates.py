"""Goals that a person would choose, proposed when none is known or nothing fits it: events and pages by their names."""

from __future__ import annotations

import re

import polars as pl

from friction.goals import Clause
from friction.ingest.events import Events
from friction.report import Candidate

EVENT_WORDS = re.compile(
    r"purchase|order|transaction|checkout.?(complete|success)|sign.?up|register|subscri|lead|book(ing|ed)|paid|payment"
    r"|achat|commande|inscription|paiement|r[ée]serv",
    re.IGNORECASE,
)
PAGE_WORDS = re.compile(
    r"thank|merci|success|confirm|complete|/done\b|order[-_/]?(placed|received)|welcome|bienvenue",
    re.IGNORECASE,
)
SHOWN = 5


def candidates(events: Events) -> list[Candidate]:
    """At most five, those reached by most sessions first; a goal that every session reaches is none."""
    sessions = events.names.len()
    found = _named(events, "name", EVENT_WORDS, "event") + _named(events, "page", PAGE_WORDS, "page")
    useful = [candidate for candidate in found if candidate.sessions < sessions]
    return sorted(useful, key=lambda each: (-each.sessions, each.definition))[:SHOWN]


def _named(events: Events, column: str, words: re.Pattern[str], field: str) -> list[Candidate]:
    known = events.dictionaries.get(column)
    if known is None:
        return []
    codes = [code for code, word in enumerate(known.words.to_list()) if words.search(word)]
    in_pool = known.ranks.is_in(pl.Series(codes, dtype=pl.UInt32).implode()).fill_null(value=False)
    if not in_pool.any():
        return []
    source, wanted = "url" if column == "page" else column, []
    for rows, key in events.store.pieces([source]):
        numbers = rows[source].to_physical()
        at = in_pool.gather(numbers).fill_null(value=False).arg_true()
        found = known.ranks.gather(numbers.gather(at))
        wanted.append(pl.DataFrame({"session_id": key.gather(at), "code": found}).unique())
    counted = pl.concat(wanted).group_by("code").agg(pl.col("session_id").n_unique().alias("sessions"))
    return [
        Candidate(str(Clause(field, "=", known.words[code])), sessions, f"{field}_name")
        for code, sessions in counted.sort("code").iter_rows()
    ]
