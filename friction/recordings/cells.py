"""Rows as dictionaries → cells by column, small to send from one process to another: texts are said once.

Nothing here needs Polars, so that a process that plays recordings starts soon (`friction.recordings.worker`).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

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


class Coded(NamedTuple):
    """Texts, among them null: the distinct ones, and for each row its place among them (C ints)."""

    words: list[str | None]
    places: array[int]


Cells = list[Any] | Coded


def named(columns: frozenset[str] | None) -> tuple[str, ...]:
    """The columns wanted, in their order: of `COLUMNS` those of `columns` (null: all) and `ALWAYS`."""
    return tuple(name for name in COLUMNS if columns is None or name in columns | ALWAYS)


def cells(rows: Sequence[dict[str, Any]], names: Iterable[str]) -> dict[str, Cells]:
    """The cells of these columns in the order of the rows; no column that no row has. `ts` in microseconds UTC."""
    said = set[str]().union(*rows)
    return {name: _cells(name, rows) for name in names if name in said}


def _cells(name: str, rows: Sequence[dict[str, Any]]) -> Cells:
    if name == "ts":
        return [round(row["ts"] * 1_000) for row in rows]
    found = [row.get(name) for row in rows]
    if type(next((each for each in found if each is not None), None)) is not str:
        return found
    places: dict[str | None, int] = {}
    at = array("i", [places.setdefault(each, len(places)) for each in found])
    return Coded(list(places), at)
