"""From a table of distinct elements to `el_flags`."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import orjson
import polars as pl

from friction.elements.node import Node, described
from friction.elements.rules import flags_of
from friction.elements.selectors import nodes_of

COLUMNS = (
    *("target", "el_tag", "el_id", "el_role", "el_type", "el_name", "el_text", "el_aria_label", "el_href"),
    *("el_classes", "el_attrs", "el_ancestors", "el_interactive", "el_disabled"),
)
"""What is looked at, as far as the table has it."""

MAX_ANCESTORS = 8


def facts(elements: pl.DataFrame) -> pl.Series:
    """`el_flags` (UInt64, in the order of the rows) of distinct elements.

    Columns, any of `COLUMNS`: texts, but `el_classes` (list of text), `el_attrs` (JSON object),
    `el_ancestors` (JSON list of objects, parent first), `el_interactive` and `el_disabled` (true or false).
    Null says nothing. What the columns leave open is read off `target` where that is a selector; a target
    that is a label is the element's text. JSON that cannot be read counts as null.
    """
    have = [name for name in COLUMNS if name in elements.columns]
    names = [name.removeprefix("el_") for name in have]
    flags = []
    for row in elements.select(have).iter_rows():
        told = {name: value for name, value in zip(names, row, strict=True) if value is not None}
        flags.append(flags_of(*_nodes(told), told.get("interactive"), told.get("disabled")))
    return pl.Series("el_flags", flags, dtype=pl.UInt64())


def _nodes(told: dict[str, Any]) -> tuple[Node, tuple[Node, ...]]:
    """The element and its known ancestors, parent first."""
    target = told.get("target")
    is_known = "tag" in told and "ancestors" in told
    read = nodes_of(target) if target and not is_known else ()
    if read and len(told) == 1:
        return read[0], read[1:]
    if target and not (read or is_known or "text" in told):
        told["text"] = target
    if "attrs" in told:
        told["attrs"] = _json(told["attrs"])
    above = _ancestors(told["ancestors"]) if "ancestors" in told else ()
    own = described(told)
    return (own.filled(read[0]), above or read[1:]) if read else (own, above)


@lru_cache(maxsize=4096)
def _ancestors(text: str) -> tuple[Node, ...]:
    """Elements stand together: the ancestors of one are those of many, so they are read once."""
    known = _json(text)
    entries = known[:MAX_ANCESTORS] if isinstance(known, list) else []
    return tuple(described(entry) for entry in entries if isinstance(entry, dict))


def _json(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
