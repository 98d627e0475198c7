"""Own rules find what their words say: by cases, by laws, and against an oracle on seeded streams."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from friction.config import RuleSettings
from friction.detectors import LABELS, documentation
from friction.errors import UsageError
from friction.rules import OwnRule, detector
from friction.schema import KIND
from friction.testing import LAWS, check, sessions
from friction.testing.events import EPOCH, INPUT, numbered
from tests.own.oracle import Sequence, Step, occurrences


def rule(*steps: dict[str, Any], **more: Any) -> OwnRule:
    declared = {"title": "Mine", "finds": "something", "steps": steps, **more}
    return detector("mine", RuleSettings.model_validate(declared))()


REFUSED = rule(
    {"when": "event=click and target~*voucher*", "times": 2},
    {"when": ["event=error", "http_status>=400"], "within_ms": 2_000, "without": "event=mutation"},
    page="/cart*",
)
CASES = """
# Two clicks, and then an error.
expect s1 /cart button#voucher events=3
s1  0.0  click  /cart  button#voucher
s1  3.0  click  /cart  button#voucher
s1  4.0  error  /cart

# A refused request does as well, and other things may happen in between.
expect s1 /cart/pay button#voucher events=3 trigger_row=4
s1  0.0  click    /cart/pay  button#voucher
s1  1.0  scroll   /cart/pay
s1  3.0  click    /cart/pay  button#voucher
s1  3.5  focus    /cart/pay  input#name
s1  4.0  request  /cart/pay  -  http_status=422

# Of three clicks the last two are it.
expect s1 /cart button#voucher start=1.0 end=3.0
s1  0.0  click  /cart  button#voucher
s1  1.0  click  /cart  button#voucher
s1  2.0  click  /cart  button#voucher
s1  3.0  error  /cart

# What shares an event is one finding.
expect s1 /cart button#voucher events=4
s1  0.0  click  /cart  button#voucher
s1  1.0  click  /cart  button#voucher
s1  2.0  error  /cart
s1  2.5  error  /cart

# Nothing shared: two findings.
expect s1 /cart button#voucher end=2.0
expect s1 /cart button#voucher end=12.0
s1   0.0  click  /cart  button#voucher
s1   1.0  click  /cart  button#voucher
s1   2.0  error  /cart
s1  10.0  click  /cart  button#voucher
s1  11.0  click  /cart  button#voucher
s1  12.0  error  /cart

# One click is not two.
expect nothing
s1  0.0  click  /cart  button#voucher
s1  1.0  error  /cart

# Too late by a millisecond.
expect nothing
s1  0.0    click  /cart  button#voucher
s1  1.0    click  /cart  button#voucher
s1  3.001  error  /cart

# The page answered in between.
expect nothing
s1  0.0  click     /cart  button#voucher
s1  1.0  click     /cart  button#voucher
s1  1.5  mutation  /cart
s1  2.0  error     /cart

# Another element, another page, another view, another visitor.
expect nothing
s1   0.0  click      /cart  button#pay
s1   1.0  click      /cart  button#pay
s1   2.0  error      /cart
s1  10.0  click      /home  button#voucher
s1  11.0  click      /home  button#voucher
s1  12.0  error      /home
s1  20.0  page_view  /cart
s1  21.0  click      /cart  button#voucher
s1  22.0  page_view  /cart
s1  23.0  click      /cart  button#voucher
s1  24.0  error      /cart
s2   0.0  click      /cart  button#voucher
s3   1.0  click      /cart  button#voucher
s3   1.5  error      /cart

# A request that went well.
expect nothing
s1  0.0  click    /cart  button#voucher
s1  1.0  click    /cart  button#voucher
s1  2.0  request  /cart  -  http_status=200
"""


def test_the_cases_hold() -> None:
    check(REFUSED, CASES)


RULES = {
    "refused": REFUSED,
    "alone": rule({"when": "event=click"}),
    "same element": rule({"when": "event=click", "times": 3, "within_ms": 4_000}, same_target=True),
    "across pages": rule(
        {"when": "event=click"}, {"when": "event=error"}, across_pages=True, within_ms=9_000
    ),
    "unless": rule({"when": "event=click"}, unless=["event=mutation", "event=error"], unless_ms=2_000),
}


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("name", RULES)
def test_the_laws_hold(name: str, law: str) -> None:
    LAWS[law](RULES[name], sessions(CASES))


def stream(seed: int, made: OwnRule) -> pl.DataFrame:
    """Two sessions of seeded events; bits say which of the rule's conditions hold, now and then."""
    draw = np.random.default_rng(seed)
    n = int(draw.integers(2, 60))
    gaps = draw.choice([0, 100, 400, 1_000, 1_001, 5_000], n, p=[0.1, 0.3, 0.2, 0.15, 0.05, 0.2])
    bits = draw.choice([0, 1, 2, 3, 4, 8, 9, 16], n, p=[0.1, 0.3, 0.25, 0.05, 0.1, 0.1, 0.05, 0.05])
    frame = pl.DataFrame(
        {
            "session_id": np.where(np.arange(n) < n * 0.7, "a", "b").tolist(),
            "ts": [EPOCH + timedelta(milliseconds=int(at)) for at in np.cumsum(gaps)],
            "kind": pl.Series(draw.choice(["click", "page_view"], n, p=[0.9, 0.1]).tolist(), dtype=KIND),
            "page": ["/a"] * n,
            "target": draw.choice(["x", "y", ""], n).tolist(),
        }
    )
    frame = frame.with_columns(target=pl.when(pl.col("target") != "").then("target"))
    missing = [pl.lit(None, INPUT[name]).alias(name) for name in INPUT if name not in frame.columns]
    asked = sum(1 << at for at, alternatives in enumerate(made.of_row["asked_mine"]) if alternatives)
    return numbered(frame.with_columns(missing)).with_columns(
        asked_mine=pl.Series(bits & asked, dtype=pl.UInt32)
    )


def drawn(seed: int) -> tuple[OwnRule, Sequence]:
    """A seeded rule, for the detector and for the oracle; the bits of `stream` stand for its conditions."""
    draw = np.random.default_rng([seed, 1])

    def maybe(value: int) -> int | None:
        return value if draw.random() < 0.5 else None

    times, within = (int(draw.integers(1, 4)), int(draw.integers(1, 3))), maybe(6_000)
    first, second, excluded = maybe(1_000), maybe(1_000), draw.random() < 0.5
    unless, across, same = bool(draw.random() < 0.4), bool(draw.random() < 0.5), bool(draw.random() < 0.4)
    steps: list[dict[str, Any]] = [
        {"when": "event=click", "times": times[0], "within_ms": first},
        {
            "when": "event=error",
            "times": times[1],
            "within_ms": second,
            "without": ["event=scroll"] if excluded else [],
        },
    ]
    more: dict[str, Any] = {"within_ms": within, "across_pages": across, "same_target": same}
    more |= {"unless": "event=mutation", "unless_ms": 2_000} if unless else {}
    words = Sequence(
        (Step(0, times[0], first), Step(1, times[1], second, 3 if excluded else None)),
        within, 4 if unless else None, 2_000, across, same,
    )  # fmt: skip
    return rule(*steps, **more), words


@pytest.mark.parametrize("seed", range(200))
def test_a_rule_finds_what_the_oracle_finds(seed: int) -> None:
    made, words = drawn(seed)
    rows = stream(seed, made)
    found = made.detect(rows.lazy()).collect()
    expected = []
    for each in rows.partition_by("session_id", maintain_order=True):
        listed = each.with_columns(
            is_=pl.col("asked_mine").map_elements(
                lambda bits: [at for at in range(5) if bits >> at & 1], pl.List(pl.Int64)
            )
        ).to_dicts()
        expected += [
            (listed[at]["row"], [listed[place]["row"] for place in places], on)
            for at, places, on in occurrences(words, listed)
        ]

    assert list(zip(found["trigger_row"], found["rows"].to_list(), found["target"], strict=True)) == expected


def test_the_oracle_sees_enough() -> None:
    """The comparison would hold for rules that find nothing."""
    rules = [drawn(seed)[0] for seed in range(200)]
    totals = [made.detect(stream(seed, made).lazy()).collect().height for seed, made in enumerate(rules)]

    assert sum(total > 0 for total in totals) > 100


def test_a_rule_is_documented_like_every_detector() -> None:
    title, summary, paragraphs = documentation(type(REFUSED))

    assert (title, summary, tuple(paragraphs)) == ("Mine", "something.", LABELS)
    assert paragraphs["Finds"].startswith(
        "event=click and target~*voucher* 2 times; then event=error or http_status>=400"
    )


def test_thresholds_of_a_rule_are_bounded_settings() -> None:
    made = type(REFUSED)

    assert made.configure({"step1_times": 3}).parameters["step1_times"] == 3
    with pytest.raises(UsageError, match=r"mine\.step1_times: it has to be at least 1"):
        made.configure({"step1_times": 0})
    with pytest.raises(UsageError, match="mine has no setting 'step1_time'"):
        made.configure({"step1_time": 2})


def test_a_rule_needs_the_kinds_it_names() -> None:
    assert type(REFUSED).filled == {"click", "error|http_status", "mutation"}
    assert {"target", "http_status", "name"} <= REFUSED.columns
