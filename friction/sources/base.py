"""What every source is: it recognises one kind of export by its content and maps its words to ours.

A source neither cleans, sorts nor cuts: `ingest` does that once for all. Values it cannot read become null, and rows
without a readable time or without any identity are set aside there and counted. What a source cannot even cut into
records (a torn JSON line) it returns as rejects.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import Any, ClassVar

import polars as pl

from friction.counting.tables import Counted
from friction.limits import DEFAULT, Limits
from friction.values import dataclass
from friction.voices.tables import Voices

REJECT = pl.Schema({"row_no": pl.Int64(), "line": pl.Int64(), "column": pl.String(), "reason": pl.String()})
"""One rejected record: number from 1 without the header, physical line in the file, column and reason code."""


UNREADABLE = "unreadable "
"""Before the name of a column of ours: whether its cell held something that could not be read, so that it is null."""

ALIKE = "alike"
"""A number (UInt64) that rows share when they tell one event, sent or exported twice; null where nothing tells."""
VERSION = "version"
"""Of rows alike, the one with the largest (Float64) counts: documents that a tool writes anew as a page lives on."""
OF_FILE = "of file"
"""The number of the file that a row comes from, where one input holds rows of several (a data set of the lake)."""
BATCHED = "batched"
"""Whether the time of a row is that of an upload, which other rows share."""
ABOUT = {"ip": "about ip", "agent": "about agent"}
"""Columns besides those of the event table that a source yields where its file has such: from where somebody came, and
what the browser says about itself. They are looked at while reading and kept nowhere."""

LineOf = Callable[[Sequence[int]], Sequence[int | None]]
WordsOf = Callable[[str, pl.Categorical], pl.LazyFrame | None]


@dataclass(frozen=True)
class Column:
    """How one column of a file was understood: its own name, ours (null: not kept), and how sure (0–1)."""

    theirs: str
    ours: str | None
    confidence: float
    note: str = ""


@dataclass(frozen=True)
class InputFile:
    """One input as the sniffer sees it. `name` is what the user called it; nothing but messages may use it."""

    path: Path
    name: str
    head: bytes
    """The first bytes after decompression (at most 256 KiB)."""
    compression: str | None = None
    """`gz`, `bz2`, `zst`, `xz`, `zlib` or null; sources read through `friction.tables.files`."""
    limits: Limits = DEFAULT
    """What its content may unpack to, and how deep its JSON may be."""


@dataclass(frozen=True)
class Options:
    """What the caller asks of a source."""

    kinds: frozenset[str] = frozenset()
    """High-volume kinds wanted besides the ordinary ones (`mouse_move`, `mutation`)."""
    columns: frozenset[str] | None = None
    """Event columns that will be used (null: all); a source may leave out others."""
    mapping: Mapping[str, str] = field(default_factory=dict)
    """The user's own mapping, ours → theirs, which beats every guess."""
    tz: str | None = None
    """Zone of times that carry none; null: UTC is assumed and said."""
    limits: Limits = DEFAULT
    """From where on files are refused."""
    keep: Sequence[str] = ()
    """Names of columns that go into `props` although nothing is known of them."""
    about: frozenset[str] = frozenset()
    """Which of `ABOUT` are wanted."""


@dataclass(frozen=True)
class OfWords:
    """A column of ours as an expression over columns of `Reading.marked`, each row by itself."""

    columns: Mapping[str, str]
    """What the expression reads → the column that holds it: texts, words of a list, or truths."""
    made: pl.Expr


@dataclass(frozen=True)
class Reading:
    """What came out of one file."""

    events: pl.LazyFrame
    """Columns of `schema.EVENT`, with `row_no`; `kind` may be text. Masked: typed values are lengths."""
    rejects: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=REJECT))
    columns: Sequence[Column] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What was found out about the file: encoding, delimiter, number of recordings …"""
    streams: frozenset[str] = frozenset()
    """Capabilities this file has by its nature, whatever rows happen to be in it (a recorder sees every reaction)."""
    line_of: LineOf | None = None
    """Physical lines of records by their `row_no`; asked for few, since it may read the file again."""
    marked: pl.LazyFrame | None = None
    """The same events with columns for the books: truths under `UNREADABLE` for each that may hold what cannot be
    read, `ALIKE`, `VERSION`, `BATCHED`; each only where there is any use for it. Also the columns of words that
    `by_word` names."""
    is_read: bool = False
    """The rows are out of the file already; to ask for them costs neither time nor room."""
    is_distinct: bool = False
    """No two rows of this file are alike; they may be like rows of another."""
    by_word: Mapping[str, OfWords] = field(default_factory=dict)
    """Columns that follow, row by row, from columns of words, whose distinct ones are few."""
    words: WordsOf | None = None
    """Columns of texts of `marked` as categories, row by row as there, where that is quicker than reading them; null
    for a column of which it is not."""
    counted: Counted | None = None
    """What the tool has counted itself, where the file holds that in place of events; `events` is then empty."""
    voices: Voices | None = None
    """What customers said or a customer system knows, where the file holds that in place of events."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """One export format."""

    name: ClassVar[str]

    def sniff(self, file: InputFile) -> float:
        """How sure, 0–1, that this file is ours, from its content alone."""
        raise NotImplementedError

    def read(self, file: InputFile, options: Options) -> Reading:
        """Read one file. Raises `InputError` when the whole file is unusable."""
        raise NotImplementedError
