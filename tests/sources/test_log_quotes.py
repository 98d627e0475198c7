"""Cutting a line at its quotes gives what the pattern gives, whatever the line."""

from __future__ import annotations

import polars as pl
from hypothesis import example, given
from hypothesis import strategies as st

from friction.sources.log_lines import LAYOUTS
from friction.sources.log_quotes import cut

PATTERN, GROUPS = LAYOUTS["combined"]
USUAL = '192.0.2.10 - anna [02/Mar/2026:10:00:00 +0200] "GET / HTTP/1.1" 200 512 "https://a.example/" "Mozilla/5.0" 4'
PIECES = [
    "192.0.2.10",
    "::1",
    "-",
    " ",
    "  ",
    "[",
    "]",
    '"',
    "\\",
    "\t",
    "\u00a0",
    "200",
    "20",
    "a",
    "é",
    "[02/Mar/2026:10:00:00 +0200]",
]


TORN = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


def agrees(lines: list[str]) -> bool:
    """Whether both ways give the same cells."""
    frame = pl.DataFrame({"words": lines})
    names = [f"c{place}" for place in range(len(GROUPS))]
    by_pattern = pl.col("words").str.extract_groups(PATTERN).struct.rename_fields(names)
    expected = frame.select(by_pattern.alias("cells")).unnest("cells")
    found = cut(frame, names, by_pattern).select("cells").unnest("cells")

    return found.equals(expected)


@given(st.lists(st.one_of(st.just(USUAL), TORN), min_size=1))
@example([USUAL.replace("anna", "anna b")])
@example([USUAL.replace("Mozilla", 'a \\" b')])
@example([USUAL.replace("[02", "[[02")])
@example([USUAL.removesuffix(" 4"), "nothing"])
def test_quotes_and_pattern_agree(lines: list[str]) -> None:
    assert agrees(lines)


@given(st.integers(0, len(USUAL) - 1), st.sampled_from(PIECES))
def test_quotes_and_pattern_agree_on_a_line_with_something_in_it(place: int, piece: str) -> None:
    assert agrees([USUAL[:place] + piece + USUAL[place:], USUAL[:place] + USUAL[place + 1 :]])
