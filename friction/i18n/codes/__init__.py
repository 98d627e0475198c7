"""Codes that reports and problems carry, and the words people read instead: `speak.word("reason", "stepper")`.

A group is one kind of code. A code that has no words here (a plug-in's, a later version's) is shown as it is, with
blanks for underscores.
"""

from __future__ import annotations

from collections.abc import Mapping

from friction.i18n.codes.answers import MACHINE, MEMBER, WRITTEN
from friction.i18n.codes.counted import (
    CAVEAT,
    DIMENSION,
    FORM,
    ID_KIND,
    LINK,
    MARK,
    MEASURE,
    SCALE,
    STANDING,
    TOOL,
    VOICES,
    WHY_APART,
)
from friction.i18n.codes.data import CAPABILITY, CHECK, PART, SEGMENT, STAGE
from friction.i18n.codes.detectors import DETECTOR, ONE_LINER, SOURCE
from friction.i18n.codes.figures import DEVICE, FIGURE, UNIT
from friction.i18n.codes.journey import ACTION_STATE, JOURNEY_STAGE, KPI, MODEL, RULE, TOUCH, WAY
from friction.i18n.codes.reasons import CANDIDATE, LEFT_OUT, LOOK_ALIKE, NO_COST, REJECTED
from friction.i18n.codes.verdicts import (
    CHANGE,
    CONFIDENCE,
    EFFORT,
    GOAL,
    MEANING,
    METHOD,
    NO_ALARM,
    REMARK,
    SERIES,
    STATE,
    VERDICT,
)

GROUPS: Mapping[str, Mapping[str, str]] = {
    "action_state": ACTION_STATE,
    "candidate": CANDIDATE,
    "capability": CAPABILITY,
    "caveat": CAVEAT,
    "change": CHANGE,
    "check": CHECK,
    "confidence": CONFIDENCE,
    "detector": DETECTOR,
    "device": DEVICE,
    "dimension": DIMENSION,
    "effort": EFFORT,
    "figure": FIGURE,
    "form": FORM,
    "goal": GOAL,
    "journey_stage": JOURNEY_STAGE,
    "kpi": KPI,
    "id_kind": ID_KIND,
    "left_out": LEFT_OUT,
    "link": LINK,
    "machine": MACHINE,
    "mark": MARK,
    "meaning": MEANING,
    "measure": MEASURE,
    "member": MEMBER,
    "method": METHOD,
    "model": MODEL,
    "no_alarm": NO_ALARM,
    "no_cost": NO_COST,
    "one_liner": ONE_LINER,
    "part": PART,
    "reason": LOOK_ALIKE,
    "rejected": REJECTED,
    "remark": REMARK,
    "rule": RULE,
    "scale": SCALE,
    "segment": SEGMENT,
    "series": SERIES,
    "source": SOURCE,
    "stage": STAGE,
    "standing": STANDING,
    "state": STATE,
    "tool": TOOL,
    "touch": TOUCH,
    "unit": UNIT,
    "verdict": VERDICT,
    "voices": VOICES,
    "why_apart": WHY_APART,
    "way": WAY,
    "written": WRITTEN,
}


def message(group: str, code: str) -> str | None:
    """The English words of a code, which are the key of their translations; null for a code without."""
    return GROUPS[group].get(code)
