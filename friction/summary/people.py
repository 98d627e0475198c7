"""Whose each session is: the unit of everything that is counted by visitor."""

from __future__ import annotations

import polars as pl

from friction.ingest import Ingested
from friction.ingest.voices import ACCOUNT
from friction.reduce import Tables

NOBODY = 1 << 32
"""Sessions of which nobody is known are numbered from here on, each a visitor of its own."""


def with_people(tables: Tables, ingested: Ingested) -> Tables:
    """Give every session a `visitor`: the person of the account it names, else of its visitor, else a number of its
    own. A visitor who is joined with nobody is numbered by the code of `visitor_id`.
    """
    sessions = tables.sessions
    own = sessions["session_id"].cast(pl.Int64) + NOBODY
    by_account, by_visitor = (_person(sessions, column, ingested) for column in ("user_id", "visitor_id"))
    visitor = pl.select(pl.coalesce(by_account, by_visitor, own).alias("visitor")).to_series()
    return tables.changed(sessions=sessions.with_columns(visitor))


def _person(sessions: pl.DataFrame, column: str, ingested: Ingested) -> pl.Series:
    """The person behind a column of ids; null where the session has none."""
    dictionaries = ingested.events.dictionaries
    if column not in sessions.columns or column not in dictionaries:
        return pl.repeat(None, sessions.height, dtype=pl.Int64(), eager=True)
    words = dictionaries[column].words
    codes = pl.int_range(words.len(), dtype=pl.Int64(), eager=True)
    if column == "user_id":
        visitors = dictionaries["visitor_id"].words
        known = pl.DataFrame({"word": visitors}).with_row_index("code")
        same = pl.DataFrame({"word": words}).join(known, on="word", how="left", maintain_order="left")["code"]
        codes = same.cast(pl.Int64()).zip_with(same.is_not_null(), codes + ACCOUNT)
    if ingested.heard.people.is_empty:
        return codes.gather(sessions[column])
    people = ingested.heard.people.of(words)
    return people.zip_with(people.is_not_null(), codes).gather(sessions[column])
