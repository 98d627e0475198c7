"""What a friction point is called, what to do about it, and what would prove it wrong; by the name of its detector."""

from __future__ import annotations

from typing import Literal

from friction.i18n.language import DEFAULT, N_, Language, language
from friction.report import Point, Recommendation

Effort = Literal["small", "medium", "large"]

TITLES: dict[str, str] = {
    "rage_click": N_("“{target}” is clicked again and again"),
    "dead_click": N_("“{target}” is clicked and nothing answers"),
    "error_click": N_("Clicking “{target}” ends in an error"),
    "form_abandonment": N_("The form “{target}” is begun and not sent"),
    "slow_page": N_("{page} makes people wait"),
    "dropoff_spike": N_("More people than usual left {page}"),
    "quick_back": N_("{page} is left again at once"),
    "slow_click": N_("“{target}” is slow to answer"),
    "thrashed_cursor": N_("The cursor goes to and fro on {page}"),
}

ADVICE: dict[str, tuple[str, Effort, str, str]] = {
    "rage_click": (
        "answer_the_click",
        "medium",
        N_(
            "Show at once that the click was received (pressed state, progress), and make the action behind it "
            "faster. If the element is not meant to be clicked, stop it from looking as if it were."
        ),
        N_(
            "Give the element an answer within 100 ms; if the same share of sessions still clicks it four times "
            "within a second, the cause is another."
        ),
    ),
    "dead_click": (
        "make_it_work_or_plain",
        "small",
        N_(
            "Make the element do what it promises, or take away what promises it: colour, underline, pointer, shadow."
        ),
        N_("After the change the share of clicks on it without an answer falls to that of its neighbours."),
    ),
    "error_click": (
        "fix_the_error",
        "medium",
        N_(
            "Fix the error behind the click, and until then say in words what went wrong and what to do.",
        ),
        N_(
            "Once the error is gone from the log, exits after a click on it equal those after clicks that went well."
        ),
    ),
    "form_abandonment": (
        "ease_the_field",
        "medium",
        N_(
            "Begin with the field where most people stop: ask less, say why it is asked, accept every way of "
            "writing it, and show mistakes beside the field while typing."
        ),
        N_(
            "After the change fewer people stop at this field; if they now stop at the next one, the form is too long."
        ),
    ),
    "slow_page": (
        "make_it_faster",
        "large",
        N_(
            "Bring the slowest views under the limit: find what they have in common (device, country, release), "
            "then the largest element and the longest request."
        ),
        N_(
            "When the slow views are faster than the limit, their exits must fall to those of today's fast views."
        ),
    ),
    "dropoff_spike": (
        "find_what_changed",
        "medium",
        N_(
            "Compare what was different while it lasted: release, campaign, payment, stock, one browser or device."
        ),
        N_(
            "If nothing was released or broken then, look at campaigns and at tracking before the page itself."
        ),
    ),
    "quick_back": (
        "keep_the_promise",
        "small",
        N_(
            "Say on the page before what this one holds (price, availability, what comes next), or bring to its top "
            "what they came for."
        ),
        N_("After the change people stay longer on it, or choose something else on the page before."),
    ),
    "slow_click": (
        "answer_at_once",
        "medium",
        N_("Show within 100 ms that the click was received, and make the action behind it faster."),
        N_(
            "After the change the share of clicks on it that are answered late falls, and so do second clicks."
        ),
    ),
    "thrashed_cursor": (
        "look_at_the_moments",
        "medium",
        N_(
            "Look at the moments: what people wait for or search there is what is to be made quicker or clearer."
        ),
        N_("After the change the cursor goes to and fro there no more often than on pages like it."),
    ),
}
"""Code, effort, what to do, how to check it."""
ENGLISH = language(DEFAULT)


def title(detector: str, page: str, target: str | None, speak: Language = ENGLISH) -> str:
    """What happens and where, in one line. Texts of the data stand in it as they are."""
    message = TITLES.get(detector, "{detector}: {page}")
    return speak.text(message, detector=detector, page=page, target=target or page)


def title_of(point: Point, speak: Language = ENGLISH) -> str:
    """The title of a point in any language: from its code, and as the report has it for a detector unknown here."""
    if point.detector not in TITLES or speak is ENGLISH:
        return point.title
    return title(point.detector, point.page, point.label or point.target, speak)


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
