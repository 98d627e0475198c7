"""What a lost conversion would have brought, by whose it was: revenue is told per currency and never summed over them.

Who buys on a phone, from a campaign or in another country buys for another sum and in another currency. A visitor who
was lost never said which; so conversions of sessions of the same device, channel and country tell, and where these
are few, all conversions beside them.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from friction.impact.patterns import Floats
from friction.impact.views import classes
from friction.values import dataclass

STRATA = ("device", "channel", "country")
BORROWED = 20.0
"""Conversions that a stratum borrows from all."""


@dataclass(frozen=True)
class Orders:
    """The currencies, as codes (null: none is said), those with the most conversions first.

    `value`: sessions × currencies, the revenue that a conversion of the session lets expect in each; a session whose
    stratum pays half in one and half in the other has half of an order's value in each.
    """

    currencies: list[int | None]
    value: Floats
    conversions: list[int]
    revenue: list[float]
    """Of all conversions, in each currency."""


def orders(sessions: pl.DataFrame, among: pl.Expr | None = None) -> Orders | None:
    """From `goal_view, revenue_millionths, currency` and the strata of `sessions`; null where no revenue is said.

    `among`: which sessions' conversions tell; all without.
    """
    if "revenue_millionths" not in sessions.columns:
        return None
    stratum = _strata(sessions)
    code = sessions["currency"] if "currency" in sessions.columns else pl.Series([None] * sessions.height)
    reached = pl.col("goal_view").is_not_null()
    won = sessions.select(reached if among is None else reached & among).to_series()
    table = pl.DataFrame(
        {"stratum": stratum, "currency": code.cast(pl.Int64), "revenue": sessions["revenue_millionths"]}
    ).filter(won)
    paid = table.filter(pl.col("revenue") > 0)
    totals = paid.group_by("currency").agg(pl.len(), pl.col("revenue").sum())
    totals = totals.sort("len", "currency", descending=[True, False])
    if not totals.height:
        return None
    size = int(stratum.max()) + 1  # type: ignore[arg-type]
    n = np.bincount(table["stratum"].to_numpy(), minlength=size)
    columns = []
    for currency, _, revenue in totals.iter_rows():
        mine = paid.filter(pl.col("currency").eq_missing(pl.lit(currency)))
        # Sums of whole millionths are exact in floats up to nine thousand millions.
        by_stratum = np.bincount(mine["stratum"].to_numpy(), mine["revenue"].to_numpy(), size)
        columns.append((by_stratum + BORROWED * revenue / table.height) / (n + BORROWED) / 1e6)
    return Orders(
        currencies=totals["currency"].to_list(),
        value=np.stack(columns, axis=1)[stratum.to_numpy()],
        conversions=totals["len"].to_list(),
        revenue=[each / 1e6 for each in totals["revenue"].to_list()],
    )


def _strata(sessions: pl.DataFrame) -> pl.Series:
    """A number for each combination of the classes of `STRATA`."""
    number = np.zeros(sessions.height, np.int64)
    for name in STRATA:
        if name in sessions.columns:
            each = classes(sessions[name])
            number = number * (int(each.max(initial=0)) + 1) + each
    return pl.Series(number)
