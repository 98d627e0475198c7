"""How far a job is, as people read it: the stages, which of them is running, and the whole in percent."""

from __future__ import annotations

from dataclasses import dataclass

from friction.i18n import N_, Language

from ..routes.jobs import JobAnswer

STAGES = (
    ("starting", N_("Wait for a place"), 0.0),
    ("reading", N_("Read the files, mask what is personal"), 0.03),
    ("sorting", N_("Order the events and cut them into sessions"), 0.5),
    ("detecting", N_("Run the detectors"), 0.6),
    ("ranking", N_("Estimate what each point costs, rank"), 0.75),
    ("completing", N_("Draw the journey, keep sessions and recordings; the list can be read by then"), 0.85),
)
"""Stage → words, and the share of the whole that is done when it begins, as a typical analysis takes."""
COMPLETING = STAGES[-1][0]
"""From here on the list is there (`api.listed`)."""
SAID = {
    "queued": N_("waiting"),
    "starting": N_("starting"),
    "reading": N_("reading"),
    "sorting": N_("ordering"),
    "detecting": N_("detecting"),
    "ranking": N_("ranking"),
    "completing": N_("completing"),
    "trying again in smaller parts": N_("trying again in smaller parts"),
}


@dataclass(frozen=True)
class Stage:
    """One stage: `done`, `now` or still to come (`next`)."""

    word: str
    state: str


def done(job: JobAnswer) -> float:
    """What is done of the whole, 0–1."""
    if job.state == "succeeded":
        return 1.0
    starts = {name: start for name, _, start in STAGES}
    begin = starts.get(job.stage or "", 0.0)
    after = min((start for start in starts.values() if start > begin), default=1.0)
    return begin + (after - begin) * min(max(job.share, 0.0), 1.0)


def word(job: JobAnswer, speak: Language) -> str:
    """What it does right now."""
    return speak.text(SAID.get(job.stage or job.state, SAID["queued"]))


def of(job: JobAnswer, speak: Language) -> list[Stage]:
    """All stages with their state."""
    names = [name for name, _, _ in STAGES]
    at = names.index(job.stage) if job.stage in names else 0
    at = len(names) if job.state == "succeeded" else at
    states = ["done" if number < at else "now" if number == at else "next" for number in range(len(names))]
    return [Stage(speak.text(said), state) for (_, said, _), state in zip(STAGES, states, strict=True)]
