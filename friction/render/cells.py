"""Texts of the data in tables that people open with a spreadsheet: nothing of them is run as a formula."""

from __future__ import annotations

import re

from friction.render.safe import clean

LONGEST = 32_000
"""Characters that a cell of a spreadsheet holds; longer texts are cut."""
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*(?:[eE][+-]?\d+)?\s?%?")
_FORMULA = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")
"""What makes a spreadsheet calculate, in both widths; tab and CR, which do as well, are written out by `clean`."""


def cell(text: str) -> str:
    """The text with control and direction characters written out, and an apostrophe before what is a formula.

    Numbers, also negative ones, are left alone: a figure must stay one.
    """
    safe = clean(text, LONGEST)
    if safe.lstrip()[:1] in _FORMULA and not _NUMBER.fullmatch(safe.strip()):
        return f"'{safe}"
    return safe
