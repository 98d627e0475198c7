"""What a report says of counts: ranks, ranges, places, sessions to look at; the same in any order."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from friction.counting import Counted, Within, tallies
from friction.pages import PageRules
from friction.tallies import Count, Tally
from tests.counting.test_periods import figure

SITE = "https://shop.example"
FIRST = datetime(2026, 3, 2, 8, tzinfo=UTC)


def session(number: int, landing: str = "/", **more: Any) -> dict[str, Any]:
    base = {
        "session_id": f"s{number}",
        "source": "hotjar",
        "start": FIRST + timedelta(minutes=number),
        "file_id": 0,
    }
    return base | {"landing_url": SITE + landing, "rage_clicks": 0, "pages": 3, "row_no": number + 1} | more


def told(
    sessions: list[dict[str, Any]] | None = None, figures: list[dict[str, Any]] | None = None
) -> list[Tally]:
    frames = [pl.DataFrame(each, infer_schema_length=None) if each else None for each in (sessions, figures)]
    return tallies(Counted.of(*frames), Within(["list.csv", "more.csv"], PageRules()))


def visits(**rage: float) -> list[dict[str, Any]]:
    """Two hundred sessions for each page that they begin on, with this share of rage."""
    return [
        session(200 * at + n, f"/{page}", rage_clicks=2 * (n < 200 * share))
        for at, (page, share) in enumerate(rage.items())
        for n in range(200)
    ]


def by_page(tally: Tally, measure: str = "rage_click") -> dict[str | None, Count]:
    return {one.page: one for one in tally.counts if one.measure == measure}


def test_sessions_are_counted_by_the_page_they_began_on_with_their_range() -> None:
    (tally,) = told(visits(cart=0.3, help=0.1))

    cart = by_page(tally)["/cart"]
    assert (cart.affected, cart.exposed, cart.incidents, cart.share) == (60, 200, 120, 0.3)
    assert cart.low < 0.3 < cart.high
    assert (tally.sessions, tally.form, tally.source) == (400, "sessions", "hotjar")


def test_places_are_ranked_by_how_many_they_affect() -> None:
    (tally,) = told(visits(cart=0.3, help=0.1, faq=0.2))

    assert [(one.rank, one.page) for one in tally.counts] == [(1, "/cart"), (2, "/faq"), (3, "/help")]


def test_a_place_that_differs_clearly_is_said_to_and_a_small_one_is_not() -> None:
    (tally,) = told(
        [
            *visits(cart=0.3, help=0.1, faq=0.1),
            *(session(900 + n, "/new", rage_clicks=n == 0) for n in range(4)),
        ]
    )

    found = by_page(tally)
    assert (found["/cart"].standing, found["/help"].standing, found["/new"].standing) == (
        "above",
        "below",
        "usual",
    )
    assert found["/new"].extra < 1.0


def test_the_sessions_to_look_at_are_those_that_show_it_most() -> None:
    sessions = [
        session(n, rage_clicks=n % 5, recording_url=f"https://h.example/r?recording={n}") for n in range(40)
    ]

    (tally,) = told(sessions)

    evidence = tally.counts[0].evidence
    assert [each.session_id for each in evidence] == ["s4", "s9", "s14"]
    assert {each.count for each in evidence} == {4}
    assert (evidence[0].file, evidence[0].row) == ("list.csv", 5)


def test_a_session_in_two_lists_is_one() -> None:
    once, twice = visits(cart=0.3), [{**each, "file_id": 1} for each in visits(cart=0.3)]

    (tally,) = told(once + twice)

    assert tally.sessions == 200
    assert "counted_once" in tally.caveats


def test_what_the_list_does_not_count_is_no_zero() -> None:
    (tally,) = told([session(n, rage_clicks=None, u_turns=n % 2) for n in range(20)])

    measures = {one.measure for one in (*tally.counts, *tally.overall)}
    assert "u_turn" in measures
    assert "rage_click" not in measures


def test_leaving_counts_only_beyond_other_places() -> None:
    figures = [
        figure(
            share,
            1_000,
            2,
            2,
            source="plausible",
            measure="bounce",
            basis="landing_page",
            url=SITE + url,
            of="visits",
        )
        for url, share in (("/a", 0.6), ("/b", 0.4), ("/c", 0.4))
    ]
    (tally,) = told(None, figures)

    (first,) = tally.counts
    assert (first.page, first.standing) == ("/a", "above")
    assert 150 < first.extra < 200


def test_visits_that_ended_on_a_page_are_a_share_of_those_that_saw_it() -> None:
    base = {"source": "plausible", "unit": "count", "of": "visits"}
    figures = [
        *(figure(n, None, 2, 2, measure="visits", url=url, **base) for url, n in (("/a", 100), ("/b", 100))),
        *(figure(n, None, 2, 2, measure="exit", url=url, **base) for url, n in (("/a", 70), ("/b", 10))),
    ]

    (tally,) = told(None, figures)

    assert [(one.page, one.affected, one.exposed) for one in tally.counts] == [("/a", 70, 100)]


def test_addresses_of_one_page_are_one_place_and_carry_nothing_personal() -> None:
    sessions = [session(n, f"/product/{n}?mail=ann@example.org", rage_clicks=1) for n in range(60)]

    (tally,) = told(sessions)

    assert [one.page for one in tally.counts] == ["/product/:id"]
    assert "ann" not in str(tally)


def test_kinds_of_visitors_and_the_whole_site_stand_apart() -> None:
    sessions = [
        session(n, rage_clicks=n % 3 == 0, device="mobile" if n % 3 == 0 else "desktop") for n in range(90)
    ]

    (tally,) = told(sessions)

    rage = {str(one.segment): one for one in tally.overall if one.measure == "rage_click"}
    assert rage["{'device': 'mobile'}"].standing == "above"
    assert (rage["{}"].basis, rage["{}"].affected, rage["{}"].rank) == ("site", 30, None)


def test_the_order_of_rows_and_files_changes_nothing() -> None:
    sessions = visits(cart=0.3, help=0.1) + [{**each, "file_id": 1} for each in visits(faq=0.2)]
    figures = [figure(0.1 * day, 100, day, day, url=f"/{day}", file_id=day) for day in range(1, 8)]
    mixed, others = sessions[:], figures[:]
    random.Random(1).shuffle(mixed)
    random.Random(2).shuffle(others)

    assert told(sessions, figures) == told(mixed, others)


def test_without_any_count_there_is_no_tally() -> None:
    assert told() == []
