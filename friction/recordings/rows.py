"""Rows as dictionaries → one frame with columns of the event table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl

from friction.schema import EVENT, TS

ALWAYS = frozenset({"ts", "seq", "session_id", "visitor_id", "tab_id", "kind", "url", "row_no"})
COLUMNS = (
    *(
        "ts",
        "seq",
        "session_id",
        "visitor_id",
        "tab_id",
        "kind",
        "name",
        "url",
        "title",
        "nav_kind",
        "target",
    ),
    *("node_id", "el_tag", "el_id", "el_role", "el_type", "el_name", "el_text", "el_aria_label", "el_href"),
    *("el_classes", "el_attrs", "el_ancestors", "el_control", "el_interactive", "el_disabled", "x", "y"),
    *(
        "viewport_w",
        "viewport_h",
        "scroll_x",
        "scroll_y",
        "pointer",
        "is_trusted",
        "press_ms",
        "selection_empty",
    ),
    *(
        "form",
        "field",
        "field_type",
        "value_len",
        "is_checked",
        "load_ms",
        "dcl_ms",
        "ttfb_ms",
        *("lcp_ms", "inp_ms", "fid_ms", "cls"),
        "duration_ms",
        "active_ms",
    ),
    *(
        "response_delay_ms",
        "http_method",
        "http_status",
        "req_url",
        "req_kind",
        "error_message",
        "error_kind",
    ),
    *("error_source", "count", "row_no"),
)
"""What a recording can say. Not `scroll_pct`: the recorder does not know how high a page is."""

DEEP = frozenset({"el_attrs", "el_ancestors", "el_control"})


def frame(rows: Iterable[dict[str, Any]], columns: frozenset[str] | None = None) -> pl.DataFrame:
    """One row each, in their order; `columns` null gives all of `COLUMNS`, else those and `ALWAYS`.

    `ts` of the rows is milliseconds, of the frame microseconds UTC. A missing key is null.
    """
    rows = list(rows)
    names = [name for name in COLUMNS if columns is None or name in columns | ALWAYS]
    said = set[str]().union(*rows)
    return pl.DataFrame([_column(name, rows if name in said else [], len(rows)) for name in names])


def _column(name: str, rows: list[dict[str, Any]], height: int) -> pl.Series:
    if not rows:
        return pl.Series(name, [None], EVENT[name]).new_from_index(0, height)
    if name == "ts":
        stamps = [round(row["ts"] * 1_000) for row in rows]
        return pl.Series(name, stamps, pl.Int64()).cast(TS)
    return pl.Series(name, [row.get(name) for row in rows], EVENT[name])
