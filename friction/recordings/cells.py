"""Rows as dictionaries → cells by column, small to send from one process to another: texts are said once.

Nothing here needs Polars, so that a process that plays recordings starts soon (`friction.recordings.worker`).
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
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


NUMBERS = frozenset(
    "ts seq node_id el_classes el_interactive el_disabled x y viewport_w viewport_h scroll_x scroll_y is_trusted"
    " press_ms selection_empty value_len is_checked load_ms dcl_ms ttfb_ms lcp_ms inp_ms fid_ms cls duration_ms"
    " active_ms response_delay_ms http_status count row_no".split()
)
"""The columns that hold no single text; the others do."""


LISTS = "el_classes"
"""The column of lists: most are said again and again, as texts are."""
Word = str | tuple[str, ...] | None


class Coded(NamedTuple):
    """Texts, or lists of them: the distinct ones, null first, and for each row its place among them (C ints)."""

    words: Sequence[Word]
    places: array[int]


Cells = list[Any] | Coded


def named(columns: frozenset[str] | None) -> tuple[str, ...]:
    """The columns wanted, in their order: of `COLUMNS` those of `columns` (null: all) and `ALWAYS`."""
    return tuple(name for name in COLUMNS if columns is None or name in columns | ALWAYS)


def cells(rows: Sequence[dict[str, Any]], names: Sequence[str]) -> dict[str, Cells]:
    """The cells of these columns in the order of the rows; no column that no row has. `ts` in microseconds UTC."""
    nothing, none = bytes(len(rows) * array("i").itemsize), [None] * len(rows)
    texts: dict[str, tuple[dict[str | None, int], array[int]]]
    texts = {name: ({None: 0}, array("i", nothing)) for name in names if name not in NUMBERS}
    others: dict[str, list[Any]] = {name: none.copy() for name in names if name in NUMBERS}
    # A row has a third of the columns at most, so each is asked for what it has.
    for at, row in enumerate(rows):
        for name, value in row.items():
            if value is None:
                continue
            text = texts.get(name)
            if text is not None:
                words, places = text
                places[at] = words.setdefault(value, len(words))
            elif name in others:
                others[name][at] = value
    others["ts"] = [round(row["ts"] * 1_000) for row in rows]
    said = set[str]().union(*rows)
    found: dict[str, Cells] = {name: values for name, values in others.items() if name in said}
    if LISTS in found:
        found[LISTS] = _coded(others[LISTS])
    return found | {
        name: Coded(list(words), places) for name, (words, places) in texts.items() if len(words) > 1
    }


def _coded(lists: Sequence[list[str] | None]) -> Coded:
    words: dict[Word, int] = {None: 0}
    known = [None if one is None else tuple(one) for one in lists]
    places = array("i", [words.setdefault(one, len(words)) for one in known])
    return Coded(list(words), places)
