"""The figures of a run of mutants, as they are printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.torture.claims import CLAIMS, broken
from tests.torture.court import Verdict

DEATHS = next(iter(CLAIMS))
"""The claim that a death or hang breaks; an engine's death that gets a name is no fault of ours."""


@dataclass(frozen=True)
class Tally:
    """What became of the mutants of one format."""

    mutants: int
    codes: Mapping[str, int]
    """Outcomes by `read`, error code, `death` and `hang`."""
    unexplained: int
    """Rows that no book accounts for."""
    slowest_s: float
    faults: Mapping[str, Sequence[str]]
    """Claims of the rack that do not hold, with the mutants."""

    @property
    def ours(self) -> int:
        """Faults of friction itself: every hang, and whatever an engine's death does not explain."""
        broken_claims = sum(len(names) for claim, names in self.faults.items() if claim != DEATHS)
        return broken_claims + self.codes.get("hang", 0)


def tallied(verdicts: Sequence[Verdict]) -> Tally:
    """Count them."""
    return Tally(
        mutants=len(verdicts),
        codes=Counter(verdict.code for verdict in verdicts),
        unexplained=sum(verdict.unexplained for verdict in verdicts),
        slowest_s=max(verdict.seconds for verdict in verdicts),
        faults=broken(verdicts),
    )


def page(tallies: Mapping[str, Tally], seen: Mapping[str, Sequence[str]]) -> str:
    """One column a format; `seen` are the codes under which a user saw the mutants that ended their reader."""
    forms = list(tallies)
    codes = sorted({code for tally in tallies.values() for code in tally.codes} - {"death", "hang"})
    rows = [
        ("mutants", [f"{tallies[form].mutants:,}" for form in forms]),
        *((code, [f"{tallies[form].codes.get(code, 0):,}" for form in forms]) for code in codes),
        ("readers that died", [str(tallies[form].codes.get("death", 0)) for form in forms]),
        ("… seen by the user as", [", ".join(sorted(set(seen[form]))) or "–" for form in forms]),
        ("deaths the user sees", [str(sum(not named(code) for code in seen[form])) for form in forms]),
        ("hangs", [str(tallies[form].codes.get("hang", 0)) for form in forms]),
        ("faults of ours", [str(tallies[form].ours) for form in forms]),
        ("unexplained rows", [str(tallies[form].unexplained) for form in forms]),
        ("slowest, s", [f"{tallies[form].slowest_s:.2f}" for form in forms]),
    ]
    lines = ["| | " + " | ".join(forms) + " |", "| --- |" + " ---: |" * len(forms)]
    lines += [f"| {name} | {' | '.join(cells)} |" for name, cells in rows]
    return "\n".join(lines) + "\n" + "".join(_listed(tallies))


def named(code: str) -> bool:
    """Whether this is an answer that a user can do something with."""
    return code == "read" or code.startswith(("input.", "limit."))


def _listed(tallies: Mapping[str, Tally]) -> list[str]:
    return [
        f"\n{form}: not so: {claim}\n" + "".join(f"    {name}\n" for name in names[:10])
        for form, tally in tallies.items()
        for claim, names in tally.faults.items()
    ]
