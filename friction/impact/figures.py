"""The figures of every point: calibrated per detector, turned into losses, or the reason why there are none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from friction.impact.asked import Asked, Exposures
from friction.impact.calibration import ENOUGH, FIXED, Null, calibrated
from friction.impact.costs import costs
from friction.impact.effects import Effects
from friction.impact.met import Met
from friction.impact.money import Orders
from friction.impact.pages import DELAYED, EXIT, PARTS, PROGRESS, RETURN, Exposed
from friction.impact.patterns import Floats
from friction.impact.values import Returning
from friction.impact.views import Views

MARKER_EFFECT, MARKER_SHARE = 2.5, 0.6
"""Beyond both, a point is a way out or a broken page, and no cost can be said: hard frictions reach 2."""
BORROWED = 10.0
"""Conversions that a point borrows from its detector when its k is worked out."""
RESULT: Mapping[str, pl.DataType] = {
    "exposed_views": pl.Int64(),
    "exits": pl.Int64(),
    "reason": pl.String(),
    "joint": pl.Boolean(),
    "outcome": pl.Boolean(),
    **dict.fromkeys("estimate low high left progress delayed one_purchase p_value".split(), pl.Float64()),
    **dict.fromkeys("expected_exits e_value e_value_low effect error shift scatter".split(), pl.Float64()),
    "worth": pl.Float64(),
    **dict.fromkeys(("order_values", "falls"), pl.List(pl.Float64())),
}
"""`one_purchase`: share that is left when one visitor can lose one purchase only; `effect, error`: log-odds of
leaving, not calibrated; `shift, scatter`: of the detector's harmless points; `worth`: what an exit loses, on average;
`order_values`: what a lost conversion would have brought, per currency; `falls`: the estimate with smaller effects
(`loss.SHIFTS`).
"""


Mapped = Callable[..., Iterable[Any]]
"""As `map`: the results of a function of each item, in their order."""


def figures(
    views: Views,
    exposures: Exposures,
    asked: Asked,
    found: Mapping[int, Exposed],
    returning: Returning,
    *,
    has_goal: bool,
    orders: Orders | None = None,
    mapped: Mapped = map,
) -> pl.DataFrame:
    """One row a point, in order; points do not need each other, so that `mapped` may share them among threads."""
    markers = {p for p, each in found.items() if not exposures.outcome[p] and _is_marker(each, asked)}
    nulls = _nulls(exposures, found, markers, mapped)
    reasons = _reasons(asked, found, markers)
    ks = np.ones(exposures.points)
    if has_goal:
        ks = _ks(exposures, nulls, Met.in_blocks(views, asked, found.values()), mapped)
    judged = [each for point, each in found.items() if reasons[point] is None]

    def work(met: Met) -> Mapping[str, Floats]:
        mine = [nulls[int(exposures.kinds[each.point])] for each in met.points]
        facts = met.facts(returning, ks, orders) if has_goal else met.exits
        errors = np.array([each.error for each in met.points])
        effects = Effects.of(_effects(met.points, exposures, has_goal=has_goal), errors, mine)
        worth = facts.summed(facts.at_stake) / facts.sizes
        return {**costs(effects, facts, has_goal=has_goal), "worth": worth}

    told = [*mapped(work, Met.in_blocks(views, asked, judged))]
    frame = pl.DataFrame({"exposed_views": asked.views, "exits": asked.exits, "reason": reasons})
    return _frame(frame, _judged(judged, exposures, nulls), told)


def _reasons(asked: Asked, found: Mapping[int, Exposed], markers: set[int]) -> list[str | None]:
    """By point, why nothing is said."""
    known = {point for point, each in found.items() if np.isfinite(each.effect[EXIT])}
    return [
        reason or ("marker" if point in markers else None if point in known else "nothing_to_compare_with")
        for point, reason in enumerate(asked.reason)
    ]


def _ks(
    exposures: Exposures, nulls: Mapping[int, Sequence[Null]], blocks: Iterable[Met], mapped: Mapped
) -> Floats:
    """By point, by what share of the expected its exposed who stayed convert."""
    kept = np.zeros((2, exposures.points))
    for points, *stayed in mapped(lambda met: (met.numbers, *met.stayed), blocks):
        kept[:, points] = stayed
    ratios = np.ones(exposures.points)
    for kind in nulls:
        mine = exposures.kinds == kind
        won, expected = kept[:, mine & ~exposures.outcome].sum(axis=1)
        ratios[mine] = (won + BORROWED) / (expected + BORROWED)
    found: Floats = (kept[0] + BORROWED * ratios) / (kept[1] + BORROWED)
    return found


def _effects(points: Sequence[Exposed], exposures: Exposures, *, has_goal: bool) -> Floats:
    """By point and part, without the parts that are not the point's doing; without a goal, of leaving alone."""
    found = np.array([each.effect for each in points])
    numbers = np.array([each.point for each in points], np.int64)
    found[np.flatnonzero(exposures.standing[numbers]), RETURN] = np.nan
    alone = exposures.outcome[numbers] if has_goal else np.ones(len(points), bool)
    found[np.flatnonzero(alone)[:, None], [PROGRESS, DELAYED, RETURN]] = np.nan
    return found


def _judged(
    points: Sequence[Exposed], exposures: Exposures, nulls: Mapping[int, Sequence[Null]]
) -> pl.DataFrame:
    """What is told of points but their costs, by `point`."""
    numbers = np.array([each.point for each in points], np.int64)
    harmless = [nulls[int(exposures.kinds[number])][EXIT] for number in numbers]
    return pl.DataFrame(
        {
            "point": pl.Series(numbers, dtype=pl.UInt32),
            "joint": [each.joint for each in points],
            "outcome": exposures.outcome[numbers],
            "effect": [each.effect[EXIT] for each in points],
            "error": [each.error[EXIT] for each in points],
            "shift": [null.d for null in harmless],
            "scatter": [null.t for null in harmless],
        }
    )


def _frame(every: pl.DataFrame, judged: pl.DataFrame, told: Sequence[Mapping[str, Floats]]) -> pl.DataFrame:
    """The figures of judged points at their places among all."""
    for name in told[0] if told else ():
        judged = judged.with_columns(_column(name, np.concatenate([each[name] for each in told])))
    whole = every.with_row_index("point").join(judged, on="point", how="left", maintain_order="left")
    nothing = pl.lit(None)
    return whole.select(
        (pl.col(name) if name in whole.columns else nothing.alias(name)).cast(dtype)
        for name, dtype in RESULT.items()
    )


def _column(name: str, values: Floats) -> pl.Series:
    """Figures by point; of several a point, null where they are not numbers."""
    column = pl.Series(name, values)
    if values.ndim == 1:
        return column
    said = pl.Series(~np.isnan(values).any(axis=1))
    return pl.select(pl.when(said).then(column.cast(pl.List(pl.Float64))).alias(name)).to_series()


def _is_marker(each: Exposed, asked: Asked) -> bool:
    share = asked.exits[each.point] / asked.views[each.point]
    return bool(each.effect[EXIT] > MARKER_EFFECT and share > MARKER_SHARE)


def _nulls(
    exposures: Exposures, found: Mapping[int, Exposed], markers: set[int], mapped: Mapped
) -> dict[int, list[Null]]:
    """Per detector and part, from its points that are no markers and stood in a joint model.

    Detectors with too few points are taken together, without a shift, since theirs need not be alike.
    """
    usable = [each for point, each in found.items() if point not in markers and each.joint]
    kinds: dict[int, list[Exposed]] = {kind: [] for kind in np.unique(exposures.kinds).tolist()}
    for each in usable:
        kinds[int(exposures.kinds[each.point])].append(each)
    few = [each for mine in kinds.values() if len(mine) < ENOUGH for each in mine]
    together = [_null(few, part, shifted=False) for part in PARTS]

    def of(mine: Sequence[Exposed]) -> list[Null]:
        return together if len(mine) < ENOUGH else [_null(mine, part, shifted=True) for part in PARTS]

    return dict(zip(kinds, mapped(of, kinds.values()), strict=True))


def _null(points: Sequence[Exposed], part: int, *, shifted: bool) -> Null:
    known = [each for each in points if np.isfinite(each.effect[part])]
    if len(known) < ENOUGH:
        return FIXED
    effects, errors = (
        np.array([getattr(each, name)[part] for each in known]) for name in ("effect", "error")
    )
    return calibrated(effects, errors, part, shifted=shifted)
