"""Data that stopped, tracking that broke, hours that are missing, and people who stayed away are four things."""

from __future__ import annotations

import pytest

from friction.nightly.book import Book
from friction.nightly.days import moved
from friction.nightly.pulse import Pulse, trouble
from friction.nightly.update import update
from tests.nightly.made_up import FIRST, Place, Site, steady

DAY = moved(FIRST, 40)
SHAPE = [1, 1, 0, 0, 0, 1, 3, 8, 15, 20, 25, 25, 22, 20, 20, 22, 25, 28, 30, 30, 25, 15, 8, 3]


def pulse(*, views: float = 1.0, clicks: float = 1.0, silent: range = range(0), zeros: int = 24) -> Pulse:
    """Thirty usual days, and DAY as asked."""
    usual = {"views": [6 * each for each in SHAPE], "clicks": [4 * each for each in SHAPE]}
    found = {moved(DAY, -step): usual for step in range(1, 31)}
    here = {
        kind: [0 if hour in silent or hour >= zeros else int(share * n) for hour, n in enumerate(usual[kind])]
        for kind, share in {"views": views, "clicks": views * clicks}.items()
    }
    return {**found, DAY: here}


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ({}, None),
        ({"views": 0.75}, None),
        ({"views": 0.4}, "fewer_visitors"),
        ({"views": 0.01}, "data_stopped"),
        ({"zeros": 0}, "data_stopped"),
        ({"clicks": 0.02}, "tracking_broke"),
        ({"views": 0.5, "clicks": 0.02}, "tracking_broke"),
        ({"silent": range(9, 14)}, "hours_missing"),
        ({"zeros": 12}, "hours_missing"),
        ({"silent": range(2, 5)}, None),
    ],
)
def test_what_is_wrong_with_a_day_has_its_own_name(asked: dict[str, float], kind: str | None) -> None:
    found = trouble(pulse(**asked), DAY)  # type: ignore[arg-type]

    assert (found.kind if found else None) == kind


def test_clicks_that_are_no_longer_recorded_fix_nothing() -> None:
    gone = Place("x", lambda day: 0.0 if day >= DAY else 0.2, 0.6)
    book, site = Book(), Site([gone, Place("y", steady(0.05), detector="slow_page", target=None)])
    said = []
    for step in range(-13, 4):
        day = moved(DAY, step)
        hours = pulse(clicks=0.0)[DAY] if day >= DAY else pulse()[DAY]
        told = update(book, site.night(day), {day: hours})
        book = told.book
        said += [told.trouble.kind] if told.trouble else []
        assert not told.events

    assert said == ["tracking_broke"]


def test_nothing_is_said_of_a_site_with_a_handful_of_views() -> None:
    few = {moved(DAY, -step): {"views": [1] * 24} for step in range(1, 20)}

    assert trouble({**few, DAY: {"views": [0] * 24}}, DAY) is None
