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
