"""The journey as tables to calculate with: the map, the figures, and the action plan, as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from friction.i18n import ENGLISH, Language, advice_of, title_of
from friction.journey_map import Figure, Journey
from friction.render.cells import cell
from friction.render.journey.grid import Grid, texts
from friction.report import Report
from friction.values import dataclass

FIGURES = ("table", "name", "stage", "dimension", "value", "estimate", "low", "high", "n")
PLAN = (
    *(
        "priority",
        "point",
        "stage",
        "title",
        "action",
        "gain",
        "low",
        "high",
        "confidence",
        "effort",
        "owner",
    ),
    *("state", "check", "note"),
)


@dataclass(frozen=True)
class Kept:
    """What people decided about an action, beside what was computed; null: nothing yet."""

    effort: str | None = None
    owner: str | None = None
    state: str | None = None
    note: str | None = None
    check: str | None = None


def written(rows: Iterable[Sequence[object]]) -> str:
    """CSV; an empty cell means "cannot be said"."""
    page = io.StringIO()
    writer = csv.writer(page, lineterminator="\n")
    for row in rows:
        writer.writerow(
            ["" if each is None else cell(each) if isinstance(each, str) else each for each in row]
        )
    return page.getvalue()


def map_sheet(grid: Grid) -> str:
    """The map: a row a lane, a column a stage; the lines of a cell are joined by " / "."""
    rows = [["", *grid.columns]]
    rows += [
        [lane.name, *(" / ".join(texts(each).splitlines()) for each in lane.cells)] for lane in grid.lanes
    ]
    return written(rows)


def figures(journey: Journey) -> str:
    """Every figure of the journey, one a row, with its interval; `table` says what it is."""
    return written([FIGURES, *_kpis(journey), *_stages(journey), *_channels(journey), *_personas(journey)])


def _row(
    table: str, name: str, figure: Figure, stage: str = "", dimension: str = "", value: str = ""
) -> Sequence[object]:
    return (table, name, stage, dimension, value, figure.estimate, figure.low, figure.high, figure.n)


def _kpis(journey: Journey) -> Iterable[Sequence[object]]:
    for each in journey.kpis:
        yield _row("kpi", each.name, each.figure, each.stage, each.dimension, each.value or "")


def _stages(journey: Journey) -> Iterable[Sequence[object]]:
    for each in journey.stages:
        yield ("stage", "sessions", each.stage, "", "", each.sessions, None, None, journey.sessions)
        if each.goes_on:
            yield _row("stage", "goes_on", each.goes_on, each.stage)
        if each.emotion:
            yield _row("stage", "emotion", each.emotion.value, each.stage)
        yield from (
            ("stage", "rule", each.stage, "rule", rule.rule, rule.sessions, None, None, each.sessions)
            for rule in each.rules
        )
    for step in journey.transitions:
        yield ("transition", step.origin, step.to, "", "", step.visitors, None, None, journey.visitors)


def _channels(journey: Journey) -> Iterable[Sequence[object]]:
    for each in journey.channels:
        yield _row("channel", "conversion", each.conversion, "", "channel", each.channel)
        for model, credit in each.credits.items():
            yield ("attribution", model, "", "channel", each.channel, credit, None, None, journey.conversions)


def _personas(journey: Journey) -> Iterable[Sequence[object]]:
    for each in journey.personas:
        yield _row("persona", "conversion", each.conversion, "", "persona", each.id)
        for feature in each.features:
            yield (
                "persona_feature",
                feature.name,
                "",
                "persona",
                each.id,
                feature.mean,
                None,
                None,
                each.visitors,
            )


def plan(report: Report, kept: Mapping[str, Kept] | None = None, speak: Language = ENGLISH) -> str:
    """The action plan by priority; what people decided stands in its columns."""
    assert report.journey is not None
    points = {point.id: point for point in report.points}
    rows: list[Sequence[object]] = [PLAN]
    for number, each in enumerate(report.journey.actions, start=1):
        point, own = points[each.point], (kept or {}).get(each.point, Kept())
        advice = advice_of(point, speak)
        gain = each.gain
        rows.append(
            (
                *(
                    number,
                    each.point,
                    speak.word("journey_stage", each.stage),
                    title_of(point, speak),
                    advice.text,
                ),
                *(gain.estimate, gain.low, gain.high, speak.word("confidence", each.confidence)),
                speak.word("effort", own.effort or each.effort),
                *(
                    own.owner or "",
                    speak.word("action_state", own.state or "next"),
                    own.check or advice.check,
                    own.note or "",
                ),
            )
        )
    return written(rows)
