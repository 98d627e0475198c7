"""Sixty nights of a made-up shop through `friction scan`, what was planted in them, and the calendar of what was told.

The zone is Casablanca, whose clock goes back for the month of Ramadan and forward after it: both such nights lie within
sixty. `make nights` runs all of it and prints the calendar.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from friction.cli import main
from friction.nightly.days import between, moved
from tests.nightly.shop import Shop, Trouble, always

ZONE = "Africa/Casablanca"
FIRST_DAY, FIRST_NIGHT, LAST_NIGHT = "2026-01-01", "2026-01-25", "2026-03-25"
BROKEN, MENDED, BROKEN_AGAIN = "2026-02-01", "2026-02-12", "2026-02-24"
WORSE = "2026-03-06"
REDEPLOYED = ("2026-02-05", "2026-02-20", "2026-03-12")
NO_CLICKS = "2026-03-01"
DOWN = "2026-02-08"
CLOCK_BACK, CLOCK_FORWARD = "2026-02-15", "2026-03-22"
SETTINGS = """
[goals.bought]
when = "event=purchase"

[sources.shop]
at = "exports/*.csv"

[time]
zone = "{zone}"

[schedule]
name = "Atelier Nove"
window_days = {window}

[notify.file]
file = "digest.md"
"""


@dataclass(frozen=True)
class Planted:
    """Something that has to be told once, from `first` on and not much later."""

    first: str
    kind: str
    within: int = 5


CALENDAR = (
    Planted(BROKEN, "new"),
    Planted(MENDED, "fixed"),
    Planted(BROKEN_AGAIN, "regressed"),
    Planted(NO_CLICKS, "tracking_broke", 0),
    Planted(WORSE, "worse"),
)


def _hashed(name: str, words: str, *days: str) -> Callable[[str], str]:
    """A class with a hash that changes on these days."""
    hashes = ("x7f3a1", "q29zz4", "m0p8k2", "d4e5f6")
    return lambda day: f"{name}.{words}-{hashes[sum(day >= each for each in days)]}"


def shop() -> Shop:
    """The shop of the sixty nights."""
    breaks = [(BROKEN, MENDED), (BROKEN_AGAIN, "9999")]

    def paying(day: str) -> float:
        return 0.25 if any(start <= day < end for start, end in breaks) else 0.0

    troubles = (
        Trouble("/pay", always("button#pay"), "Pay now", paying, 0.2),
        Trouble(
            "/cart",
            _hashed("button", "coupon", REDEPLOYED[1]),
            "Apply code",
            lambda day: 0.2 if day >= WORSE else 0.06,
            0.2,
        ),
        Trouble("/product", _hashed("img", "zoom", REDEPLOYED[0], REDEPLOYED[2]), "", lambda _: 0.09, 0.1),
        Trouble("/list", always("a.filter"), "Filter", lambda _: 0.05, 0.1),
    )
    return Shop(troubles, zone=ZONE, first=FIRST_DAY, sessions_a_day=500, clickless=frozenset({NO_CLICKS}))


def prepared(folder: Path, made: Shop, last: str, *, window: int = 28) -> Path:
    """A project with the exports up to a day; its configuration."""
    (folder / "exports").mkdir(parents=True)
    for day in between(made.first, last):
        made.write(day, folder / "exports")
    config = folder / "friction.toml"
    config.write_text(SETTINGS.format(zone=made.zone, window=window), encoding="utf-8")
    return config


def scanned(config: Path, night: str, *words: str) -> dict[str, Any]:
    """What `friction scan` answers at four o'clock in the morning after a night."""
    out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
    asked = ["scan", "--config", str(config), "--now", f"{moved(night, 1)}T04:00", "--format", "json", *words]
    with redirect_stdout(out), redirect_stderr(err):
        code = main(asked)
    assert code == 0, err.getvalue()
    out.seek(0)
    found: dict[str, Any] = json.loads(out.read())
    return found


def told(answer: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What was told: kind, and the title of the point."""
    for night in answer["nights"]:
        if night["trouble"]:
            yield night["trouble"], ""
        yield from ((event["kind"], event["title"]) for event in night["events"])


def lived(folder: Path, nights: Sequence[str]) -> list[tuple[str, str, str]]:
    """Every night in turn, each with its new export; night, kind and title of all that was told."""
    made, said = shop(), []
    config = prepared(folder, made, FIRST_NIGHT)
    for night in nights:
        made.write(night, folder / "exports")
        if night == DOWN:
            continue
        said += [(night, *each) for each in told(scanned(config, night))]
    return said


def judged(said: Sequence[tuple[str, str, str]]) -> tuple[list[str], list[tuple[str, str, str]]]:
    """What was planted and not told exactly once in time; what was told and is nothing that was planted."""
    left, missed = list(said), []
    for planted in CALENDAR:
        until = moved(planted.first, planted.within)
        found = [each for each in left if each[1] == planted.kind and planted.first <= each[0] <= until]
        if len(found) != 1:
            missed.append(f"{planted.kind} of {planted.first}: told {len(found)} times")
        left = [each for each in left if each not in found]
    return missed, left
