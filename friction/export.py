"""Tables that are written out: the event table, raw findings, rejected records."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl
from polars.io.plugins import register_io_source

from friction.detectors.base import FINDING, Detector
from friction.errors import InputError
from friction.ingest import Ingested
from friction.ingest.context import FIRST
from friction.ingest.gather import SEPARATOR
from friction.ingest.masked import session_names as session_ids
from friction.privacy.columns import Policy, mask_selector
from friction.render.cells import cell
from friction.schema import EVENT, conform
from friction.summary.moments import session_names

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


def write_events(ingested: Ingested, output: Path) -> dict[str, Any]:
    """The event table as Parquet, part by part; the answer says what is in it."""
    written = {"events": 0, "sessions": 0}

    def frames() -> Iterator[pl.DataFrame]:
        for rows in event_frames(ingested):
            written["events"] += rows.height
            written["sessions"] += rows["session_id"].n_unique()
            yield rows

    _sink(frames(), EVENT, output)
    return {
        **written,
        "files": [file.name for file in ingested.books.files],
        "rejected": _rejected(ingested),
        "passed_over": [asdict(passed) for passed in ingested.books.passed_over],
    }


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
        "rejected": _rejected(ingested),
        "passed_over": [asdict(passed) for passed in ingested.books.passed_over],
    }


def counted_table(ingested: Ingested, which: str) -> pl.DataFrame:
    """The table of `sessions` or `aggregates` that tools have counted, masked, with its `file_id`."""
    table: pl.DataFrame = getattr(ingested.counted, which)
    return table.with_columns(_counted_masked(table, ingested.events.policy))


def _counted_masked(table: pl.DataFrame, policy: Policy) -> list[pl.Series]:
    rules = {name: policy.rule(name) for name, dtype in table.schema.items() if dtype == pl.String()}
    found = [_mapped(table[name], rule) for name, rule in rules.items() if rule is not None]
    if "labels" in table.columns:
        found.append(_lists_masked(table["labels"]))
    if "visitor_id" in table.columns:
        found.append(session_ids(table["session_id"], table["visitor_id"].drop_nulls(), policy))
    return found


def event_frames(ingested: Ingested, *, whole: bool = False) -> Iterator[pl.DataFrame]:
    """The event table part by part; a session lies in one part, with its rows in order. Raises `InputError` when the
    input holds what tools have counted and no event.

    `whole`: sessions that were cut keep the name they share, and columns that the input lacks are left out.
    """
    if not ingested.has_events:
        raise InputError(
            "input.no_events",
            "the input holds no events: the tool has counted already",
            remedy="friction analyze shows what it counted, friction convert writes it as a table",
        )
    for part in ingested.events.parts():
        rows = _event_rows(part.rows, ingested, whole=whole)
        yield rows if whole else conform(rows.lazy()).collect()


def _rejected(ingested: Ingested) -> dict[str, int]:
    return {count.reason: count.rows for count in ingested.books.by_reason}


def _event_rows(part: pl.DataFrame, ingested: Ingested, *, whole: bool) -> pl.DataFrame:
    """A part in the words of the event table, with those of its columns that there are."""
    sources = pl.Series([file.source for file in ingested.books.files], dtype=EVENT["source"])
    file_id = _file_id(part)
    first = part["session_id"] - part.select(_first("session_id", "key")).to_series()
    piece = first * 0 + 1 if whole else first + 1
    name = session_names(pl.DataFrame({"key": part["key"], "piece": piece}), ingested.events.names)
    order = part.select(pl.int_range(pl.len()) - _first_place()).to_series()
    decoded = ingested.events.words.decode(part.drop("session_id"))
    decoded = decoded.with_columns(name.alias("session_id"), order.alias("seq"), file_id=file_id)
    decoded = decoded.with_columns(sources.gather(file_id).alias("source"))
    # A row that does not say where it is gets its page anew when the table is read: as an address it would count.
    placed = pl.col("url").is_not_null() if "url" in decoded.columns else pl.lit(value=False)
    decoded = decoded.with_columns(pl.when(placed).then("page").alias("page"))
    decoded = decoded.with_columns(_masked(decoded, ingested))
    cut = part["key"].is_in(part["key"].filter(first > 0).unique().implode())
    decoded = decoded.with_columns(_repeated(name, decoded, cut, ingested) for name in _said_once(ingested))
    return decoded.select(
        pl.col(column).cast(dtype, strict=False)
        for column, dtype in EVENT.items()
        if column in decoded.columns
    )


def _masked(rows: pl.DataFrame, ingested: Ingested) -> list[pl.Series]:
    """The columns that no dictionary has masked already."""
    words, found = ingested.events.words.by_column, []
    for column in (name for name in rows.columns if name not in words):
        dtype, rule = rows.schema[column], ingested.events.policy.rule(column)
        if dtype == pl.String() and rule is not None:
            found.append(_mapped(rows[column], rule))
        elif dtype == pl.List(pl.String()):
            found.append(_lists_masked(rows[column]))
    return found


def _lists_masked(lists: pl.Series) -> pl.Series:
    """Lists of words, such as classes, each word masked; those without anything to mask as they are."""
    joined = lists.list.join(SEPARATOR)
    kept = _mapped(joined, lambda text: SEPARATOR.join(map(mask_selector, text.split(SEPARATOR))))
    changed = pl.when(joined == kept).then(lists).otherwise(kept.str.split(SEPARATOR))
    return pl.select(changed.alias(lists.name)).to_series()


def _said_once(ingested: Ingested) -> list[str]:
    """Columns that may be said once for a session, and hold for all pieces that it is cut into."""
    events = ingested.events
    return [name for name in FIRST if name in events.context.columns and name not in events.own]


def _repeated(name: str, rows: pl.DataFrame, cut: pl.Series, ingested: Ingested) -> pl.Series:
    """A column in which all pieces of a session that was cut, from now on sessions of their own, say what it said."""
    events = ingested.events
    said = events.words.by_column[name].gather(events.context[name].gather(rows["key"]))
    return rows[name].zip_with(~(cut & rows[name].is_null()), said.alias(name))


def _first(column: str, of: str) -> pl.Expr:
    """The value of `column` in the first row of the run of `of` that the row is in."""
    return pl.when(pl.col(of).ne_missing(pl.col(of).shift())).then(column).forward_fill()


def _first_place() -> pl.Expr:
    new = pl.col("session_id").ne_missing(pl.col("session_id").shift())
    return pl.when(new).then(pl.int_range(pl.len())).forward_fill()


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
            people = _for_people(table.with_columns(rows=listed))
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
        first = part["session_id"] - part.select(_first("session_id", "key")).to_series()
        sessions = pl.DataFrame({"key": part["key"].gather(at), "piece": first.gather(at) + 1})
        named = {"session_id": session_names(sessions, events.names)}
        if "visitor_id" in events.context.columns:
            code = events.context["visitor_id"].gather(sessions["key"])
            named["visitor_id"] = events.words.by_column["visitor_id"].gather(code)
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
        file_id, trigger = _file_id(part), found["trigger_row"]
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


def _file_id(part: pl.DataFrame) -> pl.Series:
    """The file of each row; 0 where there is only one."""
    if "file_id" in part.columns:
        return part["file_id"]
    return pl.repeat(0, part.height, dtype=pl.UInt32, eager=True)


def _with_more(details: pl.Series, more: Mapping[int, list[dict[str, Any]]]) -> pl.Series:
    """Details with a member `more` where a finding has rows in other files."""
    if not more:
        return details
    added = [json.dumps(json.loads(details[at]) | {"more": rows}) for at, rows in more.items()]
    return details.scatter(list(more), added)


def write_rejects(ingested: Ingested, path: Path) -> None:
    """Every rejected record as CSV: file, number, line, column and reason; never its contents."""
    files = pl.Series([file.name for file in ingested.books.files])
    table = ingested.books.with_lines(ingested.books.all_rejects)
    named = table.select(files.gather(table["file_id"]).alias("file"), "row_no", "line", "column", "reason")
    _for_people(named).write_csv(path)


def _for_people(table: pl.DataFrame) -> pl.DataFrame:
    """The table with every text as a spreadsheet or a terminal may see it."""
    return table.with_columns(
        _mapped(table[name], cell) for name, dtype in table.schema.items() if dtype == pl.String()
    )


def _mapped(column: pl.Series, change: Callable[[str], str]) -> pl.Series:
    """The texts changed, each distinct one once."""
    distinct = column.unique().drop_nulls()
    changed = [change(text) for text in distinct]
    return column.replace_strict(distinct, changed, default=None, return_dtype=pl.String)


def _sink(frames: Iterator[pl.DataFrame], schema: pl.Schema, output: Path) -> None:
    """Write frames as one Parquet file without holding them together."""

    def source(
        with_columns: list[str] | None, predicate: pl.Expr | None, n_rows: int | None, batch_size: int | None
    ) -> Iterator[pl.DataFrame]:
        del with_columns, predicate, n_rows, batch_size
        yield from frames

    register_io_source(source, schema=schema, is_pure=False).sink_parquet(output, maintain_order=True)
