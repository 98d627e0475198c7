"""Writes a shop's two files: always the same bytes for the same shop."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from friction.testing.shop import Shop


def write(shop: Shop, folder: Path) -> None:
    """Write `events.parquet` and `truth.json` into `folder`, which is made when absent."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "events.parquet").write_bytes(events_bytes(shop))
    (folder / "truth.json").write_bytes(truth_bytes(shop))


def events_bytes(shop: Shop) -> bytes:
    """The events as Parquet, in row groups of a fixed size so that the number of threads does not show."""
    buffer = io.BytesIO()
    shop.events.write_parquet(buffer, compression="zstd", compression_level=15, row_group_size=65_536)
    return buffer.getvalue()


def truth_bytes(shop: Shop) -> bytes:
    """The truth as JSON, to be read by people as well."""
    return (json.dumps(shop.truth, indent=2, ensure_ascii=False) + "\n").encode()
