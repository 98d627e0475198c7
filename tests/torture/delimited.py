"""Delimited text in every way it arrives broken (`reliability.md` §1 and §2)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from random import Random

from tests.torture.case import CANARY, HEADER, ROWS, Case, rows, text

DELIMITERS = {
    "comma": ",",
    "semicolon": ";",
    "tab": "\t",
    "bar": "|",
    "space": " ",
    "colons": "::",
    "caret": "^",
}
QUOTES = {"bare": "", "double": '"', "single": "'", "tick": "`"}
ENDS = {"lf": "\n", "crlf": "\r\n", "cr": "\r"}
ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252", "cp037", "utf-7")
INSERTED = {
    "comma": ",", "quote": '"', "apostrophe": "'", "newline": "\n", "cr": "\r", "nul": "\0", "tab": "\t",
    "escape": "\x1b[31m", "bidi": "\u202e", "backslash": "\\", "eof": "\x1a", "separator": "\u2028",
    "form_feed": "\f", "mark": "\ufeff", "bell": "\x07", "c1": "\x9b",
}  # fmt: skip
MAGIC = {
    "zip": b"PK\x03\x04", "png": b"\x89PNG\r\n\x1a\n", "pdf": b"%PDF-1.7\n", "sqlite": b"SQLite format 3\0",
    "bzip2": b"BZh9", "xz": b"\xfd7zXZ\0", "7z": b"7z\xbc\xaf'\x1c", "avro": b"Obj\x01", "orc": b"ORC",
    "elf": b"\x7fELF", "ole": b"\xd0\xcf\x11\xe0\xa1\xb1",
}  # fmt: skip
PLAIN = text(rows())
DEAR = {"comma": 1, "quote": 2, "newline": 2, "cr": 2}
"""Base rows that one inserted character may cost; any other may cost its own row."""


def cases(chance: Random) -> Iterator[Case]:
    """All of them; `chance` only picks places."""
    yield Case("plain", PLAIN.encode(), ROWS, ROWS)
    yield from _dialects()
    yield from _encodings()
    yield from _inserted(chance)
    yield from _ragged()
    yield from _layouts()
    yield from _small()
    yield from _large()
    yield from _torn(chance)


def _dialects() -> Iterator[Case]:
    for (d, delimiter), (q, quote), (e, end) in product(DELIMITERS.items(), QUOTES.items(), ENDS.items()):
        usual = d in {"comma", "semicolon", "tab", "bar"} and q in {"bare", "double"}
        content = text(rows(), delimiter=delimiter, quote=quote, end=end).encode()
        yield Case(f"dialect_{d}_{q}_{e}", content, ROWS if usual else None, ROWS if usual else None)


def _encodings() -> Iterator[Case]:
    accented = [[*row[:5], "é ü € ß"] for row in rows()]
    for encoding in ENCODINGS:
        for end in ENDS.values():
            content = text(accented, end=end).encode(encoding, "replace")
            usual = encoding in {"utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"}
            yield Case(
                f"encoding_{encoding}_{end!r}", content, ROWS if usual else None, ROWS if usual else None
            )
    yield Case(
        "two_encodings", text(accented).encode() + text(accented, None).encode("cp1252"), 2 * ROWS, ROWS
    )
    yield Case("utf16_odd", text(accented).encode("utf-16")[:-1])
    yield Case("utf16_mark_alone", b"\xff\xfe")
    yield Case("utf8_overlong", PLAIN.encode().replace(b"/p1", b"/\xc0\xafp1"), ROWS, ROWS)


def _inserted(chance: Random) -> Iterator[Case]:
    """One odd character somewhere: it may cost its row, a quote or line end one more."""
    for (name, char), where in product(INSERTED.items(), ("first", "middle", "last", "header")):
        lines = PLAIN.splitlines(keepends=True)
        at = {"header": 0, "first": 1, "middle": ROWS // 2, "last": ROWS}[where]
        place = chance.randrange(1, len(lines[at]) - 2)
        lines[at] = lines[at][:place] + char + lines[at][place:]
        kept = None if where == "header" else ROWS - DEAR.get(name, 1)
        yield Case(f"inserted_{name}_{where}", "".join(lines).encode(), kept=kept)
    for at in range(1, ROWS + 1):
        lines = PLAIN.splitlines(keepends=True)
        cells = lines[at].split(",")
        cells[4] = '"' + cells[4]
        yield Case(f"unclosed_quote_{at}", "".join([*lines[:at], ",".join(cells), *lines[at + 1 :]]).encode(),
                   kept=ROWS - 2)  # fmt: skip


def _ragged() -> Iterator[Case]:
    for at, change in product(
        (0, 1, ROWS // 2, ROWS - 1), ("less", "more", "much_more", "one", "empty_more")
    ):
        table = rows()
        row = table[at]
        table[at] = {
            "less": row[:-1],
            "more": [*row, CANARY],
            "much_more": row * 50,
            "one": row[:1],
            "empty_more": [*row, "", ""],
        }[change]
        yield Case(f"ragged_{change}_{at}", text(table).encode(), ROWS, ROWS - 1)
    yield Case(
        "ragged_all", "".join(",".join(row[: 1 + at % 6]) + "\n" for at, row in enumerate(rows())).encode()
    )
    yield Case("header_shorter", text(rows(), HEADER[:-1]).encode())
    yield Case("header_longer", text(rows(), [*HEADER, "more"]).encode())


def _layouts() -> Iterator[Case]:
    body = text(rows())
    yield Case("no_header", text(rows(), None).encode())
    yield Case("two_headers", (",".join(HEADER) + "\n" + body).encode(), kept=ROWS)
    yield Case("header_repeated", (body + body).encode(), kept=ROWS)
    yield Case("preamble", ("Report of all events\nmade on Monday\n\n" + body).encode())
    yield Case("preamble_comment", ("# made by a tool\n# second line\n" + body).encode())
    yield Case("separator_line", ("sep=,\n" + body).encode())
    yield Case("footnote", (body + "\nTotal: 24 rows\n").encode(), kept=ROWS - 1)
    yield Case("two_tables", (body + "\n\nname,price\nchair,3\n").encode(), kept=ROWS - 1)
    yield Case("blank_lines", body.replace("\n", "\n\n").encode(), ROWS, ROWS)
    yield Case("blank_ends", (body + "\n" * 500).encode(), ROWS, ROWS)
    yield Case("blanks_before", ("\n" * 500 + body).encode())
    yield Case("mixed_ends", _mixed(body).encode(), ROWS, ROWS)
    yield Case("no_last_end", body.rstrip("\n").encode(), ROWS, ROWS)
    yield Case("names_twice", body.replace("note", "url", 1).encode())
    yield Case("names_empty", body.replace("note", "", 1).encode(), ROWS, ROWS)
    yield Case("names_blank", body.replace(",target,note", ",,", 1).encode(), ROWS, ROWS)
    yield Case("names_wild", body.replace("note", "\x1b]0;x\x07\u202e=cmd|'/c'!A1", 1).encode(), ROWS, ROWS)
    yield Case("names_long", body.replace("note", "n" * 100_000, 1).encode())
    yield Case("names_two_lines", body.replace("note", '"no\nte"', 1).encode(), ROWS, ROWS)
    for lead in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\uff1d1", "|x", "%0a=1"):
        cells = [[*row[:4], f"{lead}{row[4]}", row[5]] for row in rows()]
        yield Case(f"formula_{lead!r}", text(cells, quote='"').encode(), ROWS, ROWS)
    for number in ("1,5", "1.234,56", "1e400", "NaN", "-inf", "0x1F", "٣", "1_000", "9" * 400):
        cells = [[*row[:5], number] for row in rows()]
        yield Case(
            f"number_{number[:9]}", text(cells, [*HEADER[:5], "load_ms"], quote='"').encode(), ROWS, ROWS
        )
    for time in ("", "yesterday", "2026-13-45T99:99:99Z", "0", "-1", "1e18", "9" * 30, "0001-01-01", "9999-12-31",
                 "2026-03-02T09:00:00+99:99", CANARY, "25/12/2026 10:00", "٢٠٢٦-٠٣-٠٢"):  # fmt: skip
        cells = [[time, *row[1:]] if at == 3 else row for at, row in enumerate(rows(150))]
        yield Case(f"one_time_{time[:12]}", text(cells).encode(), 150)
        yield Case(f"all_times_{time[:12]}", text([[time, *row[1:]] for row in rows()]).encode())
    yield Case("all_sessions_empty", text([[row[0], "", *row[2:]] for row in rows()]).encode())
    yield Case("all_cells_empty", text([[""] * 6 for _ in rows()]).encode())


def _mixed(body: str) -> str:
    ends = ("\n", "\r\n", "\r")
    return "".join(line + ends[at % 3] for at, line in enumerate(body.splitlines()))


def _small() -> Iterator[Case]:
    for name, content in {
        "empty": b"", "one_byte": b"a", "one_nul": b"\0", "nuls": b"\0" * 5000, "line_end": b"\n",
        "blanks": b" \t \r\n" * 50, "mark": b"\xef\xbb\xbf", "commas": b"," * 5000, "quotes": b'"' * 5000,
        "quote": b'"', "one_column": b"session_id\n" + b"a\n" * 50, "noise": Random(1).randbytes(5000),
        "ascii_noise": bytes(Random(2).randrange(32, 127) for _ in range(5000)),
    }.items():  # fmt: skip
        yield Case(f"small_{name}", content)
    yield Case("header_only", (",".join(HEADER) + "\n").encode())
    yield Case("header_no_end", ",".join(HEADER).encode())
    yield Case("one_row", text(rows(1)).encode(), 1, 1)
    yield Case("html", b"<!doctype html><table><tr><td>" + CANARY.encode())
    yield Case("xml", b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")
    for name, magic in MAGIC.items():
        yield Case(f"magic_{name}", magic + PLAIN.encode())


def _large() -> Iterator[Case]:
    long = rows()
    long[3][5] = "x" * 2_000_000
    yield Case("cell_of_2_mb", text(long).encode(), ROWS, ROWS)
    long[3][5] = '"' + "x\n" * 200_000 + '"'
    yield Case("cell_of_200000_lines", text(long).encode())
    wide = [f"c{at}" for at in range(3_000)]
    yield Case("wide", text([[*row, *wide] for row in rows(3)], [*HEADER, *wide]).encode(), 3, 3)
    yield Case("one_line", b"a," * 300_000)
    yield Case("no_line_end", b"x" * 1_000_000)
    yield Case("only_line_ends", b"\n" * 1_000_000)
    yield Case("many_quotes", (",".join(HEADER) + "\n" + '"\n' * 20_000).encode())


def _torn(chance: Random) -> Iterator[Case]:
    """Cut off anywhere, and pieces of the file twice or gone."""
    whole = text(rows(), quote='"').encode()
    for number in range(30):
        yield Case(f"cut_{number}", whole[: chance.randrange(1, len(whole))])
    for number in range(20):
        a, b = sorted(chance.sample(range(len(whole)), 2))
        yield Case(f"hole_{number}", whole[:a] + whole[b:])
        yield Case(f"twice_{number}", whole[:b] + whole[a:])
