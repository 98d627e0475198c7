"""The dialect of a text that nobody described: every plausible one is tried, the most regular reading wins.

A reading is regular when its records have the same number of cells, break no rule of quoting, and its cells
look like values and not like pieces of several. The guess needs the first lines alone.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice

from friction.tables.cut import Cutter, Lines, Record
from friction.tables.dialect import Dialect

PRIOR = {
    **dict.fromkeys((",", ";", "\t", "|"), 1.0),
    **dict.fromkeys(("::", "||", "\t\t", "\x1f", "\x01", "¦", "§"), 0.98),
    **dict.fromkeys(("^", "~"), 0.95),
    " ": 0.85,
    ":": 0.8,
}
"""Delimiters that are tried, with how much we believe in each."""
WEAK = frozenset(" :")
"""They stand inside times and texts as well: believed only when every line is cut, two at least."""
MARKS = "\"'`~^*$%#!§|"
"""Characters that may quote."""
_UNQUOTED = 0.8
"""Belief in a text whose quotation marks are ordinary characters; a stray one proves nothing."""
MOST_RECORDS = 128
_MOST_COLUMNS = 200
ENOUGH = 1 << 15
"""Characters that are looked at, more where these are few lines."""
MOST = 1 << 22
"""Characters that are looked at however long the lines are."""
LEAST = 0.15
"""A reading below this is none: the text has a single column."""
_LEAST_WEAK = 0.3
_NUMBER = r"[-+]?[$€£]? ?\d[\d.,' \u00a0]*(?:[eE][-+]?\d+)? ?[%$€£]?"
_NEAT = re.compile(rf"\s*(?:{_NUMBER}|[^,;|]|[\[{{].*[\]}}])?\s*", re.DOTALL)
_PIECE = re.compile(r"[,;|](?=\S|$)|\t|::|^\s*[\"']|[\"']\s*$|^([`~^*$%#!§|]).*\1$", re.DOTALL)
_SAID = re.compile(r"\ufeff?\"?sep=(.{1,2}?)\"?[\r\n]", re.IGNORECASE)


def guess(text: str, delimiter: str | None = None) -> Dialect:
    """The dialect of this beginning of a file; a known `delimiter` leaves quotes and escapes to be found."""
    return _guess(_first_lines(text), delimiter)


@lru_cache(maxsize=8)
def _guess(text: str, delimiter: str | None) -> Dialect:
    """The same of as much as is looked at: those who sniff begin alike and end at different lines."""
    if found := _SAID.match(text):
        delimiter, text = delimiter or found[1], text[found.end() :]
    if delimiter:
        return max(_quotings(text, delimiter), key=lambda dialect: regularity(text, dialect))
    best, most = _single(text), 0.0
    for dialect in _candidates(text):
        # No reading is more regular than its dialect is believed, and cutting what is read wrongly takes longest.
        if _belief(dialect) <= most:
            continue
        # The earlier of two that are equally regular is the more usual one.
        if (score := regularity(text, dialect)) > most + 1e-9:
            best, most = dialect, score
    return best


def _first_lines(text: str) -> str:
    """Enough of the text for a guess, to a line end."""
    cut = max(text.rfind("\n", 0, ENOUGH), text.rfind("\r", 0, ENOUGH)) + 1
    few = len(text) <= ENOUGH or text.count("\n", 0, cut) + text.count("\r", 0, cut) < MOST_RECORDS // 4
    return text[:MOST] if few else text[:cut]


def lines_of(text: str) -> Lines:
    """Physical lines of a text that is held in memory, cut at LF, CRLF and CR alike."""
    return Lines(io.StringIO(text, newline=""))


def regularity(text: str, dialect: Dialect) -> float:
    """How regular the text is when read by this dialect, 0–1; 0 when it has one column."""
    found = Cutter(dialect).records(lines_of(text))
    first = next(found, None)
    if first is None or (dialect.delimiter in WEAK and len(first.cells) < 2):
        return 0.0
    records = [first, *islice(found, MOST_RECORDS - 1)]
    width = usual_width(records)
    if width < 2 or (dialect.delimiter in WEAK and (len(records) < 2 or len(records[0].cells) != width)):
        return 0.0
    inner = _trimmed(records, width, dialect.delimiter)
    same = [record for record in inner if len(record.cells) == width]
    even = len(same) / len(inner)
    sound = 1 - sum(not record.strict for record in inner) / len(inner) / 4
    neat = _neatness([record.cells for record in same[:50]])
    skipped = 1 - 0.6 * (len(records) - len(inner)) / len(records)
    score = even**2 * sound * neat**2 * skipped * (width - 1) / width * _belief(dialect)
    return score if score > (_LEAST_WEAK if dialect.delimiter in WEAK else LEAST) else 0.0


def _belief(dialect: Dialect) -> float:
    """How much we believe in a dialect before any text is read by it."""
    return PRIOR.get(dialect.delimiter, 0.9) * (_UNQUOTED if dialect.quote is None else 1.0)


def usual_width(records: Sequence[Record]) -> int:
    """Cells of the records that most cells lie in; 1 when nothing is cut. One endless record is not the table."""
    counts = Counter(len(record.cells) for record in records)
    if any(width > 1 and count > 2 for width, count in counts.items()):
        counts = Counter({width: count for width, count in counts.items() if count > 1})
    return max(counts, key=lambda width: (counts[width] * (width - 1), width), default=1)


def _trimmed(records: list[Record], width: int, delimiter: str) -> list[Record]:
    """Without what stands before and after the table; a lone line above two columns may be their header."""
    places = [place for place, record in enumerate(records) if len(record.cells) == width]
    first, last = places[0], places[-1] + 1
    apart = first > 0 and records[first].line > records[first - 1].last + 1
    if delimiter in WEAK:
        return records
    return records[0 if width == 2 and not apart else first : last]


def _neatness(rows: list[list[str]]) -> float:
    """Share of cells that look like one value, not like a piece of one or like several; a column without a name
    and without any value comes of cutting too much.
    """
    columns = [column for column in islice(zip(*rows, strict=True), _MOST_COLUMNS) if any(column)]
    cells = [cell for column in columns for cell in column]
    neat = sum(bool(_NEAT.fullmatch(cell)) or not _PIECE.search(cell) for cell in cells)
    return neat / (len(rows) * min(len(rows[0]), _MOST_COLUMNS))


def _candidates(text: str) -> Iterator[Dialect]:
    for delimiter in PRIOR:
        if delimiter in text:
            yield from _quotings(text, delimiter)


def _quotings(text: str, delimiter: str) -> Iterator[Dialect]:
    """The dialects with this delimiter that the text gives reason for, the usual ones first."""
    escaped = f"\\{delimiter}" in text
    for quote in dict.fromkeys(['"', *_quotes(text, delimiter), None if '"' in text else '"']):
        dialect = Dialect(delimiter, quote)
        both = escaped or (quote is not None and f"\\{quote}" in text)
        for escape in ("doubled", "backslash") if both else ("doubled",):
            written = replace(dialect, escape=escape)
            if _is_padded(text, written):
                yield replace(written, padded=True)
            yield written


def _quotes(text: str, delimiter: str) -> list[str]:
    """Characters that stand at both ends of cells; the unusual ones several times."""
    cut, marks = re.escape(delimiter), re.escape(MARKS)
    begins = Counter(re.findall(rf"(?:{cut} ?|[\r\n]|^)([{marks}])", text))
    ends = Counter(re.findall(rf"([{marks}])(?={cut}|[\r\n]|$)", text))
    least = dict.fromkeys("\"'", 1)
    return [
        mark
        for mark in MARKS
        if mark not in delimiter and min(begins[mark], ends[mark]) >= least.get(mark, 2)
    ]


def _is_padded(text: str, dialect: Dialect) -> bool:
    """A blank follows every delimiter, apart from those inside quotes."""
    if len(dialect.delimiter) > 1 or dialect.delimiter.isspace() or dialect.delimiter + " " not in text:
        return False
    quote = re.escape(dialect.quote or "\ufdd4")
    outside = re.sub(f"{quote}[^{quote}]*{quote}", "", text)
    cut = re.escape(dialect.delimiter)
    return not re.search(rf"{cut}(?! |[\r\n]|$)", outside) and bool(re.search(f"{cut} ", outside))


def _single(text: str) -> Dialect:
    """A text of one column, cut nowhere, whatever separators stand in its lines."""
    return Dialect(next(mark for mark in "\x1f\x1e\x1d\x1c\ufdd5" if mark not in text))
