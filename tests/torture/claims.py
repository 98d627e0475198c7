"""What must hold of every verdict; each claim names the cases that break it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from tests.torture.case import CANARY
from tests.torture.court import Verdict

ENGINES = (
    "polars",
    "Traceback",
    "panicked",
    "orjson",
    "char 0",
    "thrift",
    "strict_cast",
    "Error(",
    "os error",
)
"""Words that only stand in the messages of engines."""
ENDED = frozenset({"death", "hang"})
"""Codes of readers that gave no answer; only the first claim is about them."""
_PAGE = re.compile(r'"page": "[^"]*"')
"""A page is named on purpose; what a mutant has spliced into a path or a host is part of its name."""
Claim = Callable[[Verdict], bool]

CLAIMS: dict[str, Claim] = {
    "no file ends or hangs its reader": lambda v: v.code not in ENDED,
    "every refusal has a name that blames the input": lambda v: (
        v.code in ENDED or v.code.startswith(("read", "input.", "limit."))
    ),
    "no engine panics where a reader should refuse": lambda v: v.code != "input.crashed_reader",
    "every refusal names the file": lambda v: v.code in ENDED | {"read"} or "file" in v.problem,
    "rows in total are rows accepted and rows rejected": lambda v: not v.unexplained,
    "records are counted as a person would": lambda v: (
        v.code != "read" or v.case.records is None or v.total == v.case.records
    ),
    "what is broken costs only itself": lambda v: v.kept >= (v.case.kept or 0),
    "no cell is repeated in a refusal, a report or a list of rejects": lambda v: (
        CANARY not in _PAGE.sub("", v.shown)
    ),
    "no refusal repeats an engine": lambda v: (
        v.code == "read" or not any(word in v.shown for word in ENGINES)
    ),
}


def broken(verdicts: Sequence[Verdict]) -> dict[str, list[str]]:
    """Claims that do not hold, each with the cases and what became of them; empty when all is well."""
    found = {
        claim: [
            f"{v.case.name}: {v.code} {v.fault or v.problem.get('detail', '')}"
            for v in verdicts
            if not holds(v)
        ]
        for claim, holds in CLAIMS.items()
    }
    return {claim: cases for claim, cases in found.items() if cases}
