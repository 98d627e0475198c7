"""What to do about ways through the site that lead nowhere."""

from __future__ import annotations

from friction.i18n.advice.base import Advice
from friction.i18n.language import N_

ADVICE: dict[str, Advice] = {
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
    "navigation_loop": (
        "put_it_together",
        "medium",
        N_(
            "Find out from the moments what people look for on both pages, and put it on the one where they look "
            "first."
        ),
        N_("After the change the same two pages are seen once each on the way."),
    ),
    "pogo_sticking": (
        "show_it_in_the_list",
        "medium",
        N_(
            "Show in the list what people open the entries for: price, size, stock, rating, a larger picture."
        ),
        N_("After the change people open fewer entries before they choose one."),
    ),
    "repeated_search": (
        "help_the_search",
        "medium",
        N_(
            "Read what was searched for here: add the missing words, forgive misspelling, and show what is near "
            "where nothing fits."
        ),
        N_(
            "After the change the share of searches that are repeated or find nothing falls, and more of them "
            "lead to a product."
        ),
    ),
    "missing_information": (
        "answer_it_here",
        "small",
        N_("Say here what people leave to look up: delivery, returns, costs, and what an error means."),
        N_(
            "After the change fewer people leave from here to the help pages, and those who stay go on as often."
        ),
    ),
    "support_contact": (
        "answer_before_they_ask",
        "medium",
        N_(
            "Read the tickets of these sessions: answer on the page what most of them ask, and mend what fails "
            "before they ask."
        ),
        N_("After the change fewer of the sessions that see this page are followed by a call for help."),
    ),
    "low_score": (
        "read_what_they_say",
        "small",
        N_(
            "Read the comments beside the low scores, and look at what else the report says of this page and these "
            "sessions."
        ),
        N_(
            "Compare answers on this page with those elsewhere before and after; low scores everywhere are about "
            "the product or the price."
        ),
    ),
    "funnel_dropoff": (
        "smooth_the_step",
        "large",
        N_(
            "Look at what else the report says of this page, and at the sessions that stopped here: what did they "
            "do last, where did they go?"
        ),
        N_("After the change more of those who reach this step reach the next one too."),
    ),
    "cart_abandonment": (
        "ease_the_purchase",
        "large",
        N_(
            "Look at what else the report says of this page: costs that come late, an account that is asked for, "
            "a payment that fails."
        ),
        N_("Change one thing at a time and compare visitors who come to this page before and after."),
    ),
    "bounce": (
        "keep_what_was_promised",
        "medium",
        N_(
            "Compare what the link to this page promises (campaign, search result) with what it shows first, and "
            "how soon."
        ),
        N_("Compare the same sources of visitors before and after; a bounce after a page was read is none."),
    ),
}
