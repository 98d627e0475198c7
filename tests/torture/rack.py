"""The whole rack: every case from one seed, fixed before anything was tuned against it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from random import Random

from tests.torture import delimited, exports, jsons, packed, parquets
from tests.torture.case import ROWS, Case, rows, text

SEED = 20261122
FAMILIES = {
    "delimited": delimited.cases,
    "json": jsons.cases,
    "parquet": parquets.cases,
    "packed": packed.cases,
    "exports": exports.cases,
}
NAMES = (
    "=cmd|' /C calc'!A0.csv", "a\nb.csv", "\x1b]0;owned\x07.csv", "\u202egpj.csv", "*.csv", "a[1].csv", "?.csv", "~",
    "-o", "--help", "$(id).csv", "a;b.csv", "%s%n.csv", "{0}.csv", "é.csv", "a\u2028b.csv", "x" * 250,
    "[bold]x[/bold].csv", "<script>.csv", "con", " .csv", "'\".csv", "\udcff.csv",
)  # fmt: skip


@cache
def rack() -> Sequence[Case]:
    """All cases of all families; names are unique."""
    found = [case for make in FAMILIES.values() for case in make(Random(SEED))]
    found += named()
    assert len({case.name for case in found}) == len(found)
    return found


def named() -> Iterator[Case]:
    """An ordinary file under names that mean something to a shell, a terminal, a spreadsheet or an engine."""
    content = text(rows()).encode()
    for number, name in enumerate(NAMES):
        yield Case(f"name_{number}", content, ROWS, ROWS, name)
        yield Case(f"name_broken_{number}", content + b"x,y\n", ROWS + 1, ROWS, name)
