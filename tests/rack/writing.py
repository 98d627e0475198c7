"""Tables as delimited text, in any dialect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Style:
    """How a file is written. `escape` is `doubled`, `backslash` or `none`; `ends` are used in turn."""

    delimiter: str = ","
    quote: str | None = '"'
    escape: str = "doubled"
    ends: tuple[str, ...] = ("\n",)
    quote_all: bool = False
    last_end: bool = True

    def cell(self, text: str) -> str:
        """One cell, quoted where it must be."""
        if self.quote is None or not (self.quote_all or self._needs_quotes(text)):
            return text
        if self.escape == "doubled":
            text = text.replace(self.quote, self.quote * 2)
        elif self.escape == "backslash":
            text = text.replace("\\", "\\\\").replace(self.quote, "\\" + self.quote)
        return f"{self.quote}{text}{self.quote}"

    def _needs_quotes(self, text: str) -> bool:
        return any(mark in text for mark in (self.delimiter, self.quote or "\n", "\n", "\r"))

    def line(self, cells: Sequence[str]) -> str:
        """One record without its end."""
        return self.delimiter.join(map(self.cell, cells))

    def joined(self, lines: Sequence[str]) -> str:
        """Lines with their ends."""
        ended = "".join(line + self.ends[place % len(self.ends)] for place, line in enumerate(lines))
        return ended if self.last_end else ended.rstrip("\r\n")

    def text(self, rows: Sequence[Sequence[str]]) -> str:
        """A whole file."""
        return self.joined([self.line(row) for row in rows])
