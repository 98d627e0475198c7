"""What to do about pages that fail or are hard to use."""

from __future__ import annotations

from friction.i18n.advice.base import Advice
from friction.i18n.language import N_

ADVICE: dict[str, Advice] = {
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
    "slow_request": (
        "answer_sooner",
        "large",
        N_(
            "Find out what the answer waits for, show what is there already, and tell those who wait that "
            "something is coming."
        ),
        N_(
            "When the request is under three seconds, exits from such views must fall to those of views with a "
            "quick answer."
        ),
    ),
    "error_page": (
        "mend_or_redirect",
        "small",
        N_(
            "Find who links there (own pages, campaigns, search engines), mend the link, and send the old address "
            "on to where its content is now."
        ),
        N_(
            "After the change hardly anybody arrives here; who still does finds a search and a way back on the "
            "error page."
        ),
    ),
    "failed_request": (
        "repair_the_call",
        "medium",
        N_(
            "Look up the failure in the log of the server, repair it, and let the page say what it could not load "
            "instead of leaving a gap."
        ),
        N_("Once the failures are gone, visitors of this page must go on as often as those who were spared."),
    ),
    "script_error": (
        "repair_the_script",
        "medium",
        N_(
            "Find the code behind the message (release, browser and the moments shown help), repair it, and guard "
            "what depends on it."
        ),
        N_("Once the message is gone, views like these must end as often as others; if not, it did no harm."),
    ),
    "rage_reload": (
        "show_how_it_stands",
        "medium",
        N_(
            "Say on the page how things stand (loading, done, failed) and how fresh it is, and let it be "
            "refreshed without loading it anew."
        ),
        N_(
            "After the change reloads in a row become rare; where people wait for something to happen, tell them "
            "when it does."
        ),
    ),
    "excessive_scroll": (
        "make_it_findable",
        "medium",
        N_(
            "Put what is looked for near the top, give long pages a table of contents and headings that can be "
            "skimmed."
        ),
        N_("After the change people scroll less far before their next step."),
    ),
    "orientation_flip": (
        "fit_both_ways",
        "medium",
        N_("Make tables, pictures and texts fit an upright screen, so that nobody has to turn the device."),
        N_("After the change devices are turned on this page no more often than on others."),
    ),
}
