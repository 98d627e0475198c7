"""The tables beside the map, as texts: channels with their credits, personas, measures, the plan. Heads and rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from friction.i18n import ENGLISH, N_, Language, advice_of, title_of
from friction.journey_map import Journey
from friction.render.journey import words
from friction.render.journey.sheet import Kept
from friction.render.safe import clean
from friction.report import Report

Told = tuple[list[str], list[list[str]]]
"""A head and its rows; texts of the data in them are clean."""
MODELS_SHOWN = ("first", "last_non_direct", "linear", "markov", "shapley")
KPIS = (
    *("conversion", "duration_mean", "duration_median", "touches", "retention", "repeat_purchase"),
    *("nps", "csat", "ces", "contacts"),
)
BOOKKEEPING = N_("Attribution is bookkeeping: it shares out conversions, it does not say what caused them.")
PLAN_HEAD = (
    *(N_("Action"), N_("Against"), N_("Gain"), N_("Confidence"), N_("Effort"), N_("Owner"), N_("State")),
    N_("Check"),
)


def channels(journey: Journey, speak: Language = ENGLISH, models: Sequence[str] = MODELS_SHOWN) -> Told:
    """Channels with sessions, conversion and credits."""
    head = [speak.text("Channel"), speak.text("Sessions"), speak.text("Sessions that convert")]
    rows = [
        [
            speak.word("way", each.channel),
            speak.whole(each.sessions),
            words.share(each.conversion, speak),
            *(speak.decimal(each.credits.get(model, 0.0), 3) for model in models),
        ]
        for each in journey.channels
    ]
    return head + [speak.word("model", model) for model in models], rows


def personas(report: Report, speak: Language = ENGLISH) -> Told:
    """Who they are, how many convert, where they are, and what costs most among them."""
    journey = report.journey
    assert journey is not None
    points = {point.id: point for point in report.points}
    head = [speak.text("Persona"), speak.text("Visitors"), speak.text("Visitors who convert")]
    head += [speak.text("Most seen stage"), speak.text("Costliest friction")]
    rows = []
    for each in journey.personas:
        met = next((one for one in each.frictions if one.point in points and one.cost), None)
        rows.append(
            [
                words.persona(each, speak),
                f"{speak.whole(each.visitors)} ({speak.percent(each.share, 0)})",
                words.share(each.conversion, speak),
                speak.word("journey_stage", each.stages[0].name) if each.stages else "",
                clean(title_of(points[met.point], speak), 90) if met else "",
            ]
        )
    return head, rows


def measures(journey: Journey, speak: Language = ENGLISH) -> Told:
    """Those of everybody."""
    whole = {each.name: each for each in journey.kpis if each.dimension == "all"}
    rows = [
        [speak.word("kpi", name), words.kpi(whole[name], speak), speak.whole(whole[name].figure.n)]
        for name in KPIS
        if name in whole
    ]
    return [speak.text("Measure"), speak.text("Value"), speak.text("From")], rows


def plan(report: Report, kept: Mapping[str, Kept] | None = None, speak: Language = ENGLISH) -> Told:
    """The actions by priority, with what people decided."""
    journey = report.journey
    assert journey is not None
    points = {point.id: point for point in report.points}
    rows = []
    for number, each in enumerate(journey.actions, start=1):
        if each.point not in points:
            continue
        point, own = points[each.point], (kept or {}).get(each.point, Kept())
        advice = advice_of(point, speak)
        rows.append(
            [
                str(number),
                clean(advice.text, 600),
                f"{clean(title_of(point, speak), 120)} ({speak.word('journey_stage', each.stage)})",
                words.cost(each.gain, speak),
                speak.word("confidence", each.confidence),
                speak.word("effort", own.effort or each.effort),
                clean(own.owner or ""),
                speak.word("action_state", own.state or "next"),
                clean(own.check or advice.check, 600),
            ]
        )
    return ["", *(speak.text(name) for name in PLAN_HEAD)], rows
