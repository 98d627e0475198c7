"""What to do about forms."""

from __future__ import annotations

from friction.i18n.advice.base import Advice
from friction.i18n.language import N_

ADVICE: dict[str, Advice] = {
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
    "field_friction": (
        "clear_up_the_field",
        "small",
        N_(
            "Say what the field wants with an example, accept every way of writing it, keep what was typed, and "
            "show mistakes while typing."
        ),
        N_(
            "After the change fewer people come back to the field, empty it or wait before it; watch ten of the "
            "moments first."
        ),
    ),
    "validation_loop": (
        "state_the_rule",
        "small",
        N_(
            "Say the rule before it is broken, mark every field that is wrong at once, and say for each how it "
            "would be right."
        ),
        N_("After the change a form that was refused once is taken the second time."),
    ),
}
