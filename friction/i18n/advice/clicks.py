"""What to do about clicks, taps and keys that do not lead where they should."""

from __future__ import annotations

from friction.i18n.advice.base import Advice
from friction.i18n.language import N_

ADVICE: dict[str, Advice] = {
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
    "slow_click": (
        "answer_at_once",
        "medium",
        N_("Show within 100 ms that the click was received, and make the action behind it faster."),
        N_(
            "After the change the share of clicks on it that are answered late falls, and so do second clicks."
        ),
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
    "disabled_click": (
        "say_what_is_missing",
        "small",
        N_(
            "Say beside the control what is missing before it can be used, or let it be pressed and answer with "
            "what is missing."
        ),
        N_(
            "After the change clicks on it while it is switched off become rare, and more people go on from here."
        ),
    ),
    "failed_submit": (
        "say_why_it_failed",
        "medium",
        N_(
            "Find what refuses the form (log, validation, payment), repair it, and show beside the button in "
            "words what went wrong and what to do now."
        ),
        N_(
            "After the change a second press is rare; if people still press three times, the message does not "
            "help them."
        ),
    ),
    "rage_key": (
        "make_keys_work",
        "medium",
        N_(
            "Walk through the page with the keyboard alone: Escape closes what is open, Enter presses what has "
            "the focus, and the focus is always visible and never caught."
        ),
        N_("With the keyboard alone every step here can be done; then repeated presses must disappear."),
    ),
    "thrashed_cursor": (
        "look_at_the_moments",
        "medium",
        N_(
            "Look at the moments: what people wait for or search there is what is to be made quicker or clearer."
        ),
        N_("After the change the cursor goes to and fro there no more often than on pages like it."),
    ),
    "mis_tap": (
        "give_fingers_room",
        "small",
        N_("Make what is tapped here at least 44 pixels high and wide, with room between neighbours."),
        N_("After the change taps on a neighbour right after a first tap become rarer on the same devices."),
    ),
    "layout_shift_click": (
        "hold_the_place",
        "medium",
        N_(
            "Keep room for what loads late (pictures, advertisements, banners), so that nothing moves under the "
            "finger."
        ),
        N_(
            "When the shift of the page is below 0.1, second clicks right after the first must become as rare as "
            "elsewhere."
        ),
    ),
}
