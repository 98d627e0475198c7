"""Times, names and places as the report prints them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from friction.ingest.books import Books
from friction.quality import Counts
from friction.report import Rows
from friction.summary.called import PIECE, SessionNames

UTC_FORMAT = "%Y-%m-%dT%H:%M:%S%.3fZ"


def utc(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC with milliseconds."""
    return (
        None
        if moment is None
        else moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
    )


def counted(books: Books, names: SessionNames) -> Counts:
    """What reading counted, for the checks of quality; `names` are those of the sessions."""
    accepted = sum(file.rows_accepted for file in books.files)
    is_cut = names.are_pieces()
    cells = sum(sum(file.facts.get("unreadable_cells", {}).values()) for file in books.files)
    return Counts(
        accepted,
        sum(each.rows for each in books.by_reason),
        books.outside,
        int(is_cut.sum()),
        cells,
        repeated=sum(file.facts.get("repeated", 0) for file in books.files),
        batched=sum(file.facts.get("batched", 0) for file in books.files),
        whole=_whole(names, is_cut) if is_cut.any() else None,
        has_sessions=books.has_sessions,
        sampled=min((file.facts["sampled"] for file in books.files if "sampled" in file.facts), default=None),
    )


def _whole(names: SessionNames, is_cut: pl.Series) -> pl.Series:
    """What sessions are pieces of; null for those that were not cut."""
    later = is_cut.arg_true()
    cut = names.gather(later).str.replace(PIECE, "")
    first = names.among(cut)
    none = pl.repeat(None, len(names), dtype=pl.String(), eager=True)
    return none.scatter(first, names.gather(first)).scatter(later, cut)


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
