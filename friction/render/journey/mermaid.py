"""The map as a Mermaid user journey: a section a stage, a task a touchpoint, 1 (vexed) to 5 (glad) from the emotion."""

from __future__ import annotations

import re

from friction.i18n import ENGLISH, Language, title_of
from friction.journey_map import STAGES
from friction.render.journey import words
from friction.render.journey.lanes import Told, headline
from friction.render.safe import clean
from friction.report import Report

TASKS, POINTS = 4, 3


def mermaid(report: Report, speak: Language = ENGLISH) -> str:
    """The diagram. Friction points are tasks of score 1."""
    assert report.journey is not None
    told = Told(report, report.journey, speak)
    lines = ["journey", f"    title {_safe(headline(told))}"]
    for code in STAGES:
        column = report.journey.stage(code)
        if not column.sessions:
            continue
        lines.append(f"    section {_safe(speak.word('journey_stage', code))}")
        score = _score(column.emotion.value.estimate if column.emotion else None)
        who = (
            _safe(speak.word("way", column.channels[0].name))
            if column.channels
            else _safe(speak.text("visitors"))
        )
        names = dict.fromkeys(words.met(each.name, speak) for each in told.groups(code))
        lines += [f"      {_safe(name)}: {score}: {who}" for name in list(names)[:TASKS]]
        for point in told.points_of(code)[:POINTS]:
            lines.append(f"      {_safe(clean(title_of(point, speak), 80))}: 1: {who}")
    return "\n".join(lines) + "\n"


def _score(value: float | None) -> int:
    return 3 if value is None else max(1, min(5, round(3 + 2 * value)))


def _safe(text: str) -> str:
    """Without what ends a task, a title or a line in this language."""
    return " ".join(re.sub(r"[:;#,\n{}<>]", " ", text).split()) or "-"
