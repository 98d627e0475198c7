"""Raw findings, one row each (`contract.md` §2, "Findings table")."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from friction.detectors.base import FINDING, Detector
from friction.export.cells import file_id_of, first_of, for_people
from friction.ingest import Ingested
from friction.summary.called import SessionNames

FOUND = pl.Schema(
    {
        **{
            name: pl.String() for name in ("detector", "preset", "session_id", "visitor_id", "page", "target")
        },
        "start": FINDING["start"],
        "end": FINDING["end"],
        "events": pl.UInt32(),
        "file": pl.String(),
        "rows": pl.List(pl.Int64()),
        "trigger_row": pl.Int64(),
        "severity": pl.Float32(),
        "detail": pl.String(),
    }
)
"""The findings table. `file` is that of the trigger, `rows` the finding's rows in it; rows of a session that lie in
other files stand in `detail.more`."""


class FindingsWriter:
    """Takes each detector's findings part by part (`Plan.keep`), writes them in the order of session and start."""

    def __init__(self, ingested: Ingested, detectors: Mapping[str, Detector]) -> None:
        self._ingested, self._detectors, self._frames = ingested, detectors, list[pl.DataFrame]()

    def keep(self, name: str, found: pl.DataFrame, part: pl.DataFrame) -> None:
        """One detector's findings of one part; those set aside are left out."""
        counting = found.filter(pl.col("aside").is_null())
        if counting.height:
            self._frames.append(self._written(name, counting, part))

    def write(self, output: Path) -> dict[str, int]:
        """Write the file; how many findings of each detector are in it."""
        table = pl.concat([pl.DataFrame(schema=FOUND), *self._frames])
        table = table.sort("session_id", "start", "detector", "target", "trigger_row", nulls_last=True)
        if output.suffix.lower() == ".csv":
            listed = pl.format("[{}]", pl.col("rows").cast(pl.List(pl.String)).list.join(","))
            people = for_people(table.with_columns(rows=listed))
            people.write_csv(output, datetime_format="%Y-%m-%dT%H:%M:%S%.3fZ")
        elif output.suffix.lower() == ".jsonl":
            table.with_columns(pl.col("start", "end").dt.strftime("%Y-%m-%dT%H:%M:%S%.3fZ")).write_ndjson(
                output
            )
        else:
            table.write_parquet(output)
        counts = dict(table.group_by("detector").len().iter_rows())
        return {name: counts.get(name, 0) for name in sorted(self._detectors)}

    def _written(self, name: str, found: pl.DataFrame, part: pl.DataFrame) -> pl.DataFrame:
        words = self._ingested.events.words
        target = words.by_column.get(self._detectors[name].coded.get("target", "target"))
        places, more = self._places(found, part)
        columns = {
            "detector": pl.repeat(name, found.height, eager=True),
            "preset": pl.repeat(self._detectors[name].label, found.height, dtype=pl.String, eager=True),
            **self._people(part, found["trigger_row"]),
            "page": words.by_column["page"].gather(found["page"]),
            **({"target": target.gather(found["target"])} if target is not None else {}),
            **{column: found[column] for column in ("start", "end", "events", "severity")},
            **places,
            "detail": _with_more(self._details(found), more),
        }
        nothing = pl.repeat(None, found.height, dtype=pl.String, eager=True)
        return pl.DataFrame({column: columns.get(column, nothing) for column in FOUND}, schema=FOUND)

    def _people(self, part: pl.DataFrame, at: pl.Series) -> dict[str, pl.Series]:
        """Session and, where one is known, visitor of the rows `at`."""
        events = self._ingested.events
        first = part["session_id"] - part.select(first_of("session_id", "key")).to_series()
        sessions = pl.DataFrame({"key": part["key"].gather(at), "piece": first.gather(at) + 1})
        named = {"session_id": SessionNames.of(sessions, events.names).every()}
        if "visitor_id" in events.context.columns:
            code = events.context["visitor_id"].gather(sessions["key"])
            named["visitor_id"] = events.words.of("visitor_id", code)
        return named

    def _details(self, found: pl.DataFrame) -> pl.Series:
        """The detector's own details as JSON, codes as words."""
        base = {"session_id", "page", "target", "view", "detector", *FINDING}
        details = [column for column in found.columns if column not in base]
        if not details:
            return pl.repeat("{}", found.height, eager=True)
        decoded = self._ingested.events.words.decode(found.select(details))
        return decoded.select(pl.struct(details).struct.json_encode()).to_series()

    def _places(
        self, found: pl.DataFrame, part: pl.DataFrame
    ) -> tuple[dict[str, pl.Series], dict[int, list[dict[str, Any]]]]:
        """File of the trigger, the finding's rows in it, the trigger's row; by finding, its rows in other files."""
        files = pl.Series([file.name for file in self._ingested.books.files])
        file_id, trigger = file_id_of(part), found["trigger_row"]
        rows = found.select(pl.int_range(pl.len()).alias("at"), "rows").explode("rows")
        rows = rows.select(
            "at", row=part["row_no"].gather(rows["rows"]).cast(pl.Int64), file=file_id.gather(rows["rows"])
        )
        here = rows["file"] == file_id.gather(trigger).gather(rows["at"])
        listed = rows.filter(here).group_by("at", maintain_order=True).agg("row")
        other = rows.filter(~here).group_by("at", "file", maintain_order=True).agg("row")
        more: dict[int, list[dict[str, Any]]] = {}
        for at, file, numbers in other.sort("at", "file").iter_rows():
            more.setdefault(at, []).append({"file": files[file], "rows": numbers})
        places = {
            "file": files.gather(file_id.gather(trigger)),
            "rows": listed["row"],
            "trigger_row": part["row_no"].gather(trigger).cast(pl.Int64),
        }
        return places, more


def _with_more(details: pl.Series, more: Mapping[int, list[dict[str, Any]]]) -> pl.Series:
    """Details with a member `more` where a finding has rows in other files."""
    if not more:
        return details
    added = [json.dumps(json.loads(details[at]) | {"more": rows}) for at, rows in more.items()]
    return details.scatter(list(more), added)
