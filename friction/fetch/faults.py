"""What libraries say of a place, as our own errors: never in their words, for those hold addresses and keys."""

from __future__ import annotations

import errno
import re
from typing import Any

from friction.errors import FrictionError, InputError
from friction.files import full_disk
from friction.limits import Limits
from friction.values import dataclass


@dataclass(frozen=True)
class Known:
    """A fault that is recognised by the class of its exception, by a state of SQL or HTTP, or by a word in it."""

    code: str
    detail: str
    remedy: str
    states: tuple[str, ...] = ()
    """How the state begins, or the name of the class."""
    words: tuple[str, ...] = ()

    def fits(self, kind: str, state: str, text: str) -> bool:
        """Whether it is this one."""
        by_state = bool(self.states) and (
            kind in self.states or (bool(state) and state.startswith(self.states))
        )
        return by_state or any(word in text for word in self.words)

    def error(self, name: str) -> InputError:
        """As the user meets it, said of the place `name`."""
        return InputError(self.code, self.detail, remedy=self.remedy, file=name)


CHANGED = Known(
    "place.changed", "the object changed while it was fetched", "run this again", ("PreconditionError",)
)
MISSING = Known(
    "place.missing", "there is nothing at this place", "check the address", ("404", "FileNotFoundError")
)
REFUSED = Known(
    "place.refused",
    "the place does not let us in with these credentials",
    "check the key or password and what it may read",
    ("401", "403", "42501", "28", "PermissionDeniedError", "UnauthenticatedError"),
    ("authentication failed", "no password supplied", "no pg_hba.conf entry"),
)
UNREACHABLE = Known(
    "place.unreachable",
    "the place cannot be reached",
    "check the address or endpoint, the network and TLS",
    ("08", "57P"),
)
OF_BUCKETS = (
    CHANGED,
    Known(
        "place.missing", "there is no such bucket", "check its name and the endpoint", words=("NoSuchBucket",)
    ),
    MISSING,
    REFUSED,
    Known(
        "place.no_credentials",
        "there are no credentials for this place",
        "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or AWS_PROFILE; for a public bucket AWS_SKIP_SIGNATURE=true",
        words=("169.254.", "instance metadata", "credential"),
    ),
)
OF_DATABASES = (
    Known(
        "place.no_table",
        "the database has no such table or column, or not for this user",
        "check its name and schema, as in table=schema.name",
        ("42P01", "42703", "3F000"),
        ("no such table", "no such column"),
    ),
    REFUSED,
    Known(
        "place.not_a_query",
        "the query would change something",
        "give a SELECT",
        ("25006",),
        ("readonly database", "read-only"),
    ),
    Known(
        "place.wrong_query",
        "the database does not understand the query",
        "try it there first",
        ("42",),
        ("syntax error", "incomplete input"),
    ),
    Known(
        "place.no_database",
        "there is no such SQLite database",
        "check the path",
        words=("unable to open", "not a database"),
    ),
    Known(
        "place.missing",
        "there is no such database or user",
        "check the address",
        ("3D",),
        ("does not exist",),
    ),
)
_HTTP = re.compile(r"status code: (\d{3})")
ANSWERED = "PGRES_FATAL_ERROR"
"""What the driver says where the database gave up between two batches; it tells no state then."""
OUT_OF_TIME = "57014"
"""PostgreSQL: the query was cancelled, here by its own limit."""


def of_bucket(fault: Exception, name: str) -> FrictionError:
    """A fault of the library that speaks to buckets."""
    kind, text = type(fault).__name__, str(fault)
    if kind == "OSError" and (full := full_disk(fault)) is not None:
        return full
    status = _HTTP.search(text)
    return _found(OF_BUCKETS, kind, status[1] if status else "", text, UNREACHABLE).error(name)


def of_database(fault: Any, name: str, limits: Limits) -> FrictionError:
    """A fault of a database or its driver."""
    if isinstance(fault, OSError) and fault.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return full_disk(fault) or limits.refusal("output_size")
    state = str(getattr(fault, "sqlstate", None) or "")
    if state == OUT_OF_TIME:
        return limits.refusal("time", file=name)
    detail = f"the database gave up on the query (state {state or 'not told'})"
    gave_up = Known("place.failed", detail, "try it there first")
    answered = bool(state) or ANSWERED in str(fault)
    known = (*OF_DATABASES, UNREACHABLE)
    return _found(known, type(fault).__name__, state, str(fault), gave_up if answered else UNREACHABLE).error(
        name
    )


def _found(known: tuple[Known, ...], kind: str, state: str, text: str, other: Known) -> Known:
    return next((each for each in known if each.fits(kind, state, text)), other)
