"""The way of rows that do not fit in memory: numbers on disk, in private files that go with the process.

    columns   a table on disk, a file a column
    rows      the rows of files, piece by piece
    batches   a file onto disk, so many rows at a time
    words     what follows from words, batch by batch
    once      each event once, and only who counts
    store     the rows by part

In memory stay the distinct words (of sessions and visitors too), what is true of each session, and as many parts as
there are threads; tables of page views and of what struck them lie beside the rows (`friction.reduce.kept`). Rows are
read twice and written twice, as numbers; nothing readable is written. An order of rows is not relied on, so a log in
the order of time and a shuffled one go the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from pathlib import Path

import polars as pl

from friction.dictionaries import Dictionary
from friction.ingest.columns import Wanted
from friction.ingest.disk import batches, once, rows, store
from friction.ingest.disk.columns import Columns
from friction.ingest.disk.rows import DiskRows
from friction.ingest.exclude import NOBODY, Exclusion
from friction.ingest.gather import Gathered, Pools
from friction.ingest.store import Store
from friction.report import Excluded
from friction.sources.base import Reading
from friction.values import dataclass

__all__ = ["Disk", "DiskRows"]

BATCH_ROWS = 250_000


@dataclass(frozen=True)
class Disk:
    """The way by the disk, in a private `folder` that somebody removes."""

    folder: Path
    part_rows: int
    batch_rows: int = BATCH_ROWS
    hears: Callable[[int], None] = lambda _: None
    """Told of every batch how many rows it had."""
    arranges: Callable[[int], None] = lambda _: None
    """Likewise of rows that were put in the order of the parts."""
    _held: list[Columns] = field(default_factory=list)

    def gather(
        self,
        reading: Reading,
        want: Wanted,
        pools: Pools,
        since: datetime | None,
        until: datetime | None,
        exclusion: Exclusion = NOBODY,
        *,
        is_only: bool = True,
    ) -> Gathered:
        """What is wanted of one file."""
        if not self._held:
            self._held.append(Columns(self.folder / "arrived"))
        inside = batches.period(since, until)
        asked = batches.Asked(want, pools, exclusion, inside, self.batch_rows, self.hears)
        return batches.gather(reading, asked, self._held[0], is_only=is_only)

    def together(self, found: Sequence[DiskRows]) -> DiskRows:
        """The rows of all files."""
        return rows.together(found)

    def once(self, found: DiskRows) -> tuple[DiskRows, dict[int, int]]:
        """Each event once."""
        return once.once(found)

    def without(self, found: DiskRows, exclusion: Exclusion) -> tuple[DiskRows, list[Excluded]]:
        """Without who does not count."""
        return once.without(found, exclusion)

    def pieces(self, found: DiskRows) -> Callable[[Sequence[str] | None], Iterable[pl.DataFrame]]:
        """All rows, a bounded number at a time."""
        return found.pieces

    def in_memory(self, found: DiskRows, columns: Sequence[str]) -> pl.DataFrame:
        """Those columns alone."""
        return found.whole([name for name in columns if name in found.columns])

    def added(self, found: DiskRows, more: Sequence[pl.DataFrame]) -> DiskRows:
        """The rows with more at their end."""
        return found.added(more)

    def wordless(self, found: DiskRows, name: str) -> DiskRows:
        """The rows with that column by number, so that its pool goes."""
        found.held.wordless([name])
        return found

    def placed(
        self,
        found: DiskRows,
        ranks: pl.Series,
        opened: pl.Series,
        dictionaries: Mapping[str, Dictionary],
        part_rows: int | None,
    ) -> tuple[Store, pl.DataFrame]:
        """The rows by part, and what is true of each session."""
        rows, folder = part_rows or self.part_rows, self.folder / "parts"
        return store.placed(found, ranks, opened, dictionaries, rows, folder, self.arranges)
