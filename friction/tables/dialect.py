"""How a delimited text is written: what separates cells, what quotes them, how a quote inside is escaped.

The dialect is guessed (`friction.tables.guess`); the user's word beats the guess. Python's own `csv` does the
cutting and knows neither separators of several characters nor a backslash that only escapes what needs it:
such a line is first put into plain form, with characters that no text may contain, and its cells are put
back afterwards.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from friction.errors import UsageError
from friction.values import dataclass

NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "space", ":": "colon"}
QUOTES = {'"': "double", "'": "single", None: "none"}
ESCAPES = ("doubled", "backslash")
KEYS = ("delimiter", "quote", "escape", "encoding", "header")
"""What a mapping file may say about the file itself, besides its columns."""

# Unicode keeps these for internal use and forbids them in texts that are exchanged.
_CUT, _QUOTE, _BACKSLASH, _KEPT = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3"


@dataclass(frozen=True)
class Dialect:
    """One way of writing cells. `quote` is null where no character quotes."""

    delimiter: str = ","
    quote: str | None = '"'
    escape: str = "doubled"
    padded: bool = False
    """Blanks follow the delimiters and are no part of the cells."""

    @property
    def is_plain(self) -> bool:
        """The fast engine and `csv` read it as it stands."""
        return len(self.delimiter.encode()) == 1 and self.escape == "doubled" and not self.padded

    @property
    def cut(self) -> str:
        """The one character that separates cells in plain form."""
        return self.delimiter if len(self.delimiter) == 1 else _CUT

    def plain(self, line: str) -> str:
        """The line with one-character delimiters, without escapes and NULs."""
        if "\0" in line:
            line = line.replace("\0", "")
        if self.escape == "backslash" and "\\" in line:
            line = line.replace("\\\\", _BACKSLASH).replace(f"\\{self.quote or chr(34)}", _QUOTE)
            line = line.replace(f"\\{self.delimiter}", _KEPT)
        return line if len(self.delimiter) == 1 else line.replace(self.delimiter, _CUT)

    def restored(self, cells: list[str]) -> list[str]:
        """Cells of a line in plain form as they were meant."""
        if self.escape == "doubled" and len(self.delimiter) == 1:
            return cells
        return [self._restored(cell) for cell in cells]

    def _restored(self, cell: str) -> str:
        for mark, text in ((_CUT, self.delimiter), (_KEPT, self.delimiter), (_BACKSLASH, "\\")):
            cell = cell.replace(mark, text)
        return cell.replace(_QUOTE, self.quote or '"')

    def csv(self, *, strict: bool = True) -> dict[str, Any]:
        """These rules as arguments of `csv.reader`, for lines in plain form."""
        return {
            "delimiter": self.cut,
            "quotechar": self.quote,
            "quoting": csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            "skipinitialspace": self.padded,
            "strict": strict,
        }

    def facts(self) -> dict[str, str]:
        """What is said of it in `inspect` and the report."""
        return {
            "delimiter": NAMES.get(self.delimiter, self.delimiter) + (" and blank" if self.padded else ""),
            "quote": QUOTES.get(self.quote, str(self.quote)),
            **({"escape": self.escape} if self.escape != "doubled" else {}),
        }


def said(dialect: Dialect, words: Mapping[str, str]) -> Dialect:
    """The dialect with what the user says of it. Raises `UsageError` for what cannot be."""
    if "delimiter" in words:
        dialect = replace(dialect, delimiter=delimiter_of(words["delimiter"]), padded=False)
    if "quote" in words:
        by_name = {name: quote for quote, name in QUOTES.items()}
        quote = by_name.get(words["quote"], words["quote"])
        if quote is not None and (len(quote) != 1 or quote.isalnum()):
            raise _wrong("quote", 'one character, or "double", "single", "none"')
        dialect = replace(dialect, quote=quote)
    if "escape" in words:
        if words["escape"] not in ESCAPES:
            raise _wrong("escape", " or ".join(f'"{word}"' for word in ESCAPES))
        dialect = replace(dialect, escape=words["escape"])
    return dialect


def delimiter_of(word: str) -> str:
    """The delimiter that a word or the characters themselves name. Raises `UsageError` for none."""
    found = {name: delimiter for delimiter, name in NAMES.items()}.get(word, word)
    if not found or found.isalnum() or "\n" in found or "\r" in found:
        raise _wrong("delimiter", f"one or more characters, or one of {', '.join(NAMES.values())}")
    return found


def header_of(words: Mapping[str, str]) -> int | None:
    """Line of the header as the user says it, 0 for none; null: nothing is said."""
    word = words.get("header")
    if word is None:
        return None
    if word == "none":
        return 0
    if not word.isdecimal() or not int(word):
        raise _wrong("header", 'the number of its line, or "none"')
    return int(word)


def _wrong(key: str, remedy: str) -> UsageError:
    return UsageError(
        "config.bad_value", f"the mapping says a {key} that no table can have", remedy=f"write {remedy}"
    )
