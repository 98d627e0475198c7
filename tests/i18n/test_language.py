"""Numbers, dates and money in both languages, and which language is chosen."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from friction.i18n import chosen, language

EN, FR = language("en"), language("fr")
ROOT = Path(__file__).parents[2]


def breakable(text: str) -> str:
    """With ordinary spaces, so that a test can be read."""
    return text.replace("\u202f", " ").replace("\xa0", " ")


@pytest.mark.parametrize(
    ("english", "french", "said"),
    [
        ("4,106", "4 106", lambda speak: speak.whole(4106)),
        ("−3", "−3", lambda speak: speak.whole(-3)),
        ("0.0123", "0,0123", lambda speak: speak.decimal(0.012345)),
        ("14.9", "14,9", lambda speak: speak.decimal(14.91)),
        ("1,234,567", "1 234 567", lambda speak: speak.decimal(1234567)),
        ("−0.5", "−0,5", lambda speak: speak.decimal(-0.5)),
        ("< 0.001", "< 0,001", lambda speak: speak.bounded(7.7e-100)),
        ("> 100", "> 100", lambda speak: speak.bounded(3e2)),
        ("2.1", "2,1", lambda speak: speak.bounded(2.1)),
        ("14.9 %", "14,9 %", lambda speak: speak.percent(0.149)),
        ("", "", lambda speak: speak.percent(None)),
        ("€3,500", "3 500 €", lambda speak: speak.money(3500.4, "EUR")),
        ("€12,000", "12 000 €", lambda speak: speak.money(12_345, "EUR")),
        ("−€3", "−3 €", lambda speak: speak.money(-3, "EUR")),
        ("12,000", "12 000", lambda speak: speak.money(12_345, None)),
        ("29 September 2026", "29 septembre 2026", lambda speak: speak.date("2026-09-29")),
        ("29 Sept 2026, 14:03:05", "29 sept. 2026, 14:03:05", lambda speak: speak.moment("2026-09-29T14:03:05Z")),
        ("180 ms", "180 ms", lambda speak: speak.duration(0.18)),
        ("1.2 s", "1,2 s", lambda speak: speak.duration(1.23)),
        ("1 min", "1 min", lambda speak: speak.duration(59.7)),
        ("3 min 20 s", "3 min 20 s", lambda speak: speak.duration(200)),
        ("2 h 5 min", "2 h 5 min", lambda speak: speak.duration(7500)),
        ("1 d 3 h", "1 j 3 h", lambda speak: speak.duration(100_000)),
        ("between −2 and 1,022", "entre −2 et 1 022", lambda speak: speak.between(-2, 1022)),
        ("a, b and c", "a, b et c", lambda speak: speak.listed(["a", "b", "c"])),
    ],
)  # fmt: skip
def test_figures_are_written_as_the_language_does(english: str, french: str, said: object) -> None:
    assert callable(said)
    assert (breakable(said(EN)), breakable(said(FR))) == (english, french)


def test_numbers_do_not_break_over_lines() -> None:
    said = FR.whole(4106) + FR.percent(0.149) + FR.money(3500, "EUR") + FR.duration(200)

    assert " " not in said


@pytest.mark.parametrize(
    ("wishes", "code"),
    [
        (("fr",), "fr"),
        ((None, "", "fr_CA.UTF-8"), "fr"),
        (("de:fr",), "fr"),
        (("C.UTF-8", "fr_FR"), "en"),
        (("de_DE",), "en"),
        ((), "en"),
    ],
)
def test_the_first_known_wish_is_the_language(wishes: tuple[str | None, ...], code: str) -> None:
    assert chosen(*wishes) == code


def test_languages_load_without_babel() -> None:
    code = "import sys, friction.i18n as i; i.language('fr').text('x'); print('babel' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("code", "figure", "said"),
    [
        ("en", 0.64, "0.64 conversions a day"),
        ("en", 1.0, "1 conversion a day"),
        ("en", 0.998, "1 conversion a day"),
        ("en", 1.5, "1.5 conversions a day"),
        ("en", 0.0, "0 conversions a day"),
        ("fr", 0.0, "0 conversion par jour"),
        ("fr", 0.64, "0,64 conversion par jour"),
        ("fr", 1.5, "1,5 conversion par jour"),
        ("fr", 1.99, "2 conversions par jour"),
        ("fr", 12.0, "12 conversions par jour"),
    ],
)
def test_a_figure_with_places_takes_the_form_that_its_language_asks_for(
    code: str, figure: float, said: str
) -> None:
    one, many = "Costs about {n} conversion a day ({range})", "Costs about {n} conversions a day ({range})"

    assert said in language(code).amount(one, many, figure, range="")
