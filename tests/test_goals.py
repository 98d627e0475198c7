"""The grammar of goals."""

from __future__ import annotations

import re
from contextlib import suppress

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from friction.errors import UsageError
from friction.goals import FIELDS, Clause, Goal, parse


@pytest.mark.parametrize(
    ("expr", "clauses"),
    [
        ("event=purchase", [("event", "=", "purchase")]),
        ("page=/thanks", [("page", "=", "/thanks")]),
        ("url~*/done?order=*", [("url", "~", "*/done?order=*")]),
        ("  event = purchase  and page~/shop/* ", [("event", "=", "purchase"), ("page", "~", "/shop/*")]),
        ("event='terms and conditions'", [("event", "=", "terms and conditions")]),
        ('event="say \\"yes\\"" and url~*', [("event", "=", 'say "yes"'), ("url", "~", "*")]),
        ('target=input[name="q"]', [("target", "=", 'input[name="q"]')]),
        ('target=a[title="x and y"] and event=click', None),
        ("event=Order completed", [("event", "=", "Order completed")]),
        ("event=band", [("event", "=", "band")]),
        ("event=''", [("event", "=", "")]),
    ],
)
def test_an_expression_is_read_as_its_clauses(expr: str, clauses: list[tuple[str, str, str]] | None) -> None:
    if clauses is None:
        with pytest.raises(UsageError):
            parse(expr)
        return
    assert [(c.field, c.operator, c.value) for c in parse(expr).clauses] == clauses


@pytest.mark.parametrize(
    ("expr", "place", "says"),
    [
        ("", 1, "event=purchase"),
        ("purchase", 1, "event=purchase"),
        ("evnt=purchase", 1, 'did you mean "event"'),
        ("event=a and pgae=/x", 13, 'did you mean "page"'),
        ("event=", 7, "event=purchase"),
        ("event=a and", 12, "event=purchase"),
        ('event="open', 7, "close it"),
        ('event="a" page=/b', 11, "and"),
        ("event=terms and conditions", 17, "quotation marks"),
    ],
)
def test_an_error_names_the_place_and_the_remedy(expr: str, place: int, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(expr)

    assert caught.value.problem.code == "goal.syntax"
    assert f"(character {place} " in caught.value.problem.detail
    assert says in str(caught.value.problem.remedy)


CLAUSES = st.builds(Clause, st.sampled_from(list(FIELDS)), st.sampled_from(["=", "~"]), st.text(max_size=12))


@given(st.lists(CLAUSES, min_size=1, max_size=3).map(lambda clauses: Goal(tuple(clauses))))
def test_a_goal_written_out_reads_back_as_itself(goal: Goal) -> None:
    assert parse(str(goal)) == goal


@given(st.text(max_size=30))
def test_any_text_is_a_goal_or_a_named_error(text: str) -> None:
    with suppress(UsageError):
        assert parse(text).clauses


@pytest.mark.parametrize(
    ("clause", "value", "fits"),
    [
        (Clause("url", "~", "*/done?a=*"), "https://x.test/done?a=1", True),
        (Clause("url", "~", "*/done?a=*"), "https://x.test/donea=1", False),
        (Clause("page", "~", "/shop/*"), "/shop/a/b", True),
        (Clause("page", "~", "/shop/*"), "/en/shop/a", False),
        (Clause("page", "=", "/a*"), "/ab", False),
        (Clause("target", "~", "a[href=#top] .x&y-~*"), "a[href=#top] .x&y-~z\nz", True),
    ],
)
def test_a_pattern_means_the_same_in_python_and_in_polars(clause: Clause, value: str, fits: bool) -> None:
    assert (re.search(clause.pattern, value) is not None) is fits
    assert pl.Series([value]).str.contains(clause.pattern).item() is fits
