"""A night into the book: what is told, what is not, and what a change is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from friction.nightly.book import Book, Mark
from friction.nightly.days import moved
from friction.nightly.life import Mute
from friction.nightly.night import Sight, night
from friction.nightly.state import State, as_json, from_json
from friction.nightly.update import Told, update
from friction.report import Window
from tests.nightly.made_up import FIRST, Place, Site, between, steady
from tests.render.samples import every_kind

START, CHANGE, LAST = moved(FIRST, 27), moved(FIRST, 40), moved(FIRST, 66)
QUIET = [Place(f"quiet-{at}", steady(0.03), 0.3, page=f"/{at}", target=f"button#b{at}") for at in range(12)]


def lived(site: Site, last: str = LAST, book: Book | None = None) -> tuple[Book, list[tuple[str, Told]]]:
    """Every night up to `last`, and those on which something was told."""
    book, said, day = book or Book(), [], START
    while day <= last:
        told = update(book, site.night(day), {})
        book = told.book
        if told.events:
            said.append((day, told))
        day = moved(day, 1)
    return book, said


def kinds(said: Sequence[tuple[str, Told]]) -> list[tuple[str, str]]:
    return [(event.kind, event.life.id) for _, told in said for event in told.events]


def test_forty_quiet_points_over_two_months_are_silent() -> None:
    for seed in range(2):
        rates = [0.002, 0.01, 0.05, 0.2] * 10
        places = [
            Place(f"p{at}", steady(rate), 0.3, page=f"/{at}", target=f"b{at}", noise=0.2)
            for at, rate in enumerate(rates)
        ]

        _, said = lived(Site(places, seed), moved(START, 60))

        assert not said


def test_a_point_that_was_not_there_is_new_once_and_then_how_it_is() -> None:
    site = Site([*QUIET, Place("x", between(0, 0.03, CHANGE), 0.3)])

    book, said = lived(site)

    assert kinds(said) == [("new", "x")]
    assert said[0][0] <= moved(CHANGE, 2)
    assert book.lives["x"].state(LAST) == "ongoing"


def test_a_point_that_is_met_twice_as_often_is_worse_once() -> None:
    site = Site([*QUIET, Place("x", between(0.05, 0.12, CHANGE), 0.3)])

    _, said = lived(site)

    assert kinds(said) == [("worse", "x")]
    facts = said[0][1].events[0].life.facts
    assert facts["low"] <= 0.12 / 0.05 <= facts["high"]


@pytest.mark.parametrize(("after", "state"), [(0, "worse"), (6, "worse"), (7, "ongoing")])
def test_a_point_that_was_told_to_be_worse_is_called_so_for_a_week(after: int, state: str) -> None:
    site = Site([*QUIET, Place("x", between(0.05, 0.12, CHANGE), 0.3)])
    _, said = lived(site, moved(CHANGE, 8))
    night = said[0][0]

    book, _ = lived(site, moved(night, after))

    assert book.lives["x"].state(night) == state


def test_a_point_that_is_met_as_often_and_costs_five_times_as_much_is_worse_once() -> None:
    harm = between(300, 1500, CHANGE)
    site = Site([*QUIET, Place("x", steady(0.05), 0.3, harm=harm), Place("y", steady(0.05), 0.3, page="/y")])

    book, said = lived(site, moved(CHANGE, 60))

    assert kinds(said) == [("worse", "x")]
    facts = said[0][1].events[0].life.facts
    assert facts["cost_now"] > 1.5 * facts["cost_before"]
    assert facts["before"] == facts["now"]
    assert book.lives["x"].state(moved(CHANGE, 60)) == "ongoing"


@pytest.mark.parametrize(("beyond", "told"), [(1.5, [("worse", "x")]), (9.0, [])])
def test_a_mute_until_worse_also_ends_by_the_cost(beyond: float, told: list[tuple[str, str]]) -> None:
    site = Site([*QUIET, Place("x", steady(0.05), 0.3, harm=between(300, 1500, CHANGE))])
    book, _ = lived(site, moved(CHANGE, -1))
    book = book.changed(replace(book.lives["x"], mute=Mute(beyond=beyond, rate=0.05)))

    assert kinds(lived(site, moved(CHANGE, 30), book)[1]) == told


def test_what_ended_is_fixed_and_what_comes_back_has_regressed() -> None:
    away, back = CHANGE, moved(CHANGE, 16)
    site = Site([*QUIET, Place("x", lambda day: 0.0 if away <= day < back else 0.04, 0.3)])

    _, said = lived(site)

    assert kinds(said) == [("fixed", "x"), ("regressed", "x")]


def test_the_first_night_finds_what_is_there_and_says_nothing() -> None:
    told = update(Book(), Site([Place("x", steady(0.2))]).night(START), {})

    assert not told.events
    assert told.book.lives["x"].state(START) == "ongoing"


def test_the_same_night_twice_changes_nothing() -> None:
    site = Site([*QUIET, Place("x", between(0, 0.05, CHANGE), 0.3)])
    book, _ = lived(site, CHANGE)

    again = update(book, site.night(CHANGE), {})

    assert again.book == book
    assert not again.events


def test_a_night_that_was_missed_is_caught_up_with_by_the_next() -> None:
    site = Site([*QUIET, Place("x", between(0, 0.05, CHANGE), 0.3)])
    book, _ = lived(site, moved(CHANGE, -1))

    told = update(book, site.night(moved(CHANGE, 2)), {})

    assert [event.kind for event in told.events] == ["new"]
    assert {CHANGE, moved(CHANGE, 1)} <= told.book.lives["x"].days.keys()


def test_a_release_shortly_before_is_named() -> None:
    site = Site([*QUIET, Place("x", between(0, 0.05, CHANGE), 0.3)])
    book, _ = lived(site, moved(CHANGE, -1))
    book = replace(
        book, marks=(Mark(f"{moved(CHANGE, -9)}T10:00:00Z", "v1"), Mark(f"{CHANGE}T01:00:00Z", "v2"))
    )

    _, said = lived(site, moved(CHANGE, 3), book)

    mark = said[0][1].events[0].mark
    assert mark is not None
    assert mark.text == "v2"


def test_a_part_of_another_point_says_nothing_of_its_own() -> None:
    lead = Place("x", between(0, 0.05, CHANGE), 0.3)
    part = Place("y", between(0, 0.05, CHANGE), 0.3, detector="dead_click", part_of="x")

    _, said = lived(Site([*QUIET, lead, part]))

    assert kinds(said) == [("new", "x")]


@pytest.mark.parametrize(
    ("mute", "told"),
    [
        (Mute(), []),
        (Mute(until=moved(CHANGE, -3)), [("worse", "x")]),
        (Mute(beyond=1.5, rate=0.05), [("worse", "x")]),
        (Mute(beyond=5.0, rate=0.05), []),
    ],
)
def test_a_muted_point_is_silent_until_its_day_or_until_it_is_so_much_worse(
    mute: Mute, told: list[tuple[str, str]]
) -> None:
    site = Site([*QUIET, Place("x", between(0.05, 0.15, CHANGE), 0.3)])
    book, _ = lived(site, moved(CHANGE, -1))
    book = book.changed(replace(book.lives["x"], mute=mute))
    assert book.lives["x"].state(moved(CHANGE, -8)) == "muted"

    _, said = lived(site, LAST, book)

    assert kinds(said) == told


def test_other_thresholds_are_no_change_of_the_site() -> None:
    site = Site([*QUIET, Place("x", steady(0.03), 0.3)])
    book, _ = lived(site, moved(CHANGE, -1))
    other = Site([*QUIET, Place("x", steady(0.12), 0.3)], seed=5)
    night = other.night(CHANGE)

    told = update(book, replace(night, rules={"rage_click": "other thresholds"}), {})

    assert not told.events
    assert min(told.book.lives["x"].days) == night.since


def test_a_detector_that_did_not_run_fixes_nothing() -> None:
    site = Site([*QUIET, Place("x", steady(0.1), 0.5, detector="error_click")])
    book, _ = lived(site, moved(CHANGE, -1))

    for step in range(20):
        night = site.night(moved(CHANGE, step))
        gone = tuple(sight for sight in night.sights if sight.id != "x")
        told = update(book, replace(night, sights=gone, rules={"rage_click": "as ever"}), {})
        book = told.book
        assert not told.events

    assert book.lives["x"].state(LAST) == "ongoing"


def test_a_book_is_read_back_as_it_was_written() -> None:
    site = Site([*QUIET, Place("x", between(0, 0.05, CHANGE), 0.3)])
    book, _ = lived(site, moved(CHANGE, 3))

    state = State(book=book)

    assert from_json(as_json(state)) == state
    assert as_json(from_json(as_json(state))) == as_json(state)


def test_exits_that_rise_with_a_friction_of_the_page_are_its_consequence_and_no_news() -> None:
    site = Site([*QUIET, Place("x", between(0, 0.1, CHANGE), 0.3)])
    book, said = Book(), []
    for step in range(30):
        day = moved(START, step)
        night = site.night(day)
        if day >= moved(CHANGE, 4):
            night = replace(
                night, sights=(*night.sights, spike("/page", CHANGE), spike("/0", moved(CHANGE, 1)))
            )
        told = update(book, night, {})
        book = told.book
        said += [(event.kind, event.life.id) for event in told.events]

    assert said == [("new", "x"), ("new", "spike-/0")]


def spike(page: str, since: str) -> Sight:
    """More exits than usual of a page, lasting."""
    window = Window(f"{since}T06:00:00Z", None, 0.2, 0.3)
    return Sight(
        f"spike-{page}",
        "dropoff_spike",
        page,
        None,
        None,
        "More left",
        {since: (100, 30)},
        None,
        None,
        window,
        0.001,
    )


def test_a_point_after_which_nearly_everyone_leaves_now_is_met_and_not_fixed() -> None:
    found = every_kind()
    first, *others = found.points
    cost = replace(first.impact, estimate=None, low=None, high=None, reason="marker")
    broken = replace(first, rank=None, impact=cost, reason="marker")

    seen = night(replace(found, points=others, aside=[broken]), "r", "2030-01-01")

    before = {sight.id: sight for sight in night(found, "r", "2030-01-01").sights}
    after = {sight.id: sight for sight in seen.sights}
    assert after.keys() == before.keys()
    assert after[broken.id].cost is None
    assert after[broken.id].days == before[broken.id].days
