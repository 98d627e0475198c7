"""What tools counted themselves: their names, measures, places, and what to know when reading them."""

from __future__ import annotations

from friction.i18n.language import N_

TOOL = {
    "crm": N_("customer system"),
    "delighted": N_("Delighted"),
    "hotjar_survey": N_("Hotjar surveys"),
    "hubspot": N_("HubSpot"),
    "pipedrive": N_("Pipedrive"),
    "salesforce": N_("Salesforce"),
    "survey": N_("survey"),
    "tickets": N_("help desk"),
    "typeform": N_("Typeform"),
    "zendesk": N_("Zendesk"),
    "amplitude": N_("Amplitude"),
    "clarity": N_("Microsoft Clarity"),
    "datadog": N_("Datadog"),
    "fullstory": N_("FullStory"),
    "heap": N_("Heap"),
    "hotjar": N_("Hotjar"),
    "logrocket": N_("LogRocket"),
    "mixpanel": N_("Mixpanel"),
    "mouseflow": N_("Mouseflow"),
    "openreplay": N_("OpenReplay"),
    "plausible": N_("Plausible"),
    "posthog": N_("PostHog"),
    "posthog_recording": N_("PostHog"),
    "sentry": N_("Sentry"),
    "umami": N_("Umami"),
}
SCALE = {
    "nps": N_("Would recommend, 0 to 10"),
    "csat": N_("Satisfaction"),
    "ces": N_("Ease"),
    "stars": N_("Stars"),
    "reaction": N_("Thumbs up"),
    "text": N_("In words"),
}
ID_KIND = {"visitor": N_("device"), "user": N_("account"), "email": N_("e-mail address")}
LINK = {
    "login": N_("device and account in one event"),
    "stated": N_("e-mail address in an event"),
    "address": N_("the id is the e-mail address"),
    "customers": N_("table of customers"),
    "tickets": N_("call for help"),
    "feedback": N_("answer to a survey"),
    "deals": N_("deal"),
}
WHY_APART = {
    "shared_device": N_("several people use the device"),
    "shared_mailbox": N_("many accounts have this address"),
    "apart": N_("the settings keep it apart"),
}
VOICES = {
    "feedback": N_("answers of customers"),
    "tickets": N_("calls for help"),
    "deals": N_("deals"),
    "customers": N_("customers"),
}
MEASURE = {
    "rage_click": N_("Rage clicks"),
    "dead_click": N_("Dead clicks"),
    "error_click": N_("Error clicks"),
    "quick_back": N_("Quick back"),
    "excessive_scroll": N_("Excessive scrolling"),
    "script_error": N_("Script errors"),
    "u_turn": N_("U-turns"),
    "bounce": N_("Left after one page"),
    "exit": N_("Visit ended there"),
    "sessions": N_("Sessions"),
    "visits": N_("Visits"),
    "visitors": N_("Visitors"),
    "duration": N_("Length of a visit"),
    "active_time": N_("Active time"),
    "total_time": N_("Time in all"),
    "time_on_page": N_("Time on the page"),
    "scroll_depth": N_("Scroll depth"),
    "pages": N_("Pages per visit"),
    "vendor_score": N_("Friction score of the tool"),
    "nps": N_("Would recommend, 0 to 10"),
    "hover_time": N_("Time over the element"),
    "time_before_hover": N_("Time until the pointer gets there"),
    "time_before_click": N_("Time until the click"),
}
FORM = {"sessions": N_("list of sessions"), "aggregates": N_("totals")}
STANDING = {"above": N_("clearly more"), "usual": N_("like elsewhere"), "below": N_("clearly less")}
CAVEAT = {
    "counted_once": N_("What several files hold is counted once."),
    "overlap": N_("Of exports whose periods overlap only the latest counts; nothing is added up twice."),
    "page_of_entry": N_(
        "The list does not say on which page of a visit it happened; the page the visit began on stands for it."
    ),
    "period_unknown": N_("The file does not say which days it is about."),
    "rows_limit": N_("An answer holds at most 1,000 rows: pages that few people saw may be missing."),
    "zone_assumed": N_("Times carry no zone and are taken as UTC."),
}
MARK = {
    "rage": N_("rage clicks"),
    "frustrated": N_("clicks in frustration"),
    "dead": N_("dead clicks"),
    "error": N_("error clicks"),
    "slow": N_("slow clicks"),
    "thrash": N_("a thrashed cursor"),
}
DIMENSION = {
    "browser": N_("browser"),
    "campaign": N_("campaign"),
    "channel": N_("channel"),
    "country": N_("country"),
    "countryregion": N_("country"),
    "device": N_("device"),
    "medium": N_("medium of visits"),
    "os": N_("operating system"),
    "source": N_("source of visits"),
}
"""Kinds of visitors by which tools break down."""
