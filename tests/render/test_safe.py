"""Texts from the data cannot steer what shows them."""

from __future__ import annotations

import sys
import unicodedata

from friction.render.safe import STEERING, clean, printable

EVERY = [chr(number) for number in range(sys.maxunicode + 1)]


def test_no_character_that_steers_is_printable_to_python() -> None:
    assert not [char for char in EVERY if char.isprintable() and unicodedata.category(char) in STEERING]


def test_characters_that_steer_are_written_out_wherever_they_stand() -> None:
    assert clean("a\x1b[2Jb\u202e") == r"a\x1b[2Jb\u202e"
    assert printable("a\x1b\tb\nc\u2028") == "a\\u001b\tb\nc\\u2028"


def test_blanks_of_other_widths_stay() -> None:
    assert clean("1\u202f000\xa0€") == "1\u202f000\xa0€"


def test_long_texts_are_cut() -> None:
    assert clean("x" * 300) == "x" * 199 + "…"
