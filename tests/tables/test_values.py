from __future__ import annotations

import pytest

from friction.tables.values import LONG, PARSERS_DEPTH, _parsers_depth, loaded

PAD = b'"' + b"x" * LONG + b'"'


def test_the_parser_is_as_deep_as_we_think() -> None:
    assert _parsers_depth() == PARSERS_DEPTH


@pytest.mark.parametrize("limit", [3, 800, PARSERS_DEPTH - 1, PARSERS_DEPTH])
@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_a_long_text_is_read_down_to_the_limit_and_no_deeper(limit: int, opening: bytes) -> None:
    closing = b"]" if opening == b"[" else b"}"
    at_limit, beyond = (opening * n + b"1" + closing * n + b" " * LONG for n in (limit, limit + 1))
    assert loaded(at_limit, limit) is not None
    assert loaded(beyond, limit) is None


@pytest.mark.parametrize(
    "text",
    [
        PAD + b"," + PAD,
        PAD + b"],[" + PAD,
        b"],[" + PAD,
        b" " * LONG,
        PAD + b"]]" * 9 + b"," + b"[[" * 9,
        PAD + b"]",
    ],
)
def test_a_long_text_that_is_a_value_only_inside_of_lists_is_none(text: bytes) -> None:
    assert loaded(text) is None


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_what_python_writes_for_a_missing_number_is_null(word: str) -> None:
    assert loaded(f'{{"n": "NaN", "value": {word}, "of": [1, {word}]}}'.encode()) == {
        "n": "NaN",
        "value": None,
        "of": [1, None],
    }
    assert loaded(f'{{"value": {word}1}}'.encode()) is None
