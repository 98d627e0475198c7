"""Who is who, and what customers said as events of the sessions it is about; before pages and sessions are worked out.

A record that belongs to a session becomes an event of it: `feedback` with its score (`name` is the scale, `value` the
score, from 0 to 10 of NPS and from 1 to 5 of all others, `count` the best answer) or `ticket`; `duration_ms` is how
long after the last event it came. It stands right after that event and moves nothing: sessions last as long as they
did, whenever the ticket was written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field

import polars as pl

from friction.identity import IDS, People, of_rows, of_voices, of_words, stitched
from friction.ingest.events import Events
from friction.ingest.gather import Gathered, Pools
from friction.ingest.words import pool_words
from friction.privacy.columns import Policy
from friction.schema import KIND
from friction.values import dataclass
from friction.voices.joining import ACCOUNT, JOIN, Known, joined
from friction.voices.masked import masked
from friction.voices.tables import ID, SCALES, Voices

KINDS = {"feedback": "feedback", "tickets": "ticket"}
HASHED = r"^v_[a-z2-7]{26}$"
"""An id that came from a converted table."""
STARS = (1.0, 5.0)
"""The scale on which all but NPS are told to detectors."""
TOLD = ("session_id", "visitor_id", "user_id", "url")
"""What an event that a record became takes over from the one before it."""


@dataclass(frozen=True)
class Heard:
    """What files of answers, tickets, deals and customers hold, and the people behind all files."""

    voices: Voices = field(default_factory=Voices.of)
    """Masked; each record once."""
    joins: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    """By table the columns of `JOIN` for its records, with `row`, the number of the event a record became."""
    people: People = field(default_factory=People)

    @property
    def capabilities(self) -> frozenset[str]:
        """What they can tell, in the words of `schema.CAPABILITIES`."""
        told = {"feedback": "has_feedback", "tickets": "has_tickets"}
        return frozenset(word for name, word in told.items() if getattr(self.voices, name).height)

    def sessions(self, name: str, events: Events, sessions: pl.DataFrame) -> pl.DataFrame:
        """The records of a table with `key`, `person` and `session` as `friction.reduce` numbers sessions (null: none).

        `person` is numbered like `visitor` of the sessions.
        """
        table: pl.DataFrame = getattr(self.voices, name)
        joins = self.joins.get(name, pl.DataFrame(schema={**JOIN, "row": pl.UInt32()}).clear(table.height))
        rows = joins["row"]
        asked = (
            events.store.places(rows).rename({"ts": "at"}).with_row_index("record").drop_nulls().sort("at")
        )
        spans = sessions.select("key", "start", "session_id").sort("start")
        found = asked.join_asof(
            spans, left_on="at", right_on="start", by="key", strategy="backward", check_sortedness=False
        )
        numbers = pl.repeat(None, table.height, dtype=pl.UInt32, eager=True)
        numbers = numbers.scatter(found["record"], found["session_id"])
        own = joins.select("key", person=_as_visitors(joins["person"], events))
        return table.hstack(own).with_columns(numbers.alias("session"))


def _as_visitors(people: pl.Series, events: Events) -> pl.Series:
    """People without a link by the code of their visitor or account, in place of its number in the pool."""
    for column, first, last in (("visitor_id", 0, 1 << 32), ("user_id", ACCOUNT, 1 << 62)):
        if column in events.dictionaries:
            mine = people.is_between(first, last, closed="left").fill_null(value=False)
            number = (people - first).zip_with(mine, pl.Series([None], dtype=pl.Int64()))
            codes = events.dictionaries[column].ranks.gather(number.cast(pl.UInt32)).cast(pl.Int64())
            people = (codes + first).zip_with(mine, people)
    return people


def all_voices(found: Sequence[Gathered]) -> Voices:
    """The records of all files, numbered like the files, each once however many exports hold it."""
    numbered = [each.voices.numbered(at) for at, each in enumerate(found) if each.voices is not None]
    return each_once(Voices.together(numbered))


def each_once(every: Voices) -> Voices:
    """The records without those that repeat another."""
    return Voices(**{name: _once(table, name) for name, table in every.items()})


def _once(table: pl.DataFrame, name: str) -> pl.DataFrame:
    if not table.height:
        return table
    keys = ["source", ID[name], *(["question"] if name == "feedback" else [])]
    keys += ["email_hash", "user_id"] if name == "customers" else []
    richest = table.with_columns(said=pl.sum_horizontal(pl.all().is_not_null()))
    order = richest.sort(
        "said", "ts", "file_id", "row_no", descending=[True, False, False, False], nulls_last=True
    )
    known = order.filter(pl.col(ID[name]).is_not_null()).unique(keys, keep="first", maintain_order=True)
    rest = order.filter(pl.col(ID[name]).is_null())
    return (
        pl.concat([known, rest]).drop("said").sort(*(n for n in ("ts", "file_id", "row_no")), nulls_last=True)
    )


def people_of(
    pieces: Callable[[Sequence[str]], Iterable[pl.DataFrame]],
    columns: Sequence[str],
    voices: Voices,
    apart: Sequence[str],
    policy: Policy,
) -> People:
    """Everybody in events and tables; `pieces` gives rows of the events, which have `columns`, with their ids as
    categories.
    """
    ids = [name for name in IDS.values() if name in columns]
    places = [name for name in ("file_id", "row_no") if name in columns]
    links = [of_rows(pieces([*ids, *places]) if len(ids) > 1 else ()), of_voices(voices)]
    is_hashed = False
    for kind in ("visitor", "user"):
        if f"{kind}_id" in ids:
            words = _telling(pieces([f"{kind}_id"]), f"{kind}_id")
            links.append(of_words(words, kind))
            is_hashed |= bool(words.str.contains(HASHED).any())
    return stitched(pl.concat(links), apart, policy.key if is_hashed else None)


def _telling(pieces: Iterable[pl.DataFrame], name: str) -> pl.Series:
    """All ids of the column; none where none is an address or hashed, the only ones that say anything by themselves.

    What the pool holds is asked first: to look through all rows takes as long as to read them.
    """
    every: list[pl.Series] = []
    for rows in pieces:
        dtype = rows.schema[name]
        assert isinstance(dtype, pl.Categorical)
        if not every and not pool_words(dtype.categories).str.contains(f"@|{HASHED}").any():
            return pl.Series(name, [], dtype=pl.String())
        every.append(rows[name].unique().drop_nulls())
    return pl.concat(every).unique().cast(pl.String())


def heard(
    rows: pl.DataFrame, voices: Voices, people: People, pools: Pools, policy: Policy
) -> tuple[list[pl.DataFrame], Heard]:
    """The events that records became, to stand at the end of all, and the records with what joins them.

    `rows` have the columns `TOLD` as far as there are any.
    """
    if voices.is_empty:
        return [], Heard(people=people)
    tables = joined(voices, Known(rows, people, policy))
    joins, more, place = {}, list[pl.DataFrame](), rows.height
    for name, table in tables.items():
        numbers = pl.repeat(None, table.height, dtype=pl.UInt32(), eager=True)
        placed = table.with_row_index("record").filter(pl.col("at").is_not_null())
        if name in KINDS and placed.height:
            more.append(_events(name, placed, rows, pools))
            made = pl.int_range(place, place + placed.height, dtype=pl.UInt32, eager=True)
            numbers, place = numbers.scatter(placed["record"], made), place + placed.height
        joins[name] = table.select(JOIN.names()).with_columns(numbers.alias("row"))
    return more, Heard(masked(voices, policy), joins, people)


def _events(name: str, placed: pl.DataFrame, rows: pl.DataFrame, pools: Pools) -> pl.DataFrame:
    """The records of a table as events after those at `at`."""
    after = rows[placed["at"]].select(column for column in TOLD if column in rows.columns)
    own = placed.select(
        kind=pl.lit(KINDS[name], KIND),
        ts=rows["ts"].gather(placed["at"]) + pl.duration(microseconds=1),
        row_no=pl.col("row_no").cast(pl.UInt32),
        file_id="file_id",
        duration_ms=((pl.col("ts") - rows["ts"].gather(placed["at"])).dt.total_milliseconds()).cast(
            pl.Float32()
        ),
    )
    if name == "feedback":
        scales = {scale: worst for scale, (worst, _) in SCALES.items()}
        worst = (
            placed["scale"].cast(pl.String()).replace_strict(scales, default=None, return_dtype=pl.Float64())
        )
        share = (placed["score"] - worst) / (placed["best"] - worst)
        is_nps = placed["scale"].cast(pl.String()) == "nps"
        value = pl.Series("value", placed["score"]).zip_with(is_nps, STARS[0] + share * (STARS[1] - STARS[0]))
        names = placed["scale"].cast(pl.String()).cast(pools.dtype("name"))
        best = pl.select(pl.when(is_nps).then(10).otherwise(STARS[1])).to_series().cast(pl.Int32())
        own = own.with_columns(value.alias("value"), names.alias("name"), best.alias("count"))
    return own.hstack(after)


__all__ = ["ACCOUNT", "Heard", "all_voices", "heard", "people_of"]
