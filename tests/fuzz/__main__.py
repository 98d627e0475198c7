"""`make fuzz`: seeded mutants of every format, then coverage-guided runs; a table, and exit code 1 for any fault.

    python -m tests.fuzz                   10,000 mutants a format, a minute of each guided run
    python -m tests.fuzz --mutants 300     a taste
    python -m tests.fuzz --only csv_4711   one mutant, as it is judged

Readers that die in a batch are started again under `friction.isolate`, which is what a user would meet.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from friction import isolate
from friction.errors import FrictionError
from tests.fuzz.guided import guided
from tests.fuzz.mutants import mutant
from tests.fuzz.seeds import FORMATS
from tests.fuzz.table import Tally, named, page, tallied
from tests.torture.case import Case
from tests.torture.court import verdicts

ANALYSED = 25
"""One mutant in so many is analysed to the end."""


def main(words: Sequence[str] | None = None) -> int:
    """Judge, print, and say by the exit code whether all is well."""
    asked = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Mutants of every format.")
    asked.add_argument("--mutants", type=int, default=10_000, help="of each format (10000)")
    asked.add_argument("--seconds", type=int, default=60, help="of each guided run (60); 0 leaves them out")
    asked.add_argument("--only", help="a single mutant, such as csv_4711")
    given = asked.parse_args(words)
    if given.only:
        form, _, number = given.only.partition("_")
        with tempfile.TemporaryDirectory() as folder:
            print(verdicts([mutant(form, int(number))], Path(folder), lambda _: True)[0])
        return 0
    tallies, seen = fuzzed(given.mutants)
    print(page(tallies, seen), end="")
    failed = any(tally.ours for tally in tallies.values())
    failed |= any(not named(code) for codes in seen.values() for code in codes)
    return int(guided(given.seconds) or failed)


def fuzzed(mutants: int) -> tuple[dict[str, Tally], dict[str, list[str]]]:
    """Figures by format, and by format the codes a user sees where a reader died or hung."""
    tallies, seen = {}, {}
    for form in FORMATS:
        print(f"fuzz: {mutants:,} mutants of {form}", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as folder:
            cases = [mutant(form, number) for number in range(mutants)]
            found = verdicts(cases, Path(folder), lambda place: place % ANALYSED == 0)
            seen[form] = [as_seen(one.case, Path(folder)) for one in found if one.code in {"death", "hang"}]
        tallies[form] = tallied(found)
    return tallies, seen


def as_seen(case: Case, folder: Path) -> str:
    """What a user of the command line or the service meets: `read`, or the code of the error."""
    path = folder / "seen"
    path.write_bytes(case.content)
    plan = {"command": "inspect", "inputs": [str(path)], "names": [case.file], "output": "answer.json"}
    with isolate.workspace():
        try:
            isolate.run(plan, timeout_s=60)
        except FrictionError as error:
            return error.problem.code
    return "read"


if __name__ == "__main__":
    sys.exit(main())
