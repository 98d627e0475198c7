"""Whether the rows of an analysis fit in memory, decided before they are read: records, times what each may take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from friction import scratch
from friction.ingest.disk import Disk
from friction.ingest.forecast import records
from friction.ingest.way import MEMORY, Way
from friction.isolate import memory
from friction.lake.manifest import Manifest
from friction.tables.blocks import hold_little

ENGINE_BYTES = 400 * 10**6
EVENT_BYTES = 250
"""What an event takes at the peak of the default analysis, with all that follows from it, rather too much than too
little: with the kit's 10 M events 190 B."""
MOST = 4 * 10**9
"""Bytes that are taken however many there are: by way of the disk it takes a fifth more time and a fraction of the
memory, and a machine has more to do."""
DISK_EVENT_BYTES = 300
"""What an event takes on disk while rows are arranged, rather too much than too little."""
DISK_PART_ROWS = 250_000


def way_for(
    inputs: Sequence[Path],
    ceiling: int | None,
    part_rows: int | None,
    progress: Callable[[str, float, int], None],
) -> Way:
    """In memory where `inputs` fit below the `ceiling` (bytes; null: what there is) and are not very large, else by way
    of the disk.
    """
    rows = sum(_rows(path) for path in inputs)
    if ENGINE_BYTES + EVENT_BYTES * rows <= _taken(rows, ceiling or memory.ceiling()):
        return MEMORY

    def heard(stage: str) -> Callable[[int], None]:
        seen = 0

        def hears(more: int) -> None:
            nonlocal seen
            seen += more
            progress(stage, min(1.0, seen / max(rows, 1)), seen)

        return hears

    memory.give_back()
    hold_little()
    folder = scratch.made_for_good()
    return Disk(folder, part_rows or DISK_PART_ROWS, hears=heard("reading"), arranges=heard("sorting"))


def _taken(rows: int, ceiling: int | None) -> int:
    """How much memory is taken: more than `MOST` only where the disk has no room for so many rows."""
    there_is = ceiling or MOST
    return min(there_is, MOST) if scratch.free() > DISK_EVENT_BYTES * rows else there_is


def _rows(path: Path) -> int:
    if path.is_dir():
        manifest = Manifest.of(path)
        return 0 if manifest is None else manifest.rows
    return records(path, with_json=True)
