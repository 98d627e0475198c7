"""What the rows at hand can tell: the capabilities that detectors name as their needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import polars as pl

from friction.ingest.store import BLOCK
from friction.schema import KIND, TIMINGS

BY_KIND: dict[str, frozenset[str]] = {
    "has_page_views": frozenset({"page_view", "route_change"}),
    "has_clicks": frozenset({"click"}),
    "has_dom_reaction": frozenset({"mutation"}),
    "has_moves": frozenset({"mouse_move"}),
    "has_keys": frozenset({"keydown"}),
    "has_inputs": frozenset({"input", "change"}),
    "has_form_submit": frozenset({"submit"}),
    "has_scroll": frozenset({"scroll", "scroll_end"}),
    "has_errors": frozenset({"error", "console"}),
    "has_requests": frozenset({"request"}),
    "has_conversion": frozenset({"conversion"}),
    "has_feedback": frozenset({"feedback"}),
    "has_search": frozenset({"search"}),
    "has_cart": frozenset({"add_to_cart"}),
    "has_vendor_flags": frozenset({"rage_click", "dead_click", "error_click", "slow_click", "thrash"}),
}
BY_COLUMN: dict[str, tuple[str, ...]] = {
    "has_coords": ("x",),
    "has_perf": ("load_ms", "ttfb_ms", "duration_ms"),
    "has_vitals": ("lcp_ms", "inp_ms", "cls", "fcp_ms"),
    "has_user_id": ("user_id",),
}


BY_PAGE_TYPE: dict[str, str] = {
    "error": "has_page_status",
    "cart": "has_cart",
    "checkout": "has_cart",
    "help": "has_help",
}
FEW_BATCHED = 0.05
"""With a larger share of rows that share the time of an upload, no order within a second can be trusted."""


def capabilities(
    pieces: Iterable[pl.DataFrame], streams: Iterable[str] = (), *, batched: int = 0
) -> frozenset[str]:
    """Capabilities of rows that come piece by piece, with those a source has by its nature (`streams`).

    `batched` of the rows only have the time of an upload.
    """
    found, height = {*streams}, 0
    for rows in pieces:
        found |= _of_piece(rows)
        height += rows.height
    if batched > FEW_BATCHED * height and "has_order" not in streams:
        found.discard("has_order")
    return frozenset(found)


def of_page_types(page_types: Iterable[str]) -> frozenset[str]:
    """Capabilities that follow from the types of the pages that occur."""
    return frozenset(BY_PAGE_TYPE[name] for name in page_types if name in BY_PAGE_TYPE)


def _of_piece(rows: pl.DataFrame) -> set[str]:
    kinds = _kinds(rows)
    found = {"has_events"}
    found |= {name for name, needed in BY_KIND.items() if kinds & needed}
    found |= {name for name, columns in BY_COLUMN.items() if any(_filled(rows, column) for column in columns)}
    clicks = rows.lazy().filter(pl.col("kind") == "click")
    for column, name in (("target", "has_selector"), ("response_delay_ms", "has_dom_reaction")):
        if column in rows.columns and clicks.select(pl.col(column).is_not_null().any()).collect().item():
            found.add(name)
    if _filled(rows, "http_status") and _has_page_status(rows):
        found.add("has_page_status")
    if _has_fractions(rows["ts"]):
        found.add("has_order")
    if any(_filled(rows, metric) for metric in TIMINGS):
        found.add("has_perf")
    if not found & {"has_page_views"} and _filled(rows, "url"):
        found.add("has_page_views")
    return found


def _has_page_status(rows: pl.DataFrame) -> bool:
    """Whether any page view says how the server answered."""
    is_view = pl.col("kind").is_in(["page_view", "route_change"])
    return bool(rows.lazy().select((is_view & pl.col("http_status").is_not_null()).any()).collect().item())


def _has_fractions(ts: pl.Series) -> bool:
    """Whether any time lies between two seconds; the first rows nearly always tell."""
    pieces = (ts.head(10_000), ts)
    return any(not (piece.dt.microsecond() == 0).all() for piece in pieces)


FEW_ROWS = 100
"""With fewer, whole seconds say nothing of the clock: they may be by chance, or made up on purpose."""


def at_hand(pieces: Iterable[pl.DataFrame]) -> frozenset[str]:
    """Kinds of rows that occur (`window`: focus or blur of no element) and columns that say anything."""
    found, height = set[str](), 0
    for rows in pieces:
        found |= _at_hand(rows)
        height += rows.height
    return frozenset(found | ({"few_rows"} if height < FEW_ROWS else set()))


def of_facts(told: Mapping[str, Mapping[str, pl.Series]]) -> frozenset[str]:
    """Facts of elements and names that say anything."""
    return frozenset(
        column for column, by_pool in told.items() if any(s.null_count() < s.len() for s in by_pool.values())
    )


def _at_hand(rows: pl.DataFrame) -> set[str]:
    on_element = [pl.col(name).is_not_null() for name in ("target", "node_id") if name in rows.columns]
    somewhere = pl.any_horizontal(on_element) if on_element else pl.lit(value=False)
    found = _kinds(rows)
    if found & {"focus", "blur"}:
        is_focus = pl.col("kind").is_in(["focus", "blur"])
        found = set(rows.select(pl.col("kind").filter(~is_focus | somewhere).unique()).to_series().to_list())
        found |= {"window"} if rows.select((is_focus & ~somewhere).any()).item() else set()
    return found | {column for column in rows.columns if _filled(rows, column)}


def _kinds(rows: pl.DataFrame) -> set[str]:
    """The kinds of rows that occur; to count numbers is twice as quick as to tell words apart."""
    numbers, there = (
        rows["kind"].to_physical().drop_nulls().to_numpy(),
        np.zeros(KIND.categories.len(), np.int64),
    )
    for start in range(0, len(numbers), BLOCK):
        there += np.bincount(numbers[start : start + BLOCK], minlength=len(there))
    return set(KIND.categories.gather(np.flatnonzero(there)).to_list())


def _filled(rows: pl.DataFrame, column: str) -> bool:
    return column in rows.columns and rows[column].null_count() < rows.height
