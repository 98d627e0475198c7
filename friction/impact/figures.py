"""The figures of every point: calibrated per detector, turned into losses, or the reason why there are none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from friction.impact.asked import Asked, Exposures
from friction.impact.calibration import ENOUGH, FIXED, Null, calibrated
from friction.impact.design import Floats
from friction.impact.loss import BORROWED, Facts, at_stake, costs, stayers
from friction.impact.money import Orders
from friction.impact.pages import DELAYED, EXIT, PARTS, PROGRESS, RETURN, Exposed
from friction.impact.values import Returning
from friction.impact.views import Views

MARKER_EFFECT, MARKER_SHARE = 2.5, 0.6
"""Beyond both, a point is a way out or a broken page, and no cost can be said: hard frictions reach 2."""

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
    weights = {point: _weight(views, each, asked) for point, each in found.items()}
    kept = {
        point: stayers(each, views.exit, views.wins, weights[point]) if has_goal else (0.0, 0.0)
        for point, each in found.items()
    }
    compared = [point for point in kept if not exposures.outcome[point]]
    ratios = {kind: _ratio([kept[p] for p in compared if exposures.kinds[p] == kind]) for kind in nulls}

    def row(point: int) -> dict[str, object]:
        kind, each = int(exposures.kinds[point]), found.get(point)
        told: dict[str, object] = {"exposed_views": int(asked.views[point]), "exits": int(asked.exits[point])}
        reason = asked.reason[point] or ("marker" if point in markers else None)
        if reason is None and (each is None or not np.isfinite(each.effect[EXIT])):
            reason = "nothing_to_compare_with"
        if reason is not None or each is None:
            return {**told, "reason": reason}
        each = _parts(each, exposures)
        conversions, expected = kept[point]
        k = (conversions + BORROWED * ratios[kind]) / (expected + BORROWED)
        facts = (
            _facts(views, each, returning, k, weights[point], orders)
            if has_goal
            else _exits(views, each, weights[point])
        )
        facts = replace(facts, exits=int(asked.exits[point]))
        return {
            **told,
            "reason": None,
            **costs(each, facts, nulls[kind], has_goal=has_goal),
            **{"effect": each.effect[EXIT], "error": each.error[EXIT], "joint": each.joint},
            "outcome": bool(exposures.outcome[point]),
            **{"shift": nulls[kind][EXIT].d, "scatter": nulls[kind][EXIT].t},
            "worth": float(np.mean(facts.at_stake)),
        }

    chunks = [range(at, min(at + CHUNK, exposures.points)) for at in range(0, exposures.points, CHUNK)]
    rows = [each for told in mapped(lambda chunk: [row(point) for point in chunk], chunks) for each in told]
    return pl.DataFrame(rows, schema=RESULT)


CHUNK = 100
"""Points that one thread works out at a time."""


def _weight(views: Views, each: Exposed, asked: Asked) -> Floats | None:
    """For how many exposed views each stands: those who left and those who stayed come to as many as were counted."""
    if each.weight is None:
        return None
    weight, leaves, exits = each.weight.copy(), views.exit[each.rows], int(asked.exits[each.point])
    for mine, counted in ((leaves, exits), (~leaves, int(asked.views[each.point]) - exits)):
        if mine.any():
            weight[mine] *= counted / weight[mine].sum()
    return weight


def _is_marker(each: Exposed, asked: Asked) -> bool:
    share = asked.exits[each.point] / asked.views[each.point]
    return bool(each.effect[EXIT] > MARKER_EFFECT and share > MARKER_SHARE)


def _parts(each: Exposed, exposures: Exposures) -> Exposed:
    """Without the parts that are not the point's doing."""
    effect = each.effect.copy()
    if exposures.standing[each.point]:
        effect[RETURN] = np.nan
    if exposures.outcome[each.point]:
        effect[[PROGRESS, DELAYED, RETURN]] = np.nan
    return replace(each, effect=effect)


def _exits(views: Views, each: Exposed, weight: Floats | None) -> Facts:
    """Facts where nothing but leaving is asked."""
    every = np.ones(len(each.rows))
    return Facts(each.leave, every, every, each.ahead, each.later, views.visitor[each.rows], 0, weight=weight)


def _facts(
    views: Views,
    each: Exposed,
    returning: Returning,
    k: float,
    weight: Floats | None,
    orders: Orders | None,
) -> Facts:
    visitor = views.visitor[each.rows]
    last = np.diff(visitor, append=-1) != 0
    return Facts(
        leave=each.leave,
        at_stake=at_stake(each, k, returning.after_exit, returning.otherwise),
        keeps=1 - returning.after_exit[each.rows],
        ahead=each.ahead,
        later=each.later,
        visitor=visitor,
        wins=int(stayers(each, views.exit, views.wins)[0]),
        orders=orders.value[views.session[each.rows]] if orders else None,
        again=np.where(last, each.again, np.nan),
        weight=weight,
    )


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


def _ratio(kept: Sequence[tuple[float, float]]) -> float:
    """k of a detector: conversions of the exposed who stayed, over those of people like them."""
    return (sum(wins for wins, _ in kept) + BORROWED) / (sum(worth for _, worth in kept) + BORROWED)
