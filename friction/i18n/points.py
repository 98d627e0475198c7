"""What a friction point is called, what to do about it, and what would prove it wrong; by the name of its detector."""

from __future__ import annotations

from friction.i18n.advice import ADVICE
from friction.i18n.language import DEFAULT, N_, Language, language
from friction.report import Point, Recommendation

TITLES: dict[str, str] = {
    "rage_click": N_("“{target}” is clicked again and again"),
    "dead_click": N_("“{target}” is clicked and nothing answers"),
    "slow_click": N_("“{target}” is slow to answer"),
    "error_click": N_("Clicking “{target}” ends in an error"),
    "disabled_click": N_("“{target}” is clicked although it is switched off"),
    "failed_submit": N_("“{target}” is pressed again and again and does not send"),
    "rage_key": N_("A key is pressed again and again on {page}"),
    "thrashed_cursor": N_("The cursor goes to and fro on {page}"),
    "mis_tap": N_("“{target}” is hit where its neighbour was meant"),
    "layout_shift_click": N_("{page} moves and “{target}” is hit by mistake"),
    "form_abandonment": N_("The form “{target}” is begun and not sent"),
    "field_friction": N_("People struggle with the field “{target}”"),
    "validation_loop": N_("The form “{target}” is refused again and again"),
    "slow_page": N_("{page} makes people wait"),
    "slow_request": N_("{page} lets people wait for an answer"),
    "error_page": N_("{page} ends in an error page"),
    "failed_request": N_("A part of {page} cannot be loaded"),
    "script_error": N_("“{target}” breaks {page}"),
    "rage_reload": N_("{page} is loaded again and again"),
    "excessive_scroll": N_("People scroll up and down on {page}"),
    "orientation_flip": N_("Devices are turned to and fro on {page}"),
    "dropoff_spike": N_("More people than usual left {page}"),
    "quick_back": N_("{page} is left again at once"),
    "navigation_loop": N_("People go in circles around {page}"),
    "pogo_sticking": N_("Entries of {page} are opened and left again"),
    "repeated_search": N_("Searching on {page} does not find"),
    "missing_information": N_("{page} leaves questions open"),
    "support_contact": N_("People call for help after {page}"),
    "low_score": N_("{page} gets low scores"),
    "funnel_dropoff": N_("People go no further than {page}"),
    "cart_abandonment": N_("Carts are given up on {page}"),
    "bounce": N_("People arrive on {page} and do nothing"),
}

OF_PAGES: dict[str, str] = {"script_error": N_("A script fails on {page}")}
"""Titles where there is no target."""
NO_PAGE = N_("(no page)")
"""What stands for the page of events that have none (`friction.ingest.templates.NOWHERE`)."""
ENGLISH = language(DEFAULT)


def title(detector: str, page: str, target: str | None, speak: Language = ENGLISH) -> str:
    """What happens and where, in one line. Texts of the data stand in it as they are."""
    page = place(page, speak)
    return speak.text(_message(detector, target), detector=detector, page=page, target=target or page)


def _message(detector: str, target: str | None) -> str:
    message = TITLES.get(detector, "{detector}: {page}")
    return OF_PAGES.get(detector, message) if target is None else message


def place(page: str, speak: Language = ENGLISH) -> str:
    """A page as people read it."""
    return speak.text(page) if page == NO_PAGE else page


def relabelled(point: Point, label: str) -> str:
    """Its English title with the words on the element in place of its selector."""
    if point.detector in TITLES:
        return title(point.detector, point.page, label)
    return point.title.replace(f"“{point.target}”", f"“{label}”")


def title_of(point: Point, speak: Language = ENGLISH) -> str:
    """The title of a point in any language: from its code, and as the report has it for a detector unknown here."""
    if point.detector not in TITLES or speak is ENGLISH:
        return point.title
    return title(point.detector, point.page, point.label or point.target, speak)


def title_within(point: Point, speak: Language = ENGLISH) -> str:
    """The title inside a sentence: a first word of ours begins small, one of the data stays as it is."""
    said = title_of(point, speak)
    first = speak.text(_message(point.detector, point.target))[0]
    return said[0].lower() + said[1:] if first.isalpha() and said[0] == first else said


def advice_of(point: Point, speak: Language = ENGLISH) -> Recommendation:
    """What to do about a point and how to check it, in any language; as the report has it for an unknown detector."""
    known = point.detector in ADVICE and speak is not ENGLISH
    return recommendation(point.detector, speak) if known else point.recommendation


def recommendation(detector: str, speak: Language = ENGLISH) -> Recommendation:
    """What to do about a point of this detector, and how to find out whether the point was wrong."""
    if detector not in ADVICE:
        return Recommendation("look_at_evidence", "medium", "", "")
    code, effort, text, check = ADVICE[detector]
    return Recommendation(code, effort, check=speak.text(check), text=speak.text(text))
