"""How many records inputs have, about, before they are read: decides whether rows fit in memory
(`friction.ingest.room`) and refuses what plainly cannot be held at all.

What stays in memory even when rows go by way of the disk are the sessions, the page views and what was found in them:
at least 8 B an event. Less than that is counted here, so that whatever is refused would not have fitted; what only
might not fit is tried, and the ceiling sees to it.

Archives are not counted: the limits on what they unpack to come first. Nor is JSON where something would be refused:
many of its lines, those of recordings above all, never become events.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import zstandard

from friction.limits import Limits

ENGINE_BYTES = 100 * 10**6
EVENT_BYTES = 8
SAMPLE_BYTES = 1 << 20
INFLATED_SAMPLE_BYTES = 1 << 24
_UNCOUNTED = (b"{", b"[", b"PK\x03\x04", b"BZh", b"\xfd7zXZ")
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"


def refuse_hopeless(plan: Mapping[str, Any]) -> None:
    """Raise `LimitError` (`limit.memory`) when the inputs of `plan` cannot be held within its `bounds`."""
    ceiling = plan.get("bounds", {}).get("memory")
    inputs = plan.get("inputs", ())
    if ceiling is None or not inputs:
        return
    if ENGINE_BYTES + EVENT_BYTES * sum(map(records, map(Path, inputs))) > ceiling:
        names = plan.get("names") or [None]
        raise Limits(memory=ceiling).refusal("memory", file=names[0] if len(names) == 1 else None)


def records(path: Path, *, with_json: bool = False) -> int:
    """About how many records the file has, rather too few than too many; 0 where nobody can say.

    `with_json`: lines that are JSON count as well.
    """
    try:
        with path.open("rb") as file:
            start = file.read(4)
            file.seek(0)
            if start == b"PAR1":
                return _said_by_parquet(path)
            if start.startswith((_GZIP, _ZSTD)):
                return _in_packed(file, path.stat().st_size, start, with_json=with_json)
            return _in_text(file, path.stat().st_size, with_json=with_json)
    except (OSError, EOFError, zlib.error, zstandard.ZstdError):  # whoever reads it will say what is wrong
        return 0


def _in_text(file: BinaryIO, size: int, *, with_json: bool) -> int:
    """From samples of start, middle and end: the first records are often unlike the others."""
    places = dict.fromkeys(max(0, place) for place in (0, size // 2, size - SAMPLE_BYTES))
    return _extrapolated(size, (_read_at(file, place) for place in places), with_json=with_json)


def _read_at(file: BinaryIO, place: int) -> bytes:
    file.seek(place)
    return file.read(SAMPLE_BYTES)


def _in_packed(file: BinaryIO, size: int, start: bytes, *, with_json: bool) -> int:
    """From the first part: how far it unpacks, and what is in it."""
    if start.startswith(_GZIP):
        sample = gzip.GzipFile(fileobj=file).read(INFLATED_SAMPLE_BYTES)
    else:
        sample = zstandard.ZstdDecompressor().stream_reader(file, closefd=False).read(INFLATED_SAMPLE_BYTES)
    whole = len(sample) < INFLATED_SAMPLE_BYTES
    inflated = len(sample) if whole else size * len(sample) // max(1, file.tell())
    return _extrapolated(inflated, [sample], with_json=with_json)


def _extrapolated(size: int, samples: Iterable[bytes], *, with_json: bool) -> int:
    ends = seen = 0
    is_json = False
    for sample in samples:
        if not seen:
            begin = sample.lstrip(b"\xef\xbb\xbf \t\r\n")
            is_json = with_json and begin.startswith(b"{")
            if begin.startswith(_UNCOUNTED) and not is_json:
                return 0
        ends += sample.count(b"\n") if is_json else _ends(sample)
        seen += len(sample)
    return size * ends // max(1, seen)


def _ends(sample: bytes) -> int:
    """Ends of records: line ends outside quotes, so that texts of several lines do not count as several."""
    if b'"' not in sample:
        return sample.count(b"\n")
    return sum(piece.count(b"\n") for piece in sample.split(b'"')[::2])


def _said_by_parquet(path: Path) -> int:
    import polars as pl

    try:
        return int(pl.scan_parquet(path, glob=False).select(pl.len()).collect().item())
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return 0
