"""What the visitors of a site together show to be harmless: an element on which nearly everybody clicks like that.

A single session cannot tell a broken button from a button that is made to be pressed quickly; all sessions can. A burst
of clicks that most uses of an element end in is how the element is used. Where the file tells of the answers of the
page, each burst is judged by those instead, since a button that is broken for everybody is hit by many. Nor is it
usual where visitors leave after it more often than the page's others, or where a visitor does it once and then no more:
who plays comes back to it, who finds a button broken gives up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import chain

import polars as pl

from friction.detectors.base import REASON, Detector
from friction.detectors.rage_click import RageClick
from friction.reduce import Tables

USUAL = "usual"
POINT = ("detector", "page", "target")
MIN_USES, CALM_USES = 100, 10
"""Page views in which the element was used, below which nobody can say what is usual; and those in which it
was used calmly, without which it may as well be broken for everybody."""
AGAIN = 1.5
"""Bursts in a page view that has one, on average, from which on people come back to it."""
USES_AT_ONCE = 2_000_000
"""Uses that are counted together."""
BROKEN = 0.95
"""Mean severity from which on most bursts were followed by an error."""


def usual(tables: Tables, detectors: Iterable[Detector], able: Collection[str]) -> Tables:
    """The tables without rage clicks on elements that are used so: they stand in `counts` with the reason.

    `able` are the capabilities of the input.
    """
    rage = next((one for one in detectors if isinstance(one, RageClick)), None)
    if rage is None or USUAL in rage.counted or "has_dom_reaction" in able:
        return tables
    if not tables.height("hits") or not (tables.used.width or "target" in tables.columns("uses")):
        return tables
    keys = _usual_places(tables, rage)
    if not keys.height:
        return tables
    return tables.changed(
        hits=_without(tables.hits, keys),
        sums=_without(tables.sums, keys),
        evidence=_without(tables.evidence, keys),
        counts=_recounted(tables.counts, keys),
    )


def _usual_places(tables: Tables, rage: RageClick) -> pl.DataFrame:
    """`detector, page, target` of elements of which at least `usual_share` of the uses are bursts."""
    of_elements = (pl.col("detector") == rage.name) & pl.col("target").is_not_null()
    bursts = tables.sums.filter(of_elements).select(
        *POINT,
        views="n_views",
        bursts="n_findings",
        severity=pl.col("n_thousandths") / (1000.0 * pl.col("n_views")),
    )
    counted = tables.used if tables.used.width else uses_counted(tables)
    clean = counted.rename({"n_views": "clean"})
    both = bursts.join(clean, on=["page", "target"], how="left").with_columns(pl.col("clean").fill_null(0))
    used = pl.col("views") + pl.col("clean")
    share = pl.col("views") / used
    is_usual = (
        (used >= MIN_USES)
        & (pl.col("clean") >= CALM_USES)
        & (share >= rage.usual_share)
        & (pl.col("bursts") >= AGAIN * pl.col("views"))
        & (pl.col("severity") < BROKEN)
    )
    usual = both.filter(is_usual).select(POINT)
    if not usual.height:
        return usual
    return usual.filter(~_costly(tables, tables.hits.filter(of_elements), usual))


def uses_counted(tables: Tables) -> pl.DataFrame:
    """`page, target, n_views`: in how many views each element was used without trouble."""
    if "target" not in tables.columns("uses"):
        return pl.DataFrame()
    is_own = "detector" in tables.columns("uses")
    asked = ("page", "target", *(["detector"] if is_own else []))
    nothing, counts = tables.rows("uses", 0, 0, *asked), []
    for some in chain([nothing], tables.slices("uses", USES_AT_ONCE, *asked)):
        uses = some.filter(pl.col("detector").is_null()) if is_own else some
        # Each target is there once a view.
        counts.append(uses.group_by("page", "target").agg(n_views=pl.len()))
    return pl.concat(counts).group_by("page", "target").agg(pl.col("n_views").sum())


def _costly(tables: Tables, hits: pl.DataFrame, places: pl.DataFrame) -> pl.Series:
    """Whether more of the page views with a burst are the last of their session than of the page's others."""
    last = pl.col("session_id").ne_missing(pl.col("session_id").shift(-1))
    views = tables.views.select("view", "page", left=last & ~pl.col("converts"))
    page = views.group_by("page").agg(all=pl.len(), exits=pl.col("left").sum())
    met = hits.join(places, on=list(POINT)).select(*POINT, "view").unique()
    ended = met.join(views.select("view", "left"), on="view", how="left")
    mine = ended.group_by(POINT).agg(n=pl.len(), k=pl.col("left").sum())
    both = places.join(mine, on=list(POINT), how="left", maintain_order="left")
    both = both.join(page, on="page", how="left", maintain_order="left")
    others = pl.max_horizontal(pl.col("all").cast(pl.Int64) - pl.col("n"), 1)
    rate = (pl.col("exits").cast(pl.Int64) - pl.col("k")).clip(0) / others
    return both.select((pl.col("k") / pl.col("n") > rate).alias("costly")).to_series()


def _without(frame: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    return frame.join(keys, on=list(POINT), how="anti", maintain_order="left") if frame.height else frame


def _recounted(counts: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    """Findings of these places that counted are `usual` now."""
    marked = counts.join(
        keys.with_columns(here=pl.lit(value=True)), on=list(POINT), how="left", maintain_order="left"
    )
    moves = pl.col("here").fill_null(value=False) & pl.col("aside").is_null()
    aside = pl.when(moves).then(pl.lit(USUAL, REASON)).otherwise("aside")
    return marked.with_columns(aside=aside).drop("here")
