"""The inputs of an analysis as plain files: every archive is replaced by what is in it, every workbook by its sheets.

Members are written under names of ours into the process's own temporary folder and called after the
archive, as `export.zip › members/a.csv`. One that is damaged is passed over and said; so is what holds no
data. A single compressed file is none of this: it stays one file (`friction.tables.files`).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from friction.errors import InputError, LimitError
from friction.limits import Limits
from friction.report import PassedOver
from friction.tables.archives import COMPRESSIONS, HEAD_BYTES, Budget, Damaged, inflated, kind, members
from friction.tables.archives.walk import SEPARATOR
from friction.tables.feeds import header, is_bare, is_beside, named
from friction.tables.files import temporary
from friction.tables.workbooks import is_workbook, sheets

_NO_TABLE = "write the names of the columns into the first row, and one event a row below"
_USELESS = {
    "encrypted": ("input.encrypted", "the archive is encrypted", "unpack it with its password first"),
    "cut_off": ("input.damaged_archive", "the archive was cut off", "download or pack it again"),
    **dict.fromkeys(
        ("damaged", "wrong_size", "wrong_checksum"),
        ("input.damaged_archive", "the archive is damaged", "download or pack it again"),
    ),
    "unsupported": (
        "input.packed_otherwise",
        "the archive is packed in a way unknown here",
        "unpack it first",
    ),
    "input.damaged_archive": (
        "input.damaged_archive",
        "the workbooks in the archive are damaged or protected",
        "open them in Excel and save the sheets as CSV",
    ),
    "input.not_a_table": (
        "input.no_rows",
        "no sheet of the workbooks in the archive holds a table",
        _NO_TABLE,
    ),
}
"""Reason → code, detail and remedy, where no member of an archive could be had; the first that applies."""


@dataclass(frozen=True)
class PlainFile:
    """One file to read; `archive` is the name of the input it came out of, null for an input itself."""

    path: Path
    name: str
    archive: str | None = None


@dataclass
class Inputs:
    """The files to read, in their order, and an account of members that are not among them."""

    files: list[PlainFile] = field(default_factory=list)
    _missed: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def pass_over(self, archive: str, name: str, reason: str) -> None:
        """Note that this member is not read."""
        self._missed.setdefault((archive, reason), []).append(name)

    def reasons(self, archive: str) -> set[str]:
        """Why members of this archive are not read."""
        return {reason for of, reason in self._missed if of == archive}

    @property
    def passed_over(self) -> list[PassedOver]:
        """Members that are not read, by archive and reason."""
        return [
            PassedOver(archive, reason, len(names), names[0])
            for (archive, reason), names in self._missed.items()
        ]


def plain_files(paths: Sequence[Path], names: Sequence[str], limits: Limits) -> Inputs:
    """Open every archive among the inputs. Raises `InputError` for one that gives nothing, and `LimitError`.

    An input that cannot be opened at all is left for its reader to say so.
    """
    found = Inputs()
    for path, name in zip(paths, names, strict=True):
        if not path.is_file() or path.stat().st_size > limits.size:
            found.files.append(PlainFile(path, name))
            continue
        with path.open("rb") as stream:
            if is_workbook(stream, limits):
                _open_workbook(path, name, Budget(limits, path.stat().st_size, name), found)
                continue
            stream.seek(0)
            if _is_archive(stream, Budget(limits, path.stat().st_size, name)):
                _open(stream, name, limits, found)
            else:
                found.files.append(PlainFile(path, name))
    _name_hits(found)
    return found


def _name_hits(found: Inputs) -> None:
    """Give the hits of an Adobe data feed the names that stand in a file beside them."""
    names = header([(file.path, file.name) for file in found.files])
    if names is None:
        return
    kept = []
    for file in found.files:
        if is_beside(file.name):
            found.pass_over(file.archive or file.name, file.name, "lookup")
        else:
            kept.append(replace(file, path=named(file.path, names)) if is_bare(file.path) else file)
    found.files = kept


def _open(stream: BinaryIO, name: str, limits: Limits, found: Inputs) -> None:
    had = len(found.files)
    budget = Budget(limits, stream.seek(0, io.SEEK_END), name)
    stream.seek(0)
    for member in members(stream, limits, name):
        reason = member.reason
        inner = SEPARATOR.join(filter(None, (name, member.name)))
        if reason is None:
            try:
                _take(PlainFile(temporary(member.blocks), inner, name), budget, found)
            except Damaged as damage:
                reason = damage.reason
        if reason is not None:
            found.pass_over(name, inner, reason)
    if len(found.files) == had:
        raise _useless(name, found.reasons(name))


def _take(member: PlainFile, budget: Budget, found: Inputs) -> None:
    """A file of an archive, or the sheets of a workbook in it; all of its workbooks draw on one `budget`."""
    with member.path.open("rb") as stream:
        if not is_workbook(stream, budget.limits):
            found.files.append(member)
            return
    try:
        _take_sheets(member, budget, found)
    except LimitError:
        raise
    except InputError as error:
        found.pass_over(str(member.archive), member.name, error.problem.code)
    finally:
        member.path.unlink()


def _open_workbook(path: Path, name: str, budget: Budget, found: Inputs) -> None:
    had = len(found.files)
    _take_sheets(PlainFile(path, name, name), budget, found)
    if len(found.files) == had:
        raise InputError(
            "input.no_rows",
            "no sheet of the workbook holds a table",
            file=name,
            remedy=_NO_TABLE,
        )


def _take_sheets(book: PlainFile, budget: Budget, found: Inputs) -> None:
    archive = str(book.archive)
    for sheet, table in sheets(book.path, book.name, budget):
        inner = SEPARATOR.join((book.name, sheet))
        if table is None:
            found.pass_over(archive, inner, "input.not_a_table")
        else:
            found.files.append(PlainFile(table, inner, archive))


def _useless(name: str, reasons: set[str]) -> InputError:
    for reason, (code, detail, remedy) in _USELESS.items():
        if reason in reasons:
            return InputError(code, f"{detail}: nothing in it can be read", file=name, remedy=remedy)
    return InputError(
        "input.empty_archive",
        "there is no file with content in the archive",
        file=name,
        remedy="check the export that wrote it",
    )


def _is_archive(stream: BinaryIO, budget: Budget) -> bool:
    """Whether the file holds others: an archive, or something compressed inside a compression."""
    what = kind(stream.read(HEAD_BYTES))
    stream.seek(0)
    if what in COMPRESSIONS:
        what = kind(_start(inflated(stream.read, what, budget)))
        stream.seek(0)
    return what is not None


def _start(blocks: Iterator[bytes]) -> bytes:
    start = b""
    try:
        while len(start) < HEAD_BYTES and (block := next(blocks, b"")):
            start += block
    except Damaged:
        return start  # its reader says so
    return start
