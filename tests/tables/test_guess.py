"""The dialect of a text is found from its regularity, and a text without one stays a single column."""

from __future__ import annotations

import pytest

from friction.errors import UsageError
from friction.tables.dialect import Dialect, delimiter_of, header_of, said
from friction.tables.guess import guess

ROWS = [["session", "ts", "note"], ["s1", "2026-01-01 00:00:01", "one"], ["s2", "2026-01-01 00:00:02", "two"]]


def text(delimiter: str, quote: str = "") -> str:
    lines = [delimiter.join(f"{quote}{cell}{quote}" for cell in row) for row in ROWS]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "::", "||", "^", "\x1f"])
def test_the_delimiter_is_the_one_that_gives_a_regular_table(delimiter: str) -> None:
    assert guess(text(delimiter)).delimiter == delimiter


@pytest.mark.parametrize("quote", ['"', "'", "`", "~", "^"])
def test_the_quote_is_the_character_around_the_cells(quote: str) -> None:
    assert guess(text(",", quote)) == Dialect(",", quote)


def test_a_word_on_the_first_line_names_the_delimiter() -> None:
    assert guess('sep=;\n"a,b";"c,d"\n"1,2";"3,4"\n').delimiter == ";"


def test_decimal_commas_do_not_separate() -> None:
    assert guess("a;b;c\n1,5;2,5;3,5\n4,5;5,5;6,5\n").delimiter == ";"


def test_a_backslash_before_quotes_escapes() -> None:
    assert guess('a,b\n1,"say \\"hi\\", then go"\n2,"x"\n').escape == "backslash"


def test_a_backslash_elsewhere_does_not() -> None:
    assert guess('a,b\n1,"C:\\dir"\n2,"x"\n').escape == "doubled"


def test_blanks_after_every_delimiter_are_no_part_of_cells() -> None:
    assert guess('a, b\n1, "x, y"\n2, z\n') == Dialect(",", padded=True)


@pytest.mark.parametrize(
    "lines",
    [
        ["ts", "2026-01-01 00:00:01", "2026-01-01 00:00:02"],
        ["a letter to a friend", "and its second line"],
        ["value", "one", "two"],
    ],
)
def test_a_text_that_nothing_cuts_regularly_has_one_column(lines: list[str]) -> None:
    assert guess("\n".join(lines)).delimiter not in "\n".join(lines)


def test_what_the_user_says_beats_the_guess() -> None:
    words = {"delimiter": "semicolon", "quote": "none", "escape": "backslash"}

    assert said(Dialect(","), words) == Dialect(";", None, "backslash")
    assert (delimiter_of("::"), header_of({"header": "none"}), header_of({"header": "3"})) == ("::", 0, 3)


@pytest.mark.parametrize(
    "words", [{"delimiter": "x"}, {"delimiter": ""}, {"quote": "ab"}, {"quote": "7"}, {"escape": "no"}]
)
def test_what_no_table_can_have_is_refused(words: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="no table can have"):
        said(Dialect(), words)


@pytest.mark.parametrize("word", ["0", "first", "-1"])
def test_a_header_is_a_line_or_none(word: str) -> None:
    with pytest.raises(UsageError):
        header_of({"header": word})
