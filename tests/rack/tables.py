"""Clean tables of many kinds, made from a seed: what the flaws of the rack are put into."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

Cell = Callable[[Random, int], str]

WORDS = (
    "basket account search shipping address payment voucher returns size colour picture review checkout "
    "kitchen garden lamp shelf chair table sofa carpet mirror curtain delivery invoice newsletter filter"
).split()
NAMES = (
    "Anna",
    "Björn",
    "Chloé",
    "Dmitri",
    "Élodie",
    "Fatma",
    "Giulia",
    "Håkon",
    "Iñaki",
    "Jürgen",
    "O'Brien",
)
TOWNS = ("Lyon", "Malmö", "Kraków", "Porto", "San José", "Den Haag", "Zürich", "Graz", "Saint-Malo")
AGENTS = ("Firefox 128", "Chrome/126.0 (X11; Linux)", "Safari 17", "Mozilla/5.0 (iPhone; U)", "Edge")
BEGIN = datetime(2026, 3, 1)


@dataclass(frozen=True)
class Grid:
    """Header and records; every row has the same number of cells."""

    header: list[str]
    rows: list[list[str]]

    @property
    def width(self) -> int:
        """Cells of a row."""
        return len(self.header)

    def with_rows(self, rows: list[list[str]]) -> Grid:
        """The same header over other records."""
        return replace(self, rows=rows)


def _moment(rng: Random, row: int) -> datetime:
    return BEGIN + timedelta(seconds=row * 37 + rng.randrange(30))


def _prose(rng: Random, row: int) -> str:
    words = " ".join(rng.choice(WORDS) for _ in range(rng.randrange(2, 9))).capitalize()
    kind = (row + rng.randrange(3)) % 7
    if kind == 0:
        return f"{words}, {rng.choice(WORDS)}; and more"
    if kind == 1:
        return f'He said "{words}" twice'
    if kind == 2:
        return f"{words}.\nThen {rng.choice(WORDS)}"
    return "" if kind == 3 else f"{words}."


COLUMNS: dict[str, Cell] = {
    "time": lambda rng, row: _moment(rng, row).isoformat(),
    "date": lambda rng, row: _moment(rng, row * 999).strftime("%d.%m.%Y"),
    "moment": lambda rng, row: _moment(rng, row).strftime("%Y-%m-%d %H:%M:%S"),
    "session": lambda rng, _: f"s{rng.randrange(10**6):06d}",
    "id": lambda _, row: str(row + 1),
    "url": lambda rng, _: (
        f"https://shop.example/{rng.choice(WORDS)}/{rng.randrange(99)}?q={rng.choice(WORDS)}"
    ),
    "page": lambda rng, _: f"/{rng.choice(WORDS)}/{rng.choice(WORDS)}",
    "event": lambda rng, _: rng.choice(("click", "page_view", "scroll", "submit", "error")),
    "target": lambda rng, _: f"button#{rng.choice(WORDS)}.{rng.choice(WORDS)}",
    "name": lambda rng, _: rng.choice(NAMES),
    "town": lambda rng, _: rng.choice(TOWNS),
    "price": lambda rng, _: f"{rng.randrange(1, 99999) / 100:.2f}",
    "count": lambda rng, _: str(rng.randrange(1000)),
    "share": lambda rng, _: f"{rng.random():.4f}",
    "agent": lambda rng, _: rng.choice(AGENTS),
    "comment": _prose,
    "flag": lambda rng, _: rng.choice(("true", "false", "")),
    "code": lambda rng, _: f"{rng.choice('ABC')}-{rng.randrange(999)}",
}


def grid(rng: Random, *, texts: bool = True, least: int = 3) -> Grid:
    """A table of 3–12 columns and 8–90 records; `texts` allows cells that need quotes."""
    names = [name for name in COLUMNS if texts or name not in {"comment", "agent"}]
    chosen = rng.sample(names, rng.randrange(least, min(12, len(names))))
    if texts and rng.random() < 0.6 and "comment" not in chosen:
        chosen[rng.randrange(len(chosen))] = "comment"
    rows = [[COLUMNS[name](rng, row) for name in chosen] for row in range(rng.randrange(8, 90))]
    return Grid([name.replace("_", " ") if rng.random() < 0.5 else name for name in chosen], rows)
