"""How much personal data is found, and how many ordinary paths are harmed: both figures are printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from urllib.parse import quote

import pytest

from friction.privacy.addresses import mask_address
from friction.privacy.columns import mask_properties
from friction.privacy.texts import mask_text
from tests.privacy.paths import ordinary
from tests.privacy.planted import generated

COUNT = 10_000
PLACES: dict[str, Callable[[str], str]] = {
    "path": lambda value: mask_address(f"https://shop.test/user/{quote(value, safe='')}/edit"),
    "parameter": lambda value: mask_address(f"/a?utm_term={quote(value, safe='')}&page=2"),
    "fragment": lambda value: mask_address(f"/app#/x/{quote(value, safe='')}"),
    "text": lambda value: mask_text(f"Please check {value} again"),
    "message": lambda value: mask_text(f"Error: no such entry '{value}' (code 7)"),
    "property": lambda value: mask_properties(f'{{"note": "of {value}"}}'),
}


def survives(value: str, kept: str) -> bool:
    """Whether the value can still be read, with or without blanks and percent signs."""
    return value in kept or quote(value, safe="") in kept or value.replace(" ", "") in kept.replace(" ", "")


def test_of_ten_thousand_values_ninety_nine_in_a_hundred_are_found(
    capsys: pytest.CaptureFixture[str],
) -> None:
    places = list(PLACES.items())
    missed: Counter[tuple[str, str]] = Counter()
    for number, (kind, value) in enumerate(generated(COUNT, seed=20261122)):
        place, mask = places[number // 10 % len(places)]
        missed[kind, place] += survives(value, mask(value))
    recall = 1 - missed.total() / COUNT
    with capsys.disabled():
        print(f"\nprivacy: {recall:.2%} of {COUNT:,} values found; missed: {dict(+missed)}")

    assert recall >= 0.99


def test_of_ten_thousand_ordinary_paths_one_in_a_hundred_at_most_is_harmed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    harmed = [path for path in ordinary(COUNT, seed=20261122) if mask_address(path) != path]
    share = len(harmed) / COUNT
    with capsys.disabled():
        print(f"\nprivacy: {share:.2%} of {COUNT:,} ordinary paths harmed; {harmed[:5]}")

    assert share <= 0.01
