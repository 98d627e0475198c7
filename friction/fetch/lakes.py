"""Which objects make up a table of a lake, by its log. Rows are never looked at here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from friction.places import delta, iceberg
from friction.places.kinds import LOGS, Lake

_VERSION = re.compile(r"_delta_log/(\d{20})\.")
_GONE = re.compile(r"(?:^|/)deletion_vector_[^/]*\.bin$")
_FULL = re.compile(r"_delta_log/(\d{20})\.checkpoint")


def log(lake: Lake, names: Iterable[str]) -> list[str]:
    """What of the table says which files are live. Of Delta only from the last checkpoint on: all before is in it."""
    found = sorted(name for name in names if name.startswith(LOGS[lake]))
    if lake == "iceberg":
        return found
    start = max((int(full[1]) for name in found if (full := _FULL.match(name))), default=0)
    return [name for name in found if not (of := _VERSION.match(name)) or int(of[1]) >= start]


def marks_of_deletion(lake: Lake, names: Iterable[str]) -> list[str]:
    """Files of Delta that say which rows of other files are gone; the log names them by a number alone."""
    return [name for name in names if lake == "delta" and _GONE.search(name)]


def live(lake: Lake, root: Path, name: str) -> list[str]:
    """The files that hold the rows of today, seen from the table. Raises `InputError` for a log that cannot be read."""
    return delta.files(root, name) if lake == "delta" else iceberg.files(root, name)
