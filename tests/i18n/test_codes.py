"""Every code that the product can put into a report has words for people."""

from __future__ import annotations

import pytest

from friction import detectors, limits, schema, sources
from friction.detectors.base import REASONS
from friction.detectors.presets import PRESETS
from friction.i18n import language
from friction.i18n.advice import ADVICE
from friction.i18n.codes import GROUPS
from friction.i18n.points import TITLES
from friction.summary import points, spikes


@pytest.mark.parametrize(
    ("group", "codes"),
    [
        ("reason", REASONS),
        ("capability", schema.CAPABILITIES),
        ("segment", schema.SEGMENTS),
        ("detector", list(detectors.BUILTIN)),
        ("method", [*points.METHODS, spikes.METHOD]),
        ("stage", ["starting", "reading", "sorting", "detecting", "ranking", "trying again in smaller parts"]),
        ("no_cost", ["too_few_sessions", "too_few_exits", "too_few_views", "marker", "nothing_to_compare_with"]),
        ("no_cost", [points.NO_OWN_COST]),
    ],
)  # fmt: skip
def test_every_code_has_words(group: str, codes: list[str]) -> None:
    assert not [code for code in codes if code not in GROUPS[group]]


def test_every_limit_that_can_leave_out_a_member_has_words() -> None:
    named = {code.removeprefix("limit.") for code in GROUPS["left_out"] if code.startswith("limit.")}

    assert named == set(limits.TABLE) - {"size", "time", "memory", "objects", "fetched", "output_size"}


def test_every_detector_has_a_title_and_advice() -> None:
    asked = {*detectors.BUILTIN, *(name for known in PRESETS.values() for name in known)}

    assert asked == set(TITLES) == set(ADVICE)
    assert asked <= set(GROUPS["detector"])


def test_everything_that_a_preset_needs_has_words() -> None:
    rules = [rule for known in PRESETS.values() for rule in known.values()]
    needed = {code for rule in rules for code in (*rule.needs, *rule.reactions, rule.described_by)}
    needed |= {code for rule in rules for each in rule.filled for code in each.split("|")}
    facts = {fact for rule in rules if rule.is_published for fact in rule().facts}

    assert not needed - facts - set(GROUPS["capability"])


def test_everything_that_a_detector_needs_has_words() -> None:
    ours = detectors.BUILTIN.values()
    needed = {code for one in ours for code in (*one.needs, *one.needs_one_of)}
    needed |= {code for one in ours for each in one.filled for code in each.split("|")}

    assert not needed - set(GROUPS["capability"])


def test_one_liners_are_those_of_the_docstrings() -> None:
    said = {each["name"]: each["summary"] for each in detectors.catalogue()}
    read = {each["name"]: each["title"] for each in sources.catalogue()}

    assert said == GROUPS["one_liner"], "friction/i18n/codes/detectors.py, make messages"
    assert not {name: title for name, title in read.items() if GROUPS["source"].get(name, title) != title}


def test_a_code_without_words_is_shown_as_it_is() -> None:
    assert language("fr").word("reason", "of_a_plug_in") == "of a plug in"
