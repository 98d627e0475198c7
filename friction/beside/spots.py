"""Where on a page clicks fell: a small grid of them and the place of each element, for wide windows and for narrow.

Across, a click is where it fell in its window, so that windows of different width lie on each other; down, how far
below the top of the page, or below the top of the window in files that do not tell how far it was scrolled. Clicks at
(0, 0) are keys. Elements may stand elsewhere for other visitors: their place is the median of their clicks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from friction.schema import EVENT
from friction.summary.analysis import Analysis
from friction.summary.points import Names

NARROW = 768
"""Windows of fewer pixels are drawn as a telephone's."""
COLUMNS = {"wide": 48, "narrow": 20}
DEEPEST = {"wide": 3.0, "narrow": 7.0}
"""How far down is drawn, in widths of the window; clicks below are counted."""
MOST_CELLS = 400
READ = ("kind", "url", "target", "x", "y", "page_x", "page_y", "scroll_x", "scroll_y", "viewport_w")


def spots(
    analysis: Analysis, names: Names, pages: Sequence[int], of_elements: Sequence[str]
) -> dict[int, list[dict[str, Any]]]:
    """Code of a page → its layouts, the one with most clicks first; none where files tell no places.

    A layout: `window` (wide, narrow), `width` in CSS pixels, `below` what it is measured from (page, window), `clicks`,
    `deeper` clicks that are not drawn, `columns`, `cells` `[column, row, clicks, troubled]`, and `elements` with the
    `target`, its middle `x`, `y` and the spread of its clicks `w`, `h` in shares of the width. Troubled are clicks on
    an element with which the same session met friction (a finding of the detectors `of_elements`).
    """
    clicks = _clicks(analysis, pages)
    if clicks is None:
        return {}
    clicks = _placed(_with_windows(clicks, analysis, names)).join(
        _met(analysis, of_elements), on=["key", "page", "target"], how="left"
    )
    words, found = analysis.ingested.events.words, dict[int, list[dict[str, Any]]]()
    for (page, window), rows in clicks.sort("page", "window").group_by("page", "window", maintain_order=True):
        layout = _layout(rows, str(window))
        for each in layout["elements"]:
            each["target"] = words.word("target", each["target"])
        found.setdefault(int(str(page)), []).append(layout)
    return {page: sorted(each, key=lambda one: -one["clicks"]) for page, each in found.items()}


def _clicks(analysis: Analysis, pages: Sequence[int]) -> pl.DataFrame | None:
    """`key, page, target` and what says where, of each click on these pages whose place is told."""
    events = analysis.ingested.events
    have = set(events.store.columns)
    if not {"url", "target"} <= have or not ({"x", "y"} <= have or {"page_x", "page_y"} <= have):
        return None
    frames = []
    for rows, key in events.store.pieces([name for name in READ if name in have]):
        lacking = [pl.lit(None, EVENT[name]).alias(name) for name in READ if name not in have]
        told = pl.coalesce("x", "page_x").is_not_null() & pl.coalesce("y", "page_y").is_not_null()
        by_key = ((pl.col("x") == 0) & (pl.col("y") == 0)).fill_null(value=False)
        some = rows.with_columns(*lacking, key=key).filter((pl.col("kind") == "click") & told & ~by_key)
        some = some.with_columns(
            page=events.dictionaries["page"].code(some["url"]),
            target=events.dictionaries["target"].code(some["target"]),
        )
        frames.append(some.filter(pl.col("page").is_in(pages)).drop("kind", "url"))
    return pl.concat(frames) if frames else None


def _with_windows(clicks: pl.DataFrame, analysis: Analysis, names: Names) -> pl.DataFrame:
    """`window`: by its width, else by what the session's device is called."""
    by_device = pl.lit(None, pl.Boolean())
    if "device" in (sessions := analysis.tables.sessions).columns:
        small = [
            code
            for code in sessions["device"].unique().drop_nulls()
            if names.word("device", code) == "mobile"
        ]
        narrow = sessions.select("key", small=pl.col("device").is_in(small)).unique(
            "key", keep="first", maintain_order=True
        )
        clicks, by_device = clicks.join(narrow, on="key", how="left"), pl.col("small")
    is_narrow = pl.coalesce(pl.col("viewport_w") < NARROW, by_device).fill_null(value=False)
    return clicks.with_columns(window=pl.when(is_narrow).then(pl.lit("narrow")).otherwise(pl.lit("wide")))


def _placed(clicks: pl.DataFrame) -> pl.DataFrame:
    """`across` as a share of the window, `down` in pixels, `width` of the layout, `scrolled`: whether `down` is told
    from the top of the page for at least half of its clicks; then the others are left out."""
    each = ["page", "window"]
    width = pl.coalesce(pl.col("viewport_w").median(), pl.coalesce("x", "page_x").max() + 40).over(each)
    on_page = pl.coalesce("page_y", pl.col("y") + pl.col("scroll_y"))
    clicks = clicks.with_columns(width=width.round(), on_page=on_page)
    clicks = clicks.with_columns(scrolled=(pl.col("on_page").is_not_null().mean() >= 0.5).over(each))
    x = pl.coalesce("x", pl.col("page_x") - pl.col("scroll_x").fill_null(0))
    down = pl.when("scrolled").then("on_page").otherwise(pl.coalesce("y", "page_y"))
    clicks = clicks.with_columns(across=x / pl.coalesce("viewport_w", "width"), down=down)
    return clicks.filter(pl.col("across").is_between(0, 1) & (pl.col("down") >= 0))


def _met(analysis: Analysis, of_elements: Sequence[str]) -> pl.DataFrame:
    """`key, page, target, bad`: the elements with which a session met friction."""
    schema = {"key": pl.UInt32(), "page": pl.UInt32(), "target": pl.UInt32()}
    met, keys = analysis.tables.met, analysis.tables.sessions.select("session_id", "key")
    if not met.height:
        return pl.DataFrame(schema=schema).with_columns(bad=pl.lit(value=True))
    mine = met.filter(pl.col("detector").is_in(of_elements) & pl.col("target").is_not_null())
    found = mine.join(keys, on="session_id").select(pl.col(name).cast(kind) for name, kind in schema.items())
    return found.unique().with_columns(bad=pl.lit(value=True))


def _layout(rows: pl.DataFrame, window: str) -> dict[str, Any]:
    columns, width = COLUMNS[window], float(rows["width"][0])
    drawn = rows.with_columns(pl.col("down") / width, pl.col("bad").fill_null(value=False))
    above = drawn.filter(pl.col("down") < DEEPEST[window])
    cell = [
        (pl.col(name) * columns).floor().cast(pl.Int32()).clip(upper_bound=most).alias(name)
        for name, most in (("across", columns - 1), ("down", None))
    ]
    cells = above.with_columns(cell).group_by("across", "down").agg(n=pl.len(), bad=pl.col("bad").sum())
    cells = cells.sort("n", "down", "across", descending=[True, False, False]).head(MOST_CELLS)
    return {
        "window": window,
        "width": round(width),
        "below": "page" if rows["scrolled"][0] else "window",
        "clicks": rows.height,
        "deeper": rows.height - above.height,
        "columns": columns,
        "cells": [list(each) for each in cells.sort("down", "across").iter_rows()],
        "elements": _elements(above),
    }


def _elements(clicks: pl.DataFrame) -> list[dict[str, Any]]:
    """Of each element its middle and, of most of its clicks, the spread."""

    def spread(name: str) -> pl.Expr:
        return pl.col(name).quantile(0.95, "linear") - pl.col(name).quantile(0.05, "linear")

    known = clicks.filter(pl.col("target").is_not_null()).group_by("target")
    places = {
        "x": pl.col("across").median(),
        "y": pl.col("down").median(),
        "w": spread("across"),
        "h": spread("down"),
    }
    return known.agg(**places, clicks=pl.len()).sort("clicks", "target", descending=[True, False]).to_dicts()
