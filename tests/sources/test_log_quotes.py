"""Cutting a line at its quotes gives what the pattern gives, whatever the line."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from friction.sources.log_lines import LAYOUTS
from friction.sources.log_quotes import SHAPES, cut

USUAL = {
    "combined": "192.0.2.10 - anna [02/Mar/2026:10:00:00 +0200] "
    '"GET / HTTP/1.1" 200 512 "https://a.example/" "Mozilla/5.0" 4',
    "combined with host": "a.example:443 2001:db8::1 - - [02/Mar/2026:10:00:00 +0200] "
    '"GET / HTTP/1.1" 200 - "-" "Mozilla/5.0"',
    "load balancer": "https 2026-03-02T08:00:00.5Z app/lb/1 192.0.2.10:55000 10.0.0.1:80 0.001 0.2 -1 200 200 34 366 "
    '"GET https://a.example:443/ HTTP/1.1" "Mozilla/5.0" ECDHE TLSv1.2 arn:a "Root=1" "a.example" "-" 0',
}
PIECES = [
    *(
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
        ":",
    ),
    "[02/Mar/2026:10:00:00 +0200]",
]
TORN = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


def agrees(layout: str, lines: list[str]) -> bool:
    """Whether both ways give the same cells."""
    pattern, groups = LAYOUTS[layout]
    frame = pl.DataFrame({"words": lines})
    names = [f"c{place}" for place in range(len(groups))]
    by_pattern = pl.col("words").str.extract_groups(pattern).struct.rename_fields(names)
    expected = frame.select(by_pattern.alias("cells")).unnest("cells")
    found = (
        cut(frame, SHAPES[layout], dict(zip(groups, names, strict=True)), by_pattern)
        .select("cells")
        .unnest("cells")
    )

    return found.equals(expected)


@pytest.mark.parametrize("layout", USUAL)
@given(torn=st.lists(TORN))
def test_quotes_and_pattern_agree(layout: str, torn: list[str]) -> None:
    assert agrees(layout, [USUAL[layout], *torn])


@pytest.mark.parametrize(
    ("old", "new"), [("anna", "anna b"), ("Mozilla", 'a \\" b'), ("[02", "[[02"), (" 4", "")]
)
def test_quotes_and_pattern_agree_on_what_is_hard(old: str, new: str) -> None:
    assert agrees("combined", [USUAL["combined"].replace(old, new), "nothing"])


@pytest.mark.parametrize("layout", USUAL)
@given(place=st.integers(0, 180), piece=st.sampled_from(PIECES))
@example(place=0, piece="")
def test_quotes_and_pattern_agree_on_a_line_with_something_in_it(layout: str, place: int, piece: str) -> None:
    line = USUAL[layout]

    assert agrees(layout, [line[:place] + piece + line[place:], line[:place] + line[place + 1 :]])
