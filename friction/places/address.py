"""What an address says: where data lie outside this machine, and of a database which rows.

s3://bucket/key        an object; a folder of them with or without `/` at the end; a pattern with `*`; or a table
                       of a lake (Delta, Iceberg), which is found out. So are gs:// and az://.
postgresql://host/db?table=events          a table or view; `?query=` a SELECT, written as addresses are
sqlite:///events.db?table=events           a file of this machine; four slashes for a path from the root
bigquery://project/dataset?table=events    snowflake://account/database/schema?table=events
source:NAME                                what `[sources.NAME]` of the configuration says
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from friction.errors import UsageError, nearest
from friction.values import dataclass

if TYPE_CHECKING:
    from friction.config.sources import SourceSettings

Kind = Literal["s3", "gs", "az", "postgresql", "sqlite", "bigquery", "snowflake"]
SCHEMES: Mapping[str, Kind] = {
    **dict.fromkeys(("s3", "s3a"), "s3"),
    **dict.fromkeys(("gs", "gcs"), "gs"),
    **dict.fromkeys(("az", "azure"), "az"),
    **dict.fromkeys(("postgresql", "postgres"), "postgresql"),
    "sqlite": "sqlite",
    "bigquery": "bigquery",
    "snowflake": "snowflake",
}
BUCKETS = frozenset({"s3", "gs", "az"})
NAMED = "source:"
_SECRET = ("password", "passfile", "private_key", "token", "secret", "pwd")
_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)


@dataclass(frozen=True)
class Place:
    """Where data lie. Holds no secret, so it may be told and kept."""

    kind: Kind
    at: str
    """The address without `table` and `query`."""
    name: str
    """What messages and reports call it."""
    table: str | None = None
    query: str | None = None
    watermark: str | None = None
    credentials: str | None = None
    """A file of lines `NAME=value`."""

    @property
    def is_bucket(self) -> bool:
        """Whether objects lie there, in the place of rows."""
        return self.kind in BUCKETS

    @property
    def is_remote(self) -> bool:
        """Whether it takes a network to get there."""
        return self.kind != "sqlite"


def is_address(text: str) -> bool:
    """Whether the text names a place and no path."""
    return text.startswith(NAMED) or _ADDRESS.match(text) is not None


def parse(text: str, sources: Mapping[str, SourceSettings] | None = None) -> Place:
    """The place that `text` names. Raises `UsageError` for an unknown scheme or source, for a database without a table
    or query, and for a password, which is never repeated.
    """
    if not text.startswith(NAMED):
        return _checked(_parsed(text))
    name, known = text.removeprefix(NAMED), sources or {}
    if name not in known:
        remedy = nearest(name, known) if known else "declare it as [sources.NAME] in friction.toml"
        raise UsageError("place.unknown_source", f"no source is called {name}", remedy=remedy)
    said = known[name]
    found = _parsed(said.at)
    return _checked(
        Place(
            found.kind,
            found.at,
            found.name if found.is_bucket else text,
            said.table or found.table,
            said.query or found.query,
            said.watermark,
            said.credentials,
        )
    )


def _parsed(text: str) -> Place:
    scheme = _ADDRESS.match(text)
    kind = SCHEMES.get(scheme[1].lower()) if scheme else None
    if kind is None:
        word = scheme[1] if scheme else text.partition(":")[0]
        raise UsageError(
            "place.unknown", f"{word} is no kind of place that can be read", remedy=nearest(word, SCHEMES)
        )
    return _bucket(kind, text) if kind in BUCKETS else _database(kind, text)


def _bucket(kind: Kind, text: str) -> Place:
    """Taken as it stands: a key may hold any character."""
    bucket, slash, key = text.partition("://")[2].partition("/")
    if "@" in bucket:
        raise _secret()
    if not bucket:
        detail = "the address names no bucket"
        raise UsageError("place.no_bucket", detail, remedy="write it like s3://bucket/folder/events.csv")
    at = f"{kind}://{bucket}{slash}{key}"
    return Place(kind, at, at)


def _database(kind: Kind, text: str) -> Place:
    parts = urlsplit(text)
    said = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.password or any(word in name.lower() for name in said for word in _SECRET):
        raise _secret()
    table, query = said.pop("table", None), said.pop("query", None)
    at = urlunsplit((kind, parts.netloc, parts.path, urlencode(said), ""))
    if not parts.netloc:  # which urlunsplit leaves out, and three slashes are another path than two
        at = f"{kind}://{parts.path}" + (f"?{urlencode(said)}" if said else "")
    name = f"{kind}://{parts.netloc.rpartition('@')[2]}{parts.path}" + (f"?table={table}" if table else "")
    return Place(kind, at, name, table, query)


def _checked(place: Place) -> Place:
    if place.is_bucket:
        if extra := place.table or place.query or place.watermark:
            detail = f"a bucket holds no tables of a database, so {extra} means nothing there"
            raise UsageError(
                "place.not_a_database", detail, remedy="name the folder of the objects", file=place.name
            )
        return place
    if place.table and place.query:
        detail = "table and query exclude each other"
        raise UsageError("place.table_and_query", detail, remedy="give one of them", file=place.name)
    return place


def _secret() -> UsageError:
    return UsageError(
        "place.secret_in_address",
        "the address holds a password, which others on this machine could read",
        remedy="leave it out and give it as PGPASSWORD, ~/.pgpass, AWS_SECRET_ACCESS_KEY, ~/.aws/credentials "
        "or a file of a source",
    )
