"""The books of reading: what became of every record, file by file, and why where it was set aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from friction.errors import InputError
from friction.ingest.gather import Gathered, Span, widest
from friction.ingest.once import copies
from friction.privacy.texts import mask_text
from friction.report import Excluded, FileBooks, PassedOver, Reject, RejectCount
from friction.sources.base import LineOf, Reading
from friction.values import dataclass

REJECTS_SHOWN = 20


@dataclass(frozen=True)
class Books:
    """What became of every record."""

    files: list[FileBooks]
    rejects: list[Reject]
    by_reason: list[RejectCount]
    outside: int
    all_rejects: pl.DataFrame
    """Every reject: `file_id, row_no, line, column, reason`."""
    passed_over: list[PassedOver]
    """What archives held and was not read."""
    excluded: Sequence[Excluded] = ()
    """What `[exclude]` left out."""
    line_of: Sequence[LineOf | None] = ()
    """By file: the physical lines of records."""
    has_sessions: bool = True
    """Whether any file names sessions."""
    span: Span | None = None
    """First and last time of events that all lie outside the period asked for."""

    def with_lines(self, rejects: pl.DataFrame) -> pl.DataFrame:
        """These rejects with the physical lines that were not known when they were found; it may read files again."""
        keys = ["file_id", "row_no"]
        unknown = (
            rejects.filter(pl.col("line").is_null(), pl.col("row_no").is_not_null()).select(keys).unique()
        )
        known = [unknown.clear().with_columns(known=pl.lit(None, pl.Int64()))]
        for number, line_of in enumerate(self.line_of):
            rows = unknown.filter(pl.col("file_id") == number)
            if line_of is not None and rows.height:
                lines = pl.Series(line_of(rows["row_no"].to_list()), dtype=pl.Int64())
                known.append(rows.with_columns(known=lines))
        joined = rejects.join(pl.concat(known), on=keys, how="left", maintain_order="left")
        return joined.with_columns(line=pl.coalesce("line", "known")).drop("known")


def file_books(name: str, sha256: str, source: str, gathered: Gathered, reading: Reading) -> FileBooks:
    """What became of the records of one file, and what is known of it."""
    facts: dict[str, Any] = {key: value for key, value in sorted(reading.facts.items()) if key != "records"}
    if reading.columns:
        # A table without a header may have lost its first record to it.
        facts["columns"] = {mask_text(column.theirs): column.ours for column in reading.columns}
    if gathered.batched:
        facts["batched"] = gathered.batched
    if gathered.unreadable:
        theirs = {column.ours: mask_text(column.theirs) for column in reading.columns}
        facts["unreadable_cells"] = {theirs[ours]: cells for ours, cells in gathered.unreadable.items()}
    return FileBooks(
        name=name,
        source=source,
        sha256=sha256,
        rows_total=gathered.total,
        rows_accepted=gathered.accepted,
        rows_rejected=gathered.rejects.height,
        facts=facts,
    )


def with_repeats(books: FileBooks, rows: int) -> FileBooks:
    """The books with so many rows that repeat others, which count once."""
    return replace(books, facts={**books.facts, "repeated": rows}) if rows else books


def without_copies(found: Sequence[tuple[Gathered, FileBooks]]) -> list[tuple[Gathered, FileBooks]]:
    """The files; of those with the same content only the first one's rows, the others' are in the books as repeats."""
    same = copies([(books.sha256, books.rows_total) for _, books in found])
    return [
        (
            replace(one, rows=one.rows.clear(), counted=None, voices=None),
            with_repeats(books, one.rows.height or one.accepted),
        )
        if is_copy
        else (one, books)
        for (one, books), is_copy in zip(found, same, strict=True)
    ]


def all_books(found: Sequence[tuple[Gathered, FileBooks]], passed_over: Sequence[PassedOver] = ()) -> Books:
    """The books of all files together, with a sample of the rejects; it may read files again for their lines."""
    rejects = pl.concat(
        gathered.rejects.with_columns(file_id=pl.lit(number, pl.UInt32))
        for number, (gathered, _) in enumerate(found)
    ).sort("file_id", "row_no", "line", nulls_last=True)
    files = [books for _, books in found]
    counts = rejects.group_by("reason").len().sort("len", "reason", descending=[True, False])
    reasons = [RejectCount(reason, rows) for reason, rows in counts.iter_rows()]
    outside = sum(gathered.outside for gathered, _ in found)
    line_of = [gathered.line_of for gathered, _ in found]
    has_sessions = any(gathered.has_sessions for gathered, _ in found)
    books = Books(
        *(files, [], reasons, outside, rejects, list(passed_over)),
        line_of=line_of,
        has_sessions=has_sessions,
        span=widest(gathered.span for gathered, _ in found),
    )
    sample = [
        Reject(files[row["file_id"]].name, row["line"], row["column"], row["reason"])
        for row in books.with_lines(rejects.head(REJECTS_SHOWN)).iter_rows(named=True)
    ]
    return replace(books, rejects=sample)


def nothing_usable(books: Books) -> InputError:
    """Why no row is left, as these books say."""
    if books.excluded:
        return InputError(
            "input.all_excluded",
            "no session is left when those of [exclude] are taken out",
            remedy="narrow the patterns of [exclude]",
        )
    if books.outside:
        return outside_period(books.span)
    reason = books.by_reason[0].reason if books.by_reason else "no_rows"
    return InputError(
        "input.no_usable_rows",
        f"none of the {sum(file.rows_total for file in books.files)} rows can be used (most often: {reason})",
        remedy="see which columns were found with `friction inspect`, and name the right ones with --mapping",
        file=books.files[0].name,
    )


def outside_period(span: Span | None) -> InputError:
    """What is said where no event lies in the period asked for, with the time of those that there are."""
    detail = "no event lies in the period asked for"
    if span:
        first, last = (f"{when:%Y-%m-%dT%H:%M:%SZ}" for when in span)
        detail = f"no event lies in the period asked for, those of the input are from {first} to {last}"
    return InputError("input.outside_period", detail, remedy="widen --since and --until")
