"""What stands above and below the lanes."""

from __future__ import annotations

from friction.journey_map import STAGES
from friction.render.journey.grid import View
from friction.render.journey.lanes.told import Told


def headline(told: Told) -> str:
    """Where the way is narrowest, by the costs of what strikes there."""
    costs = {
        code: sum(
            max(point.impact.estimate or 0.0, 0.0)
            for point in told.points_of(code)
            if point.impact.confidence != "low"
        )
        for code in STAGES
    }
    worst = max(STAGES, key=lambda code: costs[code])
    if not costs[worst]:
        return told.speak.text("No stage of the journey stands out by what friction costs")
    stage = told.speak.word("journey_stage", worst).lower()
    return told.speak.text("Friction costs most at the stage of {stage}", stage=stage)


def lead(told: Told) -> str:
    """How many points strike where, and what is drawn."""
    speak, journey = told.speak, told.journey
    counted = [point for code in STAGES for point in told.points_of(code)]
    here = max(STAGES, key=lambda code: len(told.points_of(code)))
    said = speak.plural("{n} session", "{n} sessions", journey.sessions)
    visitors = speak.plural("{n} visitor", "{n} visitors", journey.visitors)
    head = speak.text("{sessions} of {visitors}.", sessions=said, visitors=visitors)
    if not counted:
        return head
    points = speak.plural(
        "{n} friction point can be costed", "{n} friction points can be costed", len(counted)
    )
    most = speak.text("most of them strike at {stage}", stage=speak.word("journey_stage", here).lower())
    return speak.text("{head} {points}; {most}.", head=head, points=points, most=most)


def foot(told: Told, view: View) -> list[str]:
    """How to read it."""
    speak = told.speak
    said = [
        speak.text("Costs are for one point at a time. Do not add them up."),
        speak.text("Stages follow ordered rules; the rule that fired is printed."),
        speak.text(
            "Emotion is a stand-in made of survey answers and friction met, not a measurement of feelings."
        ),
    ]
    if view == "aida":
        said.append(speak.text("Sessions of customers after a purchase lie beyond AIDA and are not drawn."))
    return said
