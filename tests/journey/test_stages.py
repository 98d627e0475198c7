"""The rules of the stages on small journeys."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from friction.journey.signs import SIGN, role_of, sign_of
from friction.journey.stages import RULES, STAGES, Bounds, Staged, staged

ROLES = ["home", "product", "cart", "checkout", "search", "account", "help", "pricing", None]
PAGE = {role: number for number, role in enumerate(ROLES)}
START = datetime(2025, 3, 3, tzinfo=UTC)
SIGNS = {"session_id": pl.UInt32(), "sign": SIGN, "view": pl.UInt32(), "n": pl.UInt32()}
Session = tuple[int, float, list[str | None], bool]
"""Visitor, day, pages, whether the last view converts."""


def staged_of(
    sessions: list[Session],
    signs: list[tuple[int, str, int]] | None = None,
    promoters: list[int] | None = None,
    bounds: Bounds | None = None,
) -> Staged:
    """Sessions in order of time; signs are session, sign and view of the session."""
    opened, rows = 0, []
    table = []
    for number, (visitor, day, pages, wins) in enumerate(sessions):
        start = START + timedelta(days=day)
        last = opened + len(pages) - 1
        rows += [
            (opened + at, number, PAGE[page], wins and at == len(pages) - 1) for at, page in enumerate(pages)
        ]
        table.append((number, visitor, start, start + timedelta(minutes=5), last if wins else None))
        opened += len(pages)
    views = pl.DataFrame(rows, schema=["view", "session_id", "page", "converts"], orient="row")
    frame = pl.DataFrame(table, schema=["session_id", "visitor", "start", "end", "goal_view"], orient="row")
    first = {session: view for view, session, *_ in reversed(rows)}
    marks = [(session, sign, first[session] + at, 1) for session, sign, at in signs or []]
    told = pl.Series(promoters or [], dtype=pl.UInt32)
    return staged(frame, views, pl.DataFrame(marks, schema=SIGNS, orient="row"), ROLES, told, bounds)


def said(found: Staged) -> list[tuple[str, str]]:
    """Stage and rule of each session."""
    return [(STAGES[stage], RULES[rule][0]) for _, stage, rule in found.session.iter_rows()]


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        (["home"], ("awareness", "first_contact")),
        (["product"], ("awareness", "first_contact")),
        (["product", "home", "product"], ("consideration", "products")),
        (["search"], ("consideration", "searched")),
        (["pricing"], ("consideration", "prices")),
        (["product", "cart"], ("decision", "cart")),
        (["cart", "checkout"], ("decision", "checkout")),
        ([None], ("awareness", "first_contact")),
    ],
)
def test_pages_of_one_session_decide(pages: list[str | None], expected: tuple[str, str]) -> None:
    assert said(staged_of([(1, 0, pages, False)])) == [expected]


def test_a_second_visit_within_thirty_days_is_consideration() -> None:
    visits: list[Session] = [(1, 0, ["home"], False), (1, 29, ["home"], False), (1, 70, ["home"], False)]

    assert [stage for stage, _ in said(staged_of(visits))] == ["awareness", "consideration", "awareness"]


def test_whoever_has_bought_never_falls_back() -> None:
    visits: list[Session] = [
        (1, 0, ["checkout"], True),
        (1, 90, ["home"], False),
        (1, 200, ["account"], False),
    ]

    assert said(staged_of(visits)) == [
        ("decision", "converted"),
        ("retention", "back_after_purchase"),
        ("retention", "account_after_purchase"),
    ]


def test_an_account_page_before_any_purchase_is_not_retention() -> None:
    assert said(staged_of([(1, 0, ["account"], False)])) == [("awareness", "first_contact")]


def test_telling_others_is_advocacy_only_after_a_purchase() -> None:
    visits: list[Session] = [(1, 0, ["home"], False), (2, 0, ["checkout"], True), (2, 3, ["home"], False)]

    found = staged_of(visits, [(0, "advocacy", 0), (2, "advocacy", 0)])

    assert [stage for stage, _ in said(found)] == ["awareness", "decision", "advocacy"]


def test_a_customer_who_would_recommend_is_an_advocate() -> None:
    visits: list[Session] = [(1, 0, ["checkout"], True), (1, 3, ["home"], False), (2, 0, ["home"], False)]

    assert said(staged_of(visits, promoters=[1, 2]))[1:] == [
        ("advocacy", "promoter"),
        ("awareness", "first_contact"),
    ]


def test_an_own_rule_comes_first_in_its_stage() -> None:
    assert said(staged_of([(1, 0, ["home", "cart"], False)], [(0, "own_decision", 0)])) == [
        ("decision", "own_decision")
    ]


def test_a_view_has_the_stage_reached_so_far() -> None:
    found = staged_of(
        [(1, 0, ["home", "product", "product", "cart", "home"], False), (2, 0, ["home"], False)]
    )

    assert [STAGES[level] for level in found.view] == [
        *("awareness", "awareness", "consideration", "decision", "decision"),
        "awareness",
    ]


def test_how_many_products_count_can_be_set() -> None:
    visits: list[Session] = [(1, 0, ["product", "product"], False)]

    assert said(staged_of(visits, bounds=Bounds(product_views=3)))[0][0] == "awareness"


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("write_review", "advocacy"),
        ("Invite Friend", "advocacy"),
        ("begin_checkout", "intent"),
        ("requestQuote", "intent"),
        ("compare", "compare"),
        ("signin", "login"),
        ("support_ticket", "support"),
        ("reviewer", None),
        ("page_view", None),
        ("purchase", None),
    ],
)
def test_names_of_events_are_signs_by_whole_words(name: str, sign: str | None) -> None:
    assert sign_of(name) == sign


@pytest.mark.parametrize(
    ("template", "kind", "role"),
    [
        ("/pricing", "content", "pricing"),
        ("/product/:id/reviews", "product", "reviews"),
        ("/help/pricing", "help", "help"),
        ("/x", None, None),
    ],
)
def test_a_path_may_say_more_than_its_type(template: str, kind: str | None, role: str | None) -> None:
    assert role_of(template, kind) == role
