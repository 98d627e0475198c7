"""Words of ours and words of the data side by side: devices, titles inside sentences, figures that are not known."""

from __future__ import annotations

import pytest

from friction.i18n import language, title_within
from friction.render.words import members, segment
from friction.report import Segment
from tests.reports import point

FRENCH = language("fr")


@pytest.mark.parametrize(
    ("dimension", "value", "said"),
    [
        ("device", "mobile", "appareil téléphone"),
        ("device", "desktop", "appareil ordinateur"),
        ("device", "smart_tv", "appareil smart_tv"),
        ("device", "high", "appareil high"),
        ("variant", "mobile", "variante mobile"),
    ],
)
def test_only_kinds_of_devices_that_are_known_are_said_in_our_words(
    dimension: str, value: str, said: str
) -> None:
    assert segment(Segment(dimension, value, 4, 9, 1.9), FRENCH) == said


@pytest.mark.parametrize(
    ("detector", "target", "said"),
    [
        ("error_click", "Payer", "un clic sur « Payer » déclenche une erreur"),
        ("dead_click", "Payer", "« Payer » ne répond pas aux clics"),
        ("script_error", None, "un script échoue sur /A"),
        ("slow_page", None, "/A se fait attendre"),
        ("of_a_plug_in", None, "As it says"),
    ],
)
def test_a_title_inside_a_sentence_begins_small_where_we_begin_it(
    detector: str, target: str | None, said: str
) -> None:
    found = point(1, detector=detector, target=target, page="/A", label=None, title="As it says")

    assert title_within(found, FRENCH).replace("\u202f", " ") == said


def test_a_figure_that_is_not_known_is_so_in_every_gender() -> None:
    assert members({"visible_loss": None}, FRENCH) == "plus petite perte visible non disponible"
