"""Files that appear under their name only when they are complete, and faults of writing under their own names.

Written is a part beside the file; at the end it is made durable and renamed, and the folder is made durable as
well, so that neither a full disk nor a power cut leaves half a file or takes a whole one back.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from friction.errors import FrictionError, LimitError, UsageError
from friction.isolate import part_of

PIECE = 1 << 20
"""Bytes written at a time where a file comes in small pieces."""
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_BY_TEXT = re.compile(r"os error (\d+)|No space left on device")
"""How engines tell of a fault of the system; only the number is taken from it."""


@contextmanager
def committed(path: str | Path, *, durable: bool = True) -> Iterator[Path]:
    """A place to write the file `path`; what stands there at the end is made durable and gets its name.

    What a power cut leaves without a reader need not be durable, and the disk is not waited for.
    Nothing was written: nothing appears, and what had the name before stays. Raises `UsageError` when the file
    cannot be written at all, which is found out before the work begins, and `LimitError` when the disk is full.
    """
    final = Path(path)
    part = part_of(final, os.getpid())
    try:
        check_writable(final)
        yield part
        if part.exists():
            _commit(part, final, durable=durable)
    except Exception as fault:
        if (known := full_disk(fault)) is not None:
            raise known from None
        raise
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def write(path: str | Path, content: bytes | Iterable[bytes], *, durable: bool = True) -> None:
    """The file with this content, or these pieces of it, complete or not at all; raises what `committed` raises."""
    with committed(path, durable=durable) as part:
        try:
            _fill(part, [content] if isinstance(content, bytes) else content)
        except OSError as fault:
            raise full_disk(fault) or _unwritable(Path(path), fault) from None


def check_writable(path: Path) -> None:
    """Raise `UsageError` when nothing can be written there: before hours of work are lost on it."""
    part = part_of(path, os.getpid())
    try:
        part.touch()
        part.unlink()
    except OSError as fault:
        raise full_disk(fault) or _unwritable(path, fault) from None


def full_disk(fault: BaseException) -> LimitError | None:
    """The fault under its name when it says, in whatever words, that no more can be written; else null."""
    number = (fault.errno if isinstance(fault, OSError) else None) or _number(str(fault))
    if number in _FULL:
        return LimitError("limit.disk", "the disk is full", remedy="free some space and run this again")
    if number == errno.EFBIG:
        detail = "a file to be written would be larger than allowed"
        return LimitError("limit.output_size", detail, remedy="export a shorter period")
    return None


def _fill(part: Path, pieces: Iterable[bytes]) -> None:
    with part.open("wb", buffering=PIECE) as file:
        file.writelines(pieces)


def _number(text: str) -> int | None:
    found = _BY_TEXT.search(text)
    return int(found[1] or errno.ENOSPC) if found else None


def _commit(part: Path, final: Path, *, durable: bool) -> None:
    try:
        if durable:
            with part.open("rb") as file:
                os.fsync(file.fileno())
        part.replace(final)
        if durable:
            _settle(final.parent)
    except OSError as fault:
        raise full_disk(fault) or _unwritable(final, fault) from None


def _settle(folder: Path) -> None:
    """The new name is durable only with its folder; a system that has no such thing is left alone."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError as fault:
        if fault.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(descriptor)


def _unwritable(path: Path, fault: OSError) -> FrictionError:
    return UsageError(
        "output.not_written",
        f"the file cannot be written ({fault.strerror})",
        remedy="choose another place with -o",
        file=str(path),
    )
