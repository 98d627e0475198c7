"""The journey as Markdown: the map as a table, then channels, personas, measures and the action plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from friction.i18n import ENGLISH, N_, Language, advice_of, title_of
from friction.journey_map import Journey
from friction.render.journey import words
from friction.render.journey.grid import Grid, texts
from friction.render.journey.sheet import Kept
from friction.render.safe import clean
from friction.report import Report

MODELS_SHOWN = ("first", "last_non_direct", "linear", "markov", "shapley")
_KPIS = (
    "conversion",
    "duration_mean",
    "duration_median",
    "touches",
    "retention",
    "repeat_purchase",
    "nps",
    "csat",
    "ces",
    "contacts",
)


def document(
    report: Report, grid: Grid, kept: Mapping[str, Kept] | None = None, speak: Language = ENGLISH
) -> str:
    """The whole journey."""
    journey = report.journey
    assert journey is not None
    parts = [
        f"# {_safe(grid.title)}",
        _safe(grid.lead),
        table(["", *grid.columns], _map(grid)),
        *map(_safe, grid.foot),
    ]
    parts += [f"## {speak.text('Channels')}", *_channels(journey, speak)]
    if journey.personas:
        parts += [f"## {speak.text('Personas')}", *_personas(report, journey, speak)]
    parts += [
        f"## {speak.text('Measures')}",
        table([speak.text("Measure"), speak.text("Value"), speak.text("From")], _kpis(journey, speak)),
    ]
    if journey.actions:
        parts += [f"## {speak.text('Action plan')}", plan(report, kept, speak)]
    return "\n\n".join(parts) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table of texts that are safe already but for bars and line ends."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _map(grid: Grid) -> Iterable[Sequence[str]]:
    for lane in grid.lanes:
        yield [
            f"**{_safe(lane.name)}**",
            *("<br>".join(map(_safe, texts(each).splitlines())) for each in lane.cells),
        ]


def _channels(journey: Journey, speak: Language) -> list[str]:
    head = [speak.text("Channel"), speak.text("Sessions"), speak.text("Sessions that convert")]
    head += [speak.word("model", model) for model in MODELS_SHOWN]
    rows = [
        [
            speak.word("way", each.channel),
            speak.whole(each.sessions),
            words.share(each.conversion, speak),
            *(speak.decimal(each.credits.get(model, 0.0), 3) for model in MODELS_SHOWN),
        ]
        for each in journey.channels
    ]
    return [table(head, rows), speak.text(BOOKKEEPING)]


BOOKKEEPING = N_("Attribution is bookkeeping: it shares out conversions, it does not say what caused them.")


def _personas(report: Report, journey: Journey, speak: Language) -> list[str]:
    points = {point.id: point for point in report.points}
    head = [
        speak.text("Persona"),
        speak.text("Visitors"),
        speak.text("Visitors who convert"),
        speak.text("Most seen stage"),
        speak.text("Costliest friction"),
    ]
    rows = []
    for each in journey.personas:
        met = next((one for one in each.frictions if one.point in points and one.cost), None)
        rows.append(
            [
                _safe(words.persona(each, speak)),
                f"{speak.whole(each.visitors)} ({speak.percent(each.share, 0)})",
                words.share(each.conversion, speak),
                speak.word("journey_stage", each.stages[0].name) if each.stages else "",
                _safe(clean(title_of(points[met.point], speak), 90)) if met else "",
            ]
        )
    return [table(head, rows)]


def _kpis(journey: Journey, speak: Language) -> Iterable[Sequence[str]]:
    whole = {each.name: each for each in journey.kpis if each.dimension == "all"}
    for name in _KPIS:
        if name in whole:
            yield [speak.word("kpi", name), words.kpi(whole[name], speak), speak.whole(whole[name].figure.n)]


def plan(report: Report, kept: Mapping[str, Kept] | None = None, speak: Language = ENGLISH) -> str:
    """The action plan by priority, as a table."""
    assert report.journey is not None
    points = {point.id: point for point in report.points}
    head = ["", *(speak.text(name) for name in PLAN_HEAD)]
    rows = []
    for number, each in enumerate(report.journey.actions, start=1):
        point, own = points[each.point], (kept or {}).get(each.point, Kept())
        advice = advice_of(point, speak)
        rows.append(
            [
                str(number),
                _safe(advice.text),
                f"{_safe(clean(title_of(point, speak), 120))} ({speak.word('journey_stage', each.stage)})",
                words.cost(each.gain, speak),
                speak.word("confidence", each.confidence),
                speak.word("effort", own.effort or each.effort),
                _safe(own.owner or ""),
                speak.word("action_state", own.state or "next"),
                _safe(own.check or advice.check),
            ]
        )
    return table(head, rows)


PLAN_HEAD = (
    *(N_("Action"), N_("Against"), N_("Gain"), N_("Confidence"), N_("Effort"), N_("Owner"), N_("State")),
    N_("Check"),
)


def _safe(text: str) -> str:
    """Texts of the data say nothing in Markdown or HTML."""
    escaped = "".join(f"\\{char}" if char in "\\`*_[]#|" else char for char in clean(text, 600))
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", " ")
