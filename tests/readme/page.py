"""The README taken apart: blocks of code, links, anchors, and the tables that are made."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """One block of code; `line` is that of its first line in the README."""

    language: str
    text: str
    line: int


@dataclass(frozen=True)
class Link:
    """Where a link or a picture leads, and what it says."""

    is_picture: bool
    words: str
    target: str


def blocks(page: str, *languages: str) -> list[Block]:
    """The blocks of these languages, in order."""
    found = (Block(m[1], m[2], page.count("\n", 0, m.start()) + 2) for m in _BLOCK.finditer(page))
    return [block for block in found if block.language in languages]


def links(page: str) -> list[Link]:
    """Every link outside code."""
    return [Link(bool(mark), words, target) for mark, words, target in _LINK.findall(_BLOCK.sub("", page))]


def anchors(page: str) -> set[str]:
    """What `#…` may lead to: headings in lower case, blanks as hyphens, punctuation gone."""
    words = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in _HEADING.findall(_BLOCK.sub("", page)))
    return {word.strip().replace(" ", "-") for word in words}


def replaced(page: str, name: str, table: str, by: str = "make docs") -> str:
    """The page with this table between its markers, which say which command writes it."""
    marks = (f"<!-- {name}: written by {by} -->", f"<!-- end of {name} -->")
    before, found, rest = page.partition(marks[0])
    _, end, after = rest.partition(marks[1])
    assert found, f"the README has no place for the table {name}"
    assert end, f"the README has no end of the table {name}"
    return f"{before}{marks[0]}\n{table}{marks[1]}{after}"
