"""The words of the report: what a friction point is called, what to do about it, and what would prove it wrong."""

from __future__ import annotations

from friction.report import Recommendation

TITLES: dict[str, str] = {
    "rage_click": "“{target}” is clicked again and again",
    "dead_click": "“{target}” is clicked and nothing answers",
    "error_click": "Clicking “{target}” ends in an error",
    "form_abandonment": "The form “{target}” is begun and not sent",
    "slow_page": "{page} makes people wait",
    "dropoff_spike": "More people than usual left {page}",
    "quick_back": "{page} is left again at once",
}

RECOMMENDATIONS: dict[str, Recommendation] = {
    "rage_click": Recommendation(
        "answer_the_click",
        "medium",
        "Give the element an answer within 100 ms; if the same share of sessions still clicks it four times within a "
        "second, the cause is another.",
        "Show at once that the click was received (pressed state, progress), and make the action behind it faster. "
        "If the element is not meant to be clicked, stop it from looking as if it were.",
    ),
    "dead_click": Recommendation(
        "make_it_work_or_plain",
        "small",
        "After the change the share of clicks on it without an answer falls to that of its neighbours.",
        "Make the element do what it promises, or take away what promises it: colour, underline, pointer, shadow.",
    ),
    "error_click": Recommendation(
        "fix_the_error",
        "medium",
        "Once the error is gone from the log, exits after a click on it equal those after clicks that went well.",
        "Fix the error behind the click, and until then say in words what went wrong and what to do.",
    ),
    "form_abandonment": Recommendation(
        "ease_the_field",
        "medium",
        "After the change fewer people stop at this field; if they now stop at the next one, the form is too long.",
        "Begin with the field where most people stop: ask less, say why it is asked, accept every way of writing it, "
        "and show mistakes beside the field while typing.",
    ),
    "slow_page": Recommendation(
        "make_it_faster",
        "large",
        "When the slow views are faster than the limit, their exits must fall to those of today's fast views.",
        "Bring the slowest views under the limit: find what they have in common (device, country, release), then the "
        "largest element and the longest request.",
    ),
    "dropoff_spike": Recommendation(
        "find_what_changed",
        "medium",
        "If nothing was released or broken then, look at campaigns and at tracking before the page itself.",
        "Compare what was different while it lasted: release, campaign, payment, stock, one browser or device.",
    ),
    "quick_back": Recommendation(
        "keep_the_promise",
        "small",
        "After the change people stay longer on it, or choose something else on the page before.",
        "Say on the page before what this one holds (price, availability, what comes next), or bring to its top what "
        "they came for.",
    ),
}
_OTHER = Recommendation("look_at_evidence", "medium", "", "")


def title(detector: str, page: str, target: str | None) -> str:
    """What happens and where, in one line."""
    return TITLES.get(detector, "{detector}: {page}").format(
        detector=detector, page=page, target=target or page
    )


def recommendation(detector: str) -> Recommendation:
    """What to do about a point of this detector."""
    return RECOMMENDATIONS.get(detector, _OTHER)
