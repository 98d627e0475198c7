"""Tables that lie in a folder of their own: which kind one is, told by what stands beside its files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

Lake = Literal["delta", "iceberg"]
DELTA_LOG = "_delta_log/"
ICEBERG_LOG, ICEBERG_METADATA = "metadata/", ".metadata.json"
LOGS: Mapping[Lake, str] = {"delta": DELTA_LOG, "iceberg": ICEBERG_LOG}


def kind_of(names: Iterable[str]) -> Lake | None:
    """The kind by the names of files below the folder, seen from it; null for a folder that is no table."""
    for name in names:
        if name.startswith(DELTA_LOG):
            return "delta"
        if name.startswith(ICEBERG_LOG) and name.endswith(ICEBERG_METADATA):
            return "iceberg"
    return None


def table_of(folder: Path) -> Lake | None:
    """The same of a folder on this machine."""
    if (folder / DELTA_LOG).is_dir():
        return "delta"
    log = folder / ICEBERG_LOG
    return kind_of(f"{ICEBERG_LOG}{each.name}" for each in log.iterdir()) if log.is_dir() else None
