"""What a case of the rack is, and the rows that most cases are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

CANARY = "zqcanary"
"""In cells that nobody may ever see again: values of parameters, and a column that is not understood."""
ROWS = 24
HEADER = ("timestamp", "session_id", "event", "url", "target", "note")
START = datetime(2026, 3, 2, 9, tzinfo=UTC)

Row = Sequence[str]


@dataclass(frozen=True)
class Case:
    """One file that should not hurt, and what must become of it at least."""

    name: str
    content: bytes
    records: int | None = None
    """Records in it where there is only one answer; null: the books must balance, whatever they say."""
    kept: int | None = None
    """Sessions of the base rows that must survive; null: a refusal is an answer as well."""
    file: str = "upload"
    """What the user calls it."""


def rows(count: int = ROWS) -> list[list[str]]:
    """Events as texts, in the order of `HEADER`: one session a row, so that every row can be asked for."""
    return [
        [
            (START + timedelta(seconds=90 * at)).isoformat(timespec="seconds").replace("+00:00", "Z"),
            marker(at),
            "click" if at % 3 else "page_view",
            f"https://shop.test/p{at % 7}?ref={CANARY}",
            "button#buy" if at % 3 else "",
            f"{CANARY} {at}",
        ]
        for at in range(count)
    ]


def marker(at: int) -> str:
    """The session of row `at`."""
    return f"s{at:03d}"


def records(count: int = ROWS) -> list[dict[str, Any]]:
    """The same as objects."""
    return [dict(zip(HEADER, row, strict=True)) for row in rows(count)]


def text(
    table: Sequence[Row],
    header: Row | None = HEADER,
    delimiter: str = ",",
    quote: str = "",
    end: str = "\n",
) -> str:
    """Rows as delimited text; with `quote` every cell is quoted and quotes in it are doubled."""
    lines = [*([header] if header else []), *table]
    return "".join(delimiter.join(_cell(cell, quote) for cell in line) + end for line in lines)


def _cell(cell: str, quote: str) -> str:
    return quote + cell.replace(quote, quote * 2) + quote if quote else cell
