"""Cart abandonment: a session that fills a cart or begins to pay, and does not buy.

Finds     A session that puts something into the cart, or opens a cart or checkout
          page, and reaches no goal. The page where that was seen last is the place.
Matters   These visitors were closest to buying; the page where most of them stop is
          the first to look at.
Misleads  Many carts are shopping lists, and some buy on another day: seven in ten are
          abandoned everywhere. It says where people stop, not why. Leaving is part of
          its definition, so it is an outcome and never held against a page as a cause.
Defaults  The rest of the session is the time there is to buy.
Sources   The usual definition of shops. Types of pages by their addresses or `[pages]`.
"""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from friction.detectors.base import REASON, Detector, findings, no_target, same
from friction.detectors.look_alike import VIEWS
from friction.values import dataclass

COMMITTED = ("cart", "checkout")


@dataclass(frozen=True, kw_only=True)
class CartAbandonment(Detector):
    name: ClassVar[str] = "cart_abandonment"
    needs: ClassVar[frozenset[str]] = frozenset({"has_cart", "has_conversion"})
    columns: ClassVar[frozenset[str]] = frozenset({"page_type", "goals"})
    outcome: ClassVar[bool] = True
    opt_in: ClassVar[bool] = True

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Sessions with a cart and no goal; `rows` is the last sign of the cart, `stage` its kind of page."""
        kind, type_ = pl.col("kind"), pl.col("page_type")
        cart = (kind == "add_to_cart") | (kind.is_in(VIEWS) & type_.is_in(COMMITTED).fill_null(value=False))
        bought = (kind == "conversion") | (pl.col("goals") > 0).fill_null(value=False)
        rows = events.with_columns(cart=cart, bought=bought).filter(pl.col("cart") | pl.col("bought"))
        run = (~same("session_id")).cum_sum()
        sessions = rows.with_columns(run=run).group_by("run", maintain_order=True)
        last = sessions.agg(
            pl.col("session_id", "page", "target", "ts", "row", "page_type").filter("cart").last(),
            bought=pl.col("bought").any(),
        )
        left = last.filter(~pl.col("bought") & pl.col("row").is_not_null())
        stage = pl.when(type_.is_in(COMMITTED)).then(type_.cast(pl.String)).otherwise(pl.lit("cart"))
        return findings(
            left.select(
                "session_id",
                "page",
                target=no_target(),
                start="ts",
                end="ts",
                events=pl.lit(1),
                rows=pl.concat_list("row"),
                trigger_row="row",
                severity=pl.when(type_ == "checkout").then(0.7).otherwise(0.5),
                aside=pl.lit(None, REASON),
                stage=stage,
            ),
            "stage",
        )
