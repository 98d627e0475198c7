"""Files that appear under their name only when they are complete."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from friction.isolate import part_of


@contextmanager
def committed(path: str) -> Iterator[Path]:
    """A place to write the file `path`; what stands there at the end is made durable and gets its name.

    Nothing was written: nothing appears, and what had the name before stays.
    """
    part = part_of(Path(path), os.getpid())
    try:
        yield part
        if part.exists():
            with part.open("rb") as file:
                os.fsync(file.fileno())
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)
