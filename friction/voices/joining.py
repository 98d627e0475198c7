"""What customers said, beside the session it is about: by session, visitor, account or address, never by guessing.

The strongest key that a record bears and the events know decides: the session, then the visitor, the account, the
e-mail address, and the number of a customer whom a table of customers knows. A record joined by a person belongs to
the session they were in, else to the last one before it: an answer within a week, a call for help within three days.
Ids are compared as they stand and as they are kept (hashed), so a converted table joins as well as a raw one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import polars as pl

from friction.identity import People
from friction.privacy.columns import Policy
from friction.privacy.identities import session, visitor
from friction.values import dataclass
from friction.voices.tables import Voices

WITHIN_H = {"feedback": 168, "tickets": 72}
"""Hours after the last event of a session within which a record belongs to it."""
KEYS = ("session", "visitor", "user", "email", "customer")
JOIN = pl.Schema({"key": pl.String(), "person": pl.Int64(), "session": pl.UInt32(), "at": pl.UInt32()})
"""What joining adds to a record: the key that joined it (null: none), the person by number (null: by the session
alone), the session by number in the pool and the event after which it stands (null: outside of any session)."""
ACCOUNT = 1 << 34
"""People without a link are numbered by their visitor, those whom no event calls a visitor from here on."""


@dataclass(frozen=True)
class Known:
    """The events as joining sees them: `session_id`, `visitor_id`, `user_id`, `url` as categories, and `ts`."""

    rows: pl.DataFrame
    people: People
    policy: Policy

    def words(self, column: str) -> pl.DataFrame:
        """`word, code` of a column's pool; empty where the events have no such column."""
        if column not in self.rows.columns:
            return pl.DataFrame(schema={"word": pl.String(), "code": pl.UInt32()})
        present = self.rows[column].unique().drop_nulls()
        return pl.DataFrame({"word": present.cast(pl.String()), "code": present.to_physical()})

    @cached_property
    def is_by_visitor(self) -> bool:
        """No session is named, so that the session of an event is its visitor."""
        sessions, visitors = self.words("session_id")["word"], self.words("visitor_id")["word"]
        return sessions.len() == visitors.len() and bool(sessions.is_in(visitors.implode()).all())

    def person(self, column: str) -> pl.DataFrame:
        """`word, code, person` of visitors or users: their person, else themselves by a number below all people."""
        words = self.words(column)
        words = words.with_columns(person=self.people.of(words["word"]))
        own = pl.col("code").cast(pl.Int64())
        if column == "visitor_id":
            return words.with_columns(pl.coalesce("person", own))
        as_visitor = self.words("visitor_id").select("word", visitor=own)
        named = words.join(as_visitor, on="word", how="left", maintain_order="left")
        return named.select("word", "code", pl.coalesce("person", "visitor", own + ACCOUNT))


def joined(voices: Voices, known: Known) -> dict[str, pl.DataFrame]:
    """Each table with the columns of `JOIN`; `voices` as they were read, with e-mail addresses in lower case."""
    by_customer = _customers(voices, known)
    found = {}
    for name, table in voices.items():
        keys = _keys(table, known, by_customer)
        found[name] = table.hstack(_placed(table, keys, known, WITHIN_H.get(name)))
    return found


def _keys(table: pl.DataFrame, known: Known, customers: pl.DataFrame) -> pl.DataFrame:
    """`key, session, person` by record: the first of `KEYS` by which the events know it."""
    policy = known.policy
    sessions = _match(table["session_id"], known.words("session_id"), lambda raw: _as_sessions(raw, policy))
    visitors, users = known.person("visitor_id"), known.person("user_id")
    hashed = lambda raw: [raw, visitor(raw, policy.key)]  # noqa: E731 - the two forms of every id
    everybody = pl.concat([visitors, users]).unique("word", keep="first", maintain_order=True)
    people = {
        "visitor": _match(table["visitor_id"], everybody, hashed, "person"),
        "user": _match(table["user_id"], pl.concat([users, visitors]), hashed, "person"),
        "email": _emails(table["email_hash"], known, everybody),
        "customer": _looked_up(table, customers),
    }
    frame = pl.DataFrame({"session": sessions, **people})
    key = pl.coalesce(pl.when(pl.col(name).is_not_null()).then(pl.lit(name)) for name in KEYS)
    return frame.select(key=key, session="session", person=pl.coalesce(*people))


def _as_sessions(raw: str, policy: Policy) -> list[str]:
    """A session's id in the forms in which events may have it: as it is, or hashed with its visitor's part."""
    whose, point, which = raw.rpartition(".")
    forms = [raw, session(raw, policy.key, ())]
    return [*forms, *([f"{visitor(whose, policy.key)}.{which}"] if point else [])]


def _match(column: pl.Series, words: pl.DataFrame, forms, what: str = "code") -> pl.Series:  # type: ignore[no-untyped-def]
    """For each id what `words` know under one of its forms."""
    distinct = column.unique().drop_nulls().to_list()
    pairs = [(raw, form) for raw in distinct for form in dict.fromkeys(forms(raw))]
    asked = pl.DataFrame(pairs, schema={"raw": pl.String(), "word": pl.String()}, orient="row")
    hits = asked.join(words, on="word").unique("raw", keep="first", maintain_order=True)
    frame = pl.DataFrame({"raw": column})
    return frame.join(hits.select("raw", what), on="raw", how="left", maintain_order="left")[what]


def _emails(column: pl.Series, known: Known, everybody: pl.DataFrame) -> pl.Series:
    """People by address: of a link, or because the visitor's id is the address."""
    distinct = column.unique().drop_nulls()
    hashed = pl.Series([visitor(each, known.policy.key) for each in distinct], dtype=pl.String())
    person = known.people.of_email(distinct)
    person = person.zip_with(person.is_not_null(), known.people.of_email(hashed))
    lower = everybody.with_columns(pl.col("word").str.to_lowercase()).unique("word", keep="first")
    for form in (distinct, hashed):
        own = pl.DataFrame({"word": form}).join(lower, on="word", how="left", maintain_order="left")["person"]
        person = person.zip_with(person.is_not_null(), own)
    frame = pl.DataFrame({"raw": column})
    known_ = pl.DataFrame({"raw": distinct, "person": person})
    return frame.join(known_, on="raw", how="left", maintain_order="left")["person"]


def _customers(voices: Voices, known: Known) -> pl.DataFrame:
    """`source, customer_id, person` of the customers whom the events know; numbers are a tool's own."""
    table = voices.customers.filter(pl.col("customer_id").is_not_null())
    nobody = pl.DataFrame(schema={"source": pl.String(), "customer_id": pl.String(), "person": pl.Int64()})
    keys = _keys(table, known, nobody)
    found = table.select("source", "customer_id").hstack([keys["person"]]).drop_nulls()
    alone = pl.col("person").n_unique().over("source", "customer_id") == 1
    return found.unique().filter(alone).sort("source", "customer_id")


def _looked_up(table: pl.DataFrame, customers: pl.DataFrame) -> pl.Series:
    keys = ["source", "customer_id"]
    return table.select(keys).join(customers, on=keys, how="left", maintain_order="left")["person"]


def _placed(table: pl.DataFrame, keys: pl.DataFrame, known: Known, within_h: int | None) -> pl.DataFrame:
    """The columns of `JOIN`: the event after which each record stands."""
    nothing = pl.lit(None, pl.UInt32())
    if within_h is None:
        return keys.select("key", "person", session=nothing, at=nothing)
    asked = pl.DataFrame({"ts": table["ts"], "url": table["url"]}).hstack(keys).with_row_index("record")
    by_session = asked.filter(pl.col("session").is_not_null())
    by_person = asked.filter(pl.col("session").is_null() & pl.col("person").is_not_null())
    places = pl.concat(
        [
            _of_sessions(by_session, known),
            _of_people(by_person, known, within_h),
        ]
    )
    found = asked.drop("session", "person").join(places, on="record", how="left", maintain_order="left")
    return found.select("key", pl.coalesce("person", asked["person"]), "session", "at").cast(JOIN)


PLACE = pl.Schema({"record": pl.UInt32(), "person": pl.Int64(), "session": pl.UInt32(), "at": pl.UInt32()})


def _of_sessions(asked: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Records that name their session: after its last event before them, else after its first."""
    if asked.is_empty():
        return PLACE.to_frame()
    rows = _sessions(known, asked["session"].unique())
    left = asked.select("record", "ts", "url", "session").sort("ts")
    before = left.join_asof(rows, on="ts", by="session", strategy="backward", check_sortedness=False)
    after = left.join_asof(rows, on="ts", by="session", strategy="forward", check_sortedness=False)
    found = before.with_columns(
        at=pl.coalesce(before["at"], after["at"]), person=pl.coalesce(before["person"], after["person"])
    )
    return _on_its_page(found, rows).select(PLACE.names()).cast(PLACE)


def _of_people(asked: pl.DataFrame, known: Known, within_h: int) -> pl.DataFrame:
    """Records of people: after their last event before, of whichever session, within so many hours."""
    if asked.is_empty():
        return PLACE.to_frame()
    rows = _sessions_of(known, asked["person"].unique())
    left = asked.select("record", "ts", "url", "person").sort("ts")
    found = left.join_asof(
        rows.with_columns(seen="ts"), on="ts", by="person", strategy="backward", check_sortedness=False
    )
    near = found.filter(pl.col("ts") - pl.col("seen") <= pl.duration(hours=within_h))
    return _on_its_page(near, rows).select(PLACE.names()).cast(PLACE)


def _on_its_page(found: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Where the record names an address: the last event of the same session there before it, if there is one."""
    here = found.with_columns(path=_path(pl.col("url"))).drop_nulls("path")
    if here.is_empty():
        return found
    there = rows.select("session", "ts", "path", same="at").drop_nulls("path")
    near = here.select("record", "ts", "session", "path").sort("ts")
    same = near.join_asof(there, on="ts", by=["session", "path"], strategy="backward", check_sortedness=False)
    frame = found.join(same.select("record", "same"), on="record", how="left", maintain_order="left")
    return frame.with_columns(at=pl.coalesce("same", "at")).drop("same")


def _path(url: pl.Expr) -> pl.Expr:
    """The path of an address, by which a survey and the events name the same page."""
    bare = url.str.replace(r"^[a-zA-Z][\w+.-]*://[^/?#]*", "").str.replace(r"[?#].*$", "")
    return pl.when(url.is_not_null()).then(bare.str.replace(r"(.)/$", "$1"))


def _sessions(known: Known, sessions: pl.Series) -> pl.DataFrame:
    """Events of these sessions in the order of time: `session, person, ts, at, path`."""
    mask = known.rows["session_id"].to_physical().is_in(sessions.implode())
    return _events(known, mask)


def _sessions_of(known: Known, people: pl.Series) -> pl.DataFrame:
    """Events of these people, likewise; a session is theirs when the account it names first is, else its visitor."""
    mask = pl.repeat(value=False, n=known.rows.height, eager=True)
    for column in ("visitor_id", "user_id"):
        if column in known.rows.columns:
            theirs = known.person(column).filter(pl.col("person").is_in(people.implode()))["code"]
            mask |= known.rows[column].to_physical().is_in(theirs.implode()).fill_null(value=False)
    sessions = known.rows["session_id"].to_physical().filter(mask).unique()
    events = _events(known, known.rows["session_id"].to_physical().is_in(sessions.implode()))
    return events.filter(pl.col("person").is_in(people.implode()))


def _events(known: Known, mask: pl.Series) -> pl.DataFrame:
    rows = known.rows.with_row_index("at").filter(mask)
    columns: Sequence[str] = [name for name in ("visitor_id", "user_id") if name in rows.columns]
    frame = rows.select(
        "at", "ts", session=pl.col("session_id").to_physical(), name=pl.col("session_id").cast(pl.String())
    )
    frame = frame.with_columns(
        *(rows[name].to_physical().alias(name) for name in columns),
        path=_paths(rows["url"]) if "url" in rows.columns else pl.lit(None, pl.String()),
    )
    frame = frame.sort("ts", "name", "path", nulls_last=False)
    if known.is_by_visitor:
        person = pl.coalesce(_persons(frame, known, "user_id"), _persons(frame, known, "visitor_id"))
        return frame.with_columns(person=person)
    first = frame.group_by("session", maintain_order=True).agg(
        pl.col(name).drop_nulls().first() for name in columns
    )
    person = pl.coalesce(_persons(first, known, "user_id"), _persons(first, known, "visitor_id"))
    return frame.join(first.select("session", person=person), on="session", maintain_order="left")


def _persons(frame: pl.DataFrame, known: Known, column: str) -> pl.Series:
    if column not in frame.columns:
        return pl.repeat(None, frame.height, dtype=pl.Int64(), eager=True)
    people = known.person(column).select(pl.col("code").alias(column), "person")
    return frame.select(column).join(people, on=column, how="left", maintain_order="left")["person"]


def _paths(urls: pl.Series) -> pl.Series:
    distinct = urls.unique().drop_nulls()
    paths = pl.DataFrame({"url": distinct, "path": distinct.cast(pl.String())}).with_columns(
        path=_path(pl.col("path"))
    )
    return urls.to_frame("url").join(paths, on="url", how="left", maintain_order="left")["path"]
