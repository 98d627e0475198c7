"""Times, names and places as the report prints them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from friction.ingest.books import Books
from friction.quality import Counts
from friction.report import Rows

PIECE = r"~\d+$"
"""What the name of a session's second or later piece ends with."""
UTC_FORMAT = "%Y-%m-%dT%H:%M:%S%.3fZ"


def utc(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC with milliseconds."""
    return (
        None
        if moment is None
        else moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
    )


def session_names(sessions: pl.DataFrame, keys: pl.Series) -> pl.Series:
    """The name of each session, by `session_id`: its key, and from the second piece on `~2`, `~3` …."""
    names = keys.gather(sessions["key"]).alias("name")
    later = (sessions["piece"] > 1).arg_true()
    cut = pl.DataFrame([names.gather(later), sessions["piece"].gather(later)])
    # Names are put in their places without being written anew: there is one for every session.
    places = pl.int_range(names.len(), dtype=pl.UInt32, eager=True)
    places = places.scatter(later, pl.int_range(names.len(), names.len() + later.len(), eager=True))
    return pl.concat([names, cut.select(name=pl.format("{}~{}", "name", "piece")).to_series()]).gather(places)


def counted(books: Books, names: pl.Series) -> Counts:
    """What reading counted, for the checks of quality; `names` are those of the sessions."""
    accepted = sum(file.rows_accepted for file in books.files)
    cuts = int(names.str.contains(PIECE).sum())
    cells = sum(sum(file.facts.get("unreadable_cells", {}).values()) for file in books.files)
    return Counts(
        accepted,
        sum(each.rows for each in books.by_reason),
        books.outside,
        cuts,
        cells,
        repeated=sum(file.facts.get("repeated", 0) for file in books.files),
        batched=sum(file.facts.get("batched", 0) for file in books.files),
        whole=names.str.replace(PIECE, "") if cuts else None,
        has_sessions=books.has_sessions,
        sampled=min((file.facts["sampled"] for file in books.files if "sampled" in file.facts), default=None),
    )


def places(
    files: Sequence[int], rows: Sequence[int], names: Sequence[str]
) -> tuple[str, list[int], list[Rows]]:
    """The file of the first row with its rows, and the rows in other files."""
    if len(set(files)) == 1:
        return names[files[0]], list(rows), []
    by_file: dict[int, list[int]] = {}
    for file, row in zip(files, rows, strict=True):
        by_file.setdefault(file, []).append(row)
    first = next(iter(by_file))
    more = [Rows(names[file], found) for file, found in by_file.items() if file != first]
    return names[first], by_file[first], more
