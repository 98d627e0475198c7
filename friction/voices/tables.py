"""The four tables of what customers say and of what a customer system knows of them; none of their rows is an event.

`FEEDBACK`: one answer to one question of a survey. `TICKET`: one call for help. `DEAL`: one sale that somebody works
on. `CUSTOMER`: one person of a help desk or CRM. Null means that the file does not say. Texts are as they stand until
`friction.voices.masked` has gone over them, which is before anything is written; `email_hash` then is a keyed hash.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from friction.schema import TS, TS_QUALITIES
from friction.values import dataclass

SCALES: dict[str, tuple[float, float]] = {
    "nps": (0, 10),
    "csat": (1, 5),
    "ces": (1, 7),
    "stars": (1, 5),
    "reaction": (0, 1),
}
"""Scales with the worst and the best answer where the file does not say otherwise; `text` has no score."""
OUTCOMES = ("won", "lost", "open")

_TEXT, _REAL = pl.String(), pl.Float64()
_WHO = dict.fromkeys(("session_id", "visitor_id", "user_id", "email_hash", "customer_id"), _TEXT)
_WHEN = {"ts": TS, "ts_quality": pl.Enum(TS_QUALITIES), "tz_assumed": pl.Boolean()}
_PLACE = {"file_id": pl.UInt32(), "row_no": pl.Int64()}

FEEDBACK = pl.Schema(
    {
        "source": _TEXT,
        "answer_id": _TEXT,
        **_WHEN,
        **_WHO,
        "url": _TEXT,
        "scale": pl.Enum([*SCALES, "text"]),
        "score": _REAL,
        "best": _REAL,
        "question": _TEXT,
        "comment": _TEXT,
        "tags": pl.List(_TEXT),
        "device": _TEXT,
        "country": _TEXT,
        "recording_url": _TEXT,
        **_PLACE,
    }
)
"""`best` is the score of the best answer; the worst one is that of `SCALES`."""
TICKET = pl.Schema(
    {
        "source": _TEXT,
        "ticket_id": _TEXT,
        **_WHEN,
        "closed": TS,
        **_WHO,
        "url": _TEXT,
        **dict.fromkeys(("subject", "body", "channel", "status", "priority", "category"), _TEXT),
        "tags": pl.List(_TEXT),
        "satisfied": pl.Boolean(),
        **_PLACE,
    }
)
"""`ts` is when the ticket was opened; `satisfied`: what the customer said of the help."""
DEAL = pl.Schema(
    {
        "source": _TEXT,
        "deal_id": _TEXT,
        **_WHEN,
        "closed": TS,
        **_WHO,
        "stage": _TEXT,
        "outcome": pl.Enum(OUTCOMES),
        "amount": _REAL,
        "currency": _TEXT,
        **_PLACE,
    }
)
CUSTOMER = pl.Schema(
    {
        "source": _TEXT,
        **_WHEN,
        **_WHO,
        **dict.fromkeys(("stage", "country"), _TEXT),
        **_PLACE,
    }
)
"""`ts`: customer since; null where the file does not say."""
TABLES = {"feedback": FEEDBACK, "tickets": TICKET, "deals": DEAL, "customers": CUSTOMER}
ID = {"feedback": "answer_id", "tickets": "ticket_id", "deals": "deal_id", "customers": "customer_id"}
"""What tells two rows of a table apart."""


@dataclass(frozen=True)
class Voices:
    """What one or more files hold of it."""

    feedback: pl.DataFrame
    tickets: pl.DataFrame
    deals: pl.DataFrame
    customers: pl.DataFrame

    @staticmethod
    def of(**tables: pl.DataFrame) -> Voices:
        """Tables with some of the columns, in the full schemas; others are empty."""
        return Voices(**{name: _conformed(tables.get(name), schema) for name, schema in TABLES.items()})

    @staticmethod
    def together(found: Sequence[Voices]) -> Voices:
        """All as one."""
        return Voices(
            **{
                name: pl.concat([schema.to_frame(), *(getattr(one, name) for one in found)])
                for name, schema in TABLES.items()
            }
        )

    def items(self) -> Iterator[tuple[str, pl.DataFrame]]:
        """Each table with its name."""
        for name in TABLES:
            yield name, getattr(self, name)

    @property
    def is_empty(self) -> bool:
        """Nobody said anything."""
        return not any(table.height for _, table in self.items())

    @property
    def rows(self) -> int:
        """Records of the files behind them; a record may hold several answers."""
        return sum(table.select("file_id", "row_no").n_unique() for _, table in self.items())

    def numbered(self, file_id: int) -> Voices:
        """The same, of this file."""
        number = pl.lit(file_id, pl.UInt32()).alias("file_id")
        return Voices(**{name: table.with_columns(number) for name, table in self.items()})


def _conformed(frame: pl.DataFrame | None, schema: pl.Schema) -> pl.DataFrame:
    if frame is None:
        return schema.to_frame()
    return frame.select(
        (pl.col(name).cast(dtype, strict=False) if name in frame.columns else pl.lit(None, dtype)).alias(name)
        for name, dtype in schema.items()
    )
