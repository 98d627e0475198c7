"""`python -m tests.truth.labelled [SESSIONS]`: precision and recall of rage clicks and dead clicks, kind by kind.

Ends with 1 when friction's own settings miss `PRECISION` or `RECALL` on the judged seeds.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from itertools import product

import polars as pl

from tests.truth.labelled import JUDGED, PRECISION, RECALL, TUNING
from tests.truth.labelled.judge import Score, against, cases, score
from tests.truth.labelled.population import pooled

GRID: Mapping[str, Mapping[str, Sequence[int]]] = {
    "rage_click": {"min_clicks": (3, 4, 5), "window_ms": (800, 1000, 1200)},
    "dead_click": {"timeout_ms": (2000, 3000, 4000), "scroll_ms": (150, 300, 600)},
}
Settings = dict[str, int]
DETECTORS = tuple(GRID)


def main(sessions: int) -> int:
    """Print everything; how many detectors missed their mark."""
    tuning = pooled(TUNING, sessions)
    judged = pooled(JUDGED, sessions)
    missed = 0
    for detector in DETECTORS:
        ours = cases(judged, detector)
        whole, unseen = score(ours), score(ours.filter(pl.col("held_out") | pl.col("harm")))
        missed += not holds(whole) + (not holds(unseen))
        print(f"\n{detector}: seeds {JUDGED}, {ours.height} sessions, {whole.harms} with harm")
        print(f"  precision {written(whole.precision)}, recall {written(whole.recall)}")
        print(f"  with held-out look-alikes alone: precision {written(unseen.precision)}")
        _harms(ours)
        _look_alikes(ours, {name: cases(tuning, detector, dict(tried)) for name, tried in grid(detector)},
                     {name: cases(judged, detector, dict(tried)) for name, tried in grid(detector)})  # fmt: skip
    return missed


def holds(found: Score) -> bool:
    """Whether both figures reach their mark."""
    return (found.precision or 0) >= PRECISION and (found.recall or 0) >= RECALL


def grid(detector: str) -> list[tuple[str, tuple[tuple[str, int], ...]]]:
    """The settings that are tried, by how they are written."""
    names, values = zip(*GRID[detector].items(), strict=True)
    tried = [tuple(zip(names, each, strict=True)) for each in product(*values)]
    return [(" ".join(f"{name}={value}" for name, value in each), each) for each in tried]


def best(tried: Mapping[str, pl.DataFrame], without: str) -> str:
    """The settings with the highest recall at the precision asked for, where this kind is not known."""
    scores = {name: score(each.filter(pl.col("kind") != without)) for name, each in tried.items()}
    fit = {name: one for name, one in scores.items() if (one.precision or 0) >= PRECISION} or scores
    return max(fit, key=lambda name: (fit[name].recall or 0, fit[name].precision or 0))


def _harms(ours: pl.DataFrame) -> None:
    print(f"  {'harm':42}{'sessions':>9}{'recall':>9}")
    for kind in sorted(ours.filter("harm")["kind"].unique()):
        one = score(ours.filter(pl.col("kind") == kind))
        print(f"  {_marked(ours, kind):42}{one.harms:9}{written(one.recall):>9}")


def _look_alikes(
    ours: pl.DataFrame, tuning: Mapping[str, pl.DataFrame], judged: Mapping[str, pl.DataFrame]
) -> None:
    print(
        f"  {'look-alike':42}{'sessions':>9}{'false':>7}{'precision':>11}"
        "   settings chosen without it: precision, recall"
    )
    for kind in sorted(ours.filter(~pl.col("harm"))["kind"].unique()):
        alone = ours.filter(pl.col("kind") == kind)
        chosen = best(tuning, kind)
        left_out = against(judged[chosen], kind)
        print(
            f"  {_marked(ours, kind):42}{alone.height:9}{alone['findings'].sum():7}"
            f"{written(against(ours, kind).precision):>11}   {chosen}: {written(left_out.precision)}, "
            f"{written(left_out.recall)}"
        )


def _marked(ours: pl.DataFrame, kind: str) -> str:
    return kind + (" *" if ours.filter(pl.col("kind") == kind)["held_out"][0] else "")


def written(share: float | None) -> str:
    """Three digits, or nothing."""
    return "" if share is None else f"{share:.3f}"


if __name__ == "__main__":
    sys.exit(1 if main(int(sys.argv[1]) if len(sys.argv) > 1 else 4_000) else 0)
