"""What an input holds and how far it can be trusted: capabilities, checks, segments, parts of a score, stages."""

from __future__ import annotations

from friction.i18n.language import N_

CAPABILITY = {
    "has_events": N_("events"),
    "has_sessions": N_("sessions"),
    "has_aggregates": N_("totals"),
    "has_order": N_("times finer than a second"),
    "has_page_views": N_("page views"),
    "has_clicks": N_("clicks"),
    "has_selector": N_("the elements that were clicked"),
    "has_coords": N_("click positions"),
    "has_dom_reaction": N_("reactions of the page"),
    "has_moves": N_("mouse movements"),
    "has_keys": N_("key strokes"),
    "has_inputs": N_("input events"),
    "has_form_submit": N_("sent forms"),
    "has_scroll": N_("scrolling"),
    "has_perf": N_("loading times"),
    "has_vitals": N_("Web Vitals"),
    "has_errors": N_("errors"),
    "has_requests": N_("requests"),
    "has_vendor_flags": N_("verdicts of the vendor"),
    "has_user_id": N_("ids of visitors"),
    "has_conversion": N_("conversions"),
    "has_feedback": N_("answers of visitors"),
    **{
        "el_tag": N_("the tags of elements"),
        "el_text": N_("the texts of elements"),
        "x": N_("click positions"),
        "page_x": N_("click positions on the page"),
        "mutation": N_("changes of the page"),
        "scroll": N_("scrolling"),
        "scroll_end": N_("the end of scrolling"),
        "selection": N_("selections"),
        "visibility": N_("hidden tabs"),
        "window": N_("focus of the window"),
        "window_open": N_("opened windows"),
        "focus": N_("focus of fields"),
        "input": N_("input events"),
        "change": N_("changed fields"),
        "select": N_("choices in lists"),
        "submit": N_("sent forms"),
        "request": N_("requests"),
        "request_end": N_("the end of requests"),
        "route_change": N_("changes of the route"),
        "hashchange": N_("changes of the hash"),
    },
}
CHECK = {
    "rows_read": N_("records that could not be read"),
    "automated_sessions": N_("sessions that no person made, left out"),
    "sessions_cut": N_("sessions cut at 30 minutes of silence"),
    "time_zone_assumed": N_("times without a zone, taken as UTC"),
    "implausible_dates": N_("sessions with impossible dates"),
    "tracking_gaps": N_("days on which hardly anything was recorded"),
    "sessions": N_("few sessions"),
}
SEGMENT = {
    "device": N_("device"),
    "browser": N_("browser"),
    "os": N_("operating system"),
    "country": N_("country"),
    "lang": N_("language"),
    "channel": N_("channel"),
    "campaign": N_("campaign"),
    "variant": N_("variant"),
    "release": N_("release"),
}
PART = {
    "exposed_views": N_("page views with it"),
    "exit_share": N_("share that left"),
    "expected_exit_share": N_("share that leaves without it"),
    "extra_exits": N_("extra exits"),
    "value_of_staying": N_("value of staying"),
    "certainty": N_("certainty"),
}
STAGE = {
    "starting": N_("Starting"),
    "reading": N_("Reading"),
    "sorting": N_("Sorting"),
    "detecting": N_("Looking for friction"),
    "ranking": N_("Ranking"),
    "trying again in smaller parts": N_("Trying again in smaller parts"),
}
