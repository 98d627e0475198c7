"""Small exports for tests of the whole flow: rows in a few words, written as the files people have."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from friction import scan
from friction.config import Settings
from friction.report import Point, Report

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
SITE = "https://shop.test"

Row = dict[str, Any]


def row(
    session: str | None,
    seconds: float,
    kind: str,
    page: str | None = None,
    target: str | None = None,
    **more: Any,
) -> Row:
    """One event, `seconds` after `START`; `more` are further columns."""
    at = START + timedelta(seconds=seconds)
    names = ("timestamp", "session_id", "event", "url", "target")
    values = (at.isoformat(timespec="milliseconds"), session, kind, page and SITE + page, target)
    return dict(zip(names, values, strict=True)) | more


def written(path: Path, rows: Iterable[Row]) -> Path:
    """The rows as CSV; null is an empty cell, and columns that no row fills are left out."""
    rows = list(rows)
    columns = list(dict.fromkeys(name for each in rows for name, value in each.items() if value is not None))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def analysed(*paths: Path, **settings: Any) -> Report:
    """The report of these files, in this process."""
    return scan.analyze(paths, None, Settings.model_validate(settings))


def goal(*expressions: str, **more: Any) -> dict[str, Any]:
    """The section `[goals]`; `more` belongs to the first."""
    goals = [{"when": expression} for expression in expressions]
    return {str(number): {**each, **(more if not number else {})} for number, each in enumerate(goals)}


def point(report: Report, detector: str, page: str, target: str | None = None) -> Point:
    """The one point of this detector there."""
    (found,) = (p for p in report.points if (p.detector, p.page, p.target) == (detector, page, target))
    return found


STEPS: Sequence[str] = ("/", "/shop", "/cart", "/thanks")


def visits(sessions: int = 200, seed: int = 1, *, harm: float = 0.5, **more: Any) -> list[Row]:
    """Sessions on the way to `/thanks`; two in five hammer the cart's button, and `harm` more of these leave there."""
    chance, rows = random.Random(seed), []
    for number in range(sessions):
        name, at = f"s{number}", 1800.0 * number
        for page in STEPS:
            hammers = page == "/cart" and chance.random() < 0.4
            rows.append(row(name, at, "page_view", page, **more))
            clicks = [at + 20 + 0.15 * click for click in range(5 if hammers else 1)]
            rows += [row(name, moment, "click", page, "button#buy", **more) for moment in clicks]
            at += 30
            if chance.random() < 0.2 + harm * hammers:
                break
    return rows
