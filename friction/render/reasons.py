"""Why a point costs what is said, in sentences for people who design and not for those who model.

What it was compared with, each part of the loss, what was taken off for harmless points of its kind, where the range
comes from, and why the simple comparison says something else. Sentences follow from the figures of the report by rule.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from friction.i18n import ENGLISH, Language
from friction.render.safe import clean
from friction.report import Point, Report, Series

SPIKE = "dropoff_spike"
SLIGHT = 0.02
"""An effect of harmless points below this, in log-odds, is none."""
MOSTLY = 0.6


def reasons(point: Point, report: Report, speak: Language = ENGLISH) -> list[str]:
    """The sentences in order; those of which nothing is known are left out."""
    if point.impact.estimate is None:
        return list(_watched(point, report, speak))
    if point.detector == SPIKE:
        return list(_of_spike(point, report, speak))
    return [
        *_compared_with(point, speak),
        *_exits(point, speak),
        *_parts(point, speak),
        *_harmless(point, speak),
        *_range(point, speak),
        *_order(point, speak),
        *_naive(point, speak),
        *_watched(point, report, speak),
    ]


def _compared_with(point: Point, speak: Language) -> Iterator[str]:
    yield speak.text(
        "Compared with views of the same page by visitors alike in all that the export tells when the page "
        "opens: device and channel, new or returning, where they came from, how far into the visit they were, which "
        "products, cart and checkout pages they had seen, earlier visits and purchases, trouble met before."
    )
    if point.target is not None and point.impact.method in {"joint_models", "joint_exit_models"}:
        yield speak.text(
            "All friction points of the page are judged at once, so that none is charged with what another one "
            "does. Where uses of the element that went well are recorded, those are what it is held against."
        )


def _exits(point: Point, speak: Language) -> Iterator[str]:
    parts = point.score_parts
    if not {"exposed_views", "exit_share", "expected_exit_share", "extra_exits"} <= parts.keys():
        return
    yield speak.plural(
        "Of {n} page view with it {left} were the last of their visit; of like views without it, {usual} would "
        "have been.",
        "Of {n} page views with it {left} were the last of their visit; of like views without it, {usual} would "
        "have been.",
        round(parts["exposed_views"]),
        left=speak.percent(parts["exit_share"]),
        usual=speak.percent(parts["expected_exit_share"]),
    )


def _parts(point: Point, speak: Language) -> Iterator[str]:
    parts = point.score_parts
    if point.impact.metric != "lost_conversions" or "lost_by_leaving" not in parts:
        return
    if parts.get("value_of_staying"):
        worth = speak.bounded(100 * parts["value_of_staying"], most=1000, digits=2)
        yield speak.text(
            "Of 100 visitors who left because of it about {worth} would have reached the goal in that visit or "
            "on another day.",
            worth=worth,
        )
    lost = {name: parts.get(name, 0.0) for name in ("lost_by_leaving", "lost_progress", "lost_later")}
    yield speak.text(
        "The loss has three parts: {left} by visitors who leave, {astray} by those who stay but are thrown back, "
        "{later} by those who go on and buy less often afterwards.",
        left=_tenth(lost["lost_by_leaving"], speak),
        astray=_tenth(lost["lost_progress"], speak),
        later=_tenth(lost["lost_later"], speak),
    )
    whole = sum(max(value, 0.0) for value in lost.values())
    if whole and max(lost["lost_later"], 0.0) > MOSTLY * whole:
        yield speak.text("Most of it comes later, which is harder to see: read it as “at least about”.")


def _tenth(value: float, speak: Language) -> str:
    return speak.decimal(round(value, 1) + 0.0, 3)


def _harmless(point: Point, speak: Language) -> Iterator[str]:
    shift = point.score_parts.get("harmless_effect")
    if shift is None:
        return
    name = speak.word("detector", clean(point.detector))
    if shift > -SLIGHT:
        yield speak.text(
            "Harmless points of this kind ({detector}) show no effect of their own, so nothing was corrected for them.",
            detector=name,
        )
        return
    yield speak.text(
        "Visitors who meet harmless points of this kind ({detector}) leave less than others: their odds of leaving "
        "are {less} lower, because who does much on a page meets more of everything. The estimate is corrected for "
        "that.",
        detector=name,
        less=speak.percent(1 - math.exp(shift), 0),
    )


def _range(point: Point, speak: Language) -> Iterator[str]:
    impact = point.impact
    if impact.low is None or impact.high is None or impact.says == "upper_end":
        return
    yield speak.text(
        "The range of {low} to {high} holds the true cost 95 times in 100. It is made of chance, of how well the "
        "worth of staying is known, and, for what such models get wrong, of a fifth of the figure downwards and three "
        "tenths upwards, since harm that comes out pages later is hard to see.",
        low=speak.whole(impact.low),
        high=speak.whole(impact.high),
    )


def _order(point: Point, speak: Language) -> Iterator[str]:
    """What would change its place in the list."""
    ranks, odds = point.impact.ranks, point.impact.odds_to_fall
    if ranks and ranks[0] < ranks[-1]:
        yield speak.text(
            "Chance leaves it any place from {best} to {worst}: among the points there, the order is a guess.",
            best=speak.whole(ranks[0]),
            worst=speak.whole(ranks[-1]),
        )
    elif ranks:
        yield speak.text(
            "Chance leaves it no other place in the list than {place}.", place=speak.whole(ranks[0])
        )
    if odds is not None and odds - 1 >= SLIGHT:
        yield speak.text(
            "It would change places with the next point if those who meet it were likelier to leave anyway, by {more} "
            "in the odds, for a reason that the export does not tell, or if the correction for harmless points were "
            "off by as much.",
            more=speak.percent(odds - 1, 0),
        )
    elif odds is not None:
        yield speak.text("The next point costs practically the same; either could come first.")


def _naive(point: Point, speak: Language) -> Iterator[str]:
    impact = point.impact
    if impact.naive is None or impact.low is None or impact.high is None or impact.estimate is None:
        return
    naive = speak.whole(impact.naive)
    if impact.naive < min(impact.low, 0):
        yield speak.text(
            "Simply setting sessions that met it against those that did not gives {naive}, as if it helped: who "
            "meets it is keener to begin with, and the gain of that hides the loss.",
            naive=naive,
        )
    elif impact.naive < impact.low:
        yield speak.text(
            "Simply setting sessions that met it against those that did not gives {naive}: too little, since who "
            "meets it is keener to begin with.",
            naive=naive,
        )
    elif impact.naive > impact.high:
        yield speak.text(
            "Simply setting sessions that met it against those that did not gives {naive}: too much, since that "
            "charges it with differences between people and with what they met elsewhere in the visit.",
            naive=naive,
        )
    else:
        yield speak.text(
            "Simply setting sessions that met it against those that did not gives {naive}, which is within the range.",
            naive=naive,
        )


def _of_spike(point: Point, report: Report, speak: Language) -> Iterator[str]:
    yield speak.text(
        "Compared with the page’s own past: its share of exits at this hour of the day and day of the week, as it "
        "was in the stretch before. A tenth more would not have been an alarm; so drift and noise from day to day "
        "are none."
    )
    if (extra := point.score_parts.get("extra_exits")) is not None:
        yield speak.plural(
            "{n} visitor more left than that past lets expect.",
            "{n} visitors more left than that past lets expect.",
            round(extra),
        )
    worth = point.score_parts.get("value_of_staying")
    if worth and point.impact.metric == "lost_conversions":
        yield speak.text(
            "Of 100 visitors who stay on the page some {worth} can be expected to reach the goal afterwards; that is "
            "what each exit is taken to cost.",
            worth=speak.bounded(100 * worth, most=1000, digits=2),
        )
    if point.impact.p_value is not None:
        chance = speak.bounded(point.impact.p_value)
        yield speak.text(
            "The chance of such a rise anywhere in a series this long where nothing happens: {chance}.",
            chance=chance,
        )
    mine = (each for each in report.series if (each.measure, each.page) == ("exits", point.page))
    for series in mine:
        yield from _visible(series, speak)


def _watched(point: Point, report: Report, speak: Language) -> Iterator[str]:
    """When the point was met more or less often than usual."""
    for series in (each for each in report.series if each.point == point.id):
        for change in series.changes:
            shares = {"before": speak.percent(change.rate_before), "then": speak.percent(change.rate_in)}
            since = speak.moment(change.start)
            if change.end is None:
                yield speak.text(
                    "Since {start} it meets {then} of the page views, before {before}.", start=since, **shares
                )
            else:
                yield speak.text(
                    "From {start} to {end} it met {then} of the page views, before {before}.",
                    start=since,
                    end=speak.moment(change.end),
                    **shares,
                )
        yield from _visible(series, speak)


def _visible(series: Series, speak: Language) -> Iterator[str]:
    if series.smallest_lift is not None:
        lift = speak.percent(series.smallest_lift, 0)
        yield speak.text(
            "In a day, a rise of its share by less than {lift} would mostly be missed.", lift=lift
        )
