"""What tools have counted themselves, and what customers said, as tables."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from friction.errors import InputError
from friction.export.cells import lists_masked, mapped, rejected
from friction.ingest import Ingested
from friction.ingest.masked import session_names
from friction.privacy.columns import Policy


def write_counted(ingested: Ingested, which: str | None, output: Path) -> dict[str, Any]:
    """The table of `sessions` or `aggregates` that tools have counted, or of what customers said (`friction.voices`),
    as Parquet; null: the one there is, the first of several. Masked like events. Raises `InputError` for none.
    """
    tables = {"sessions": ingested.counted.sessions, "aggregates": ingested.counted.aggregates}
    tables |= dict(ingested.heard.voices.items())
    held = [name for name, table in tables.items() if table.height]
    which = which or held[0]
    if which not in held:
        raise InputError(
            "input.no_such_table",
            f"the input holds no {which}",
            remedy=f"it holds: {', '.join([*(['events'] if ingested.has_events else []), *held])}",
        )
    is_counted = which in {"sessions", "aggregates"}
    table = (counted_table(ingested, which) if is_counted else tables[which]).drop("file_id")
    table.write_parquet(output)
    return {
        "table": which,
        "rows": table.height,
        **({"left_out": others} if (others := [name for name in held if name != which]) else {}),
        "files": [file.name for file in ingested.books.files],
        "rejected": rejected(ingested),
        "passed_over": [asdict(passed) for passed in ingested.books.passed_over],
    }


def counted_table(ingested: Ingested, which: str) -> pl.DataFrame:
    """The table of `sessions` or `aggregates` that tools have counted, masked, with its `file_id`."""
    table: pl.DataFrame = getattr(ingested.counted, which)
    return table.with_columns(_counted_masked(table, ingested.events.policy))


def _counted_masked(table: pl.DataFrame, policy: Policy) -> list[pl.Series]:
    rules = {name: policy.rule(name) for name, dtype in table.schema.items() if dtype == pl.String()}
    found = [mapped(table[name], rule) for name, rule in rules.items() if rule is not None]
    if "labels" in table.columns:
        found.append(lists_masked(table["labels"]))
    if "visitor_id" in table.columns:
        found.append(session_names(table["session_id"], table["visitor_id"].drop_nulls(), policy))
    return found
