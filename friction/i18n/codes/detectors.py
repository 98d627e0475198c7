"""Names of detectors and sources, and a sentence on each; the sentence is the one of their docstring."""

from __future__ import annotations

from friction.i18n.language import N_

DETECTOR = {
    "rage_click": N_("Rage clicks"),
    "dead_click": N_("Dead clicks"),
    "error_click": N_("Error clicks"),
    "form_abandonment": N_("Form abandonment"),
    "slow_page": N_("Slow page"),
    "dropoff_spike": N_("Spike of exits"),
    "quick_back": N_("Quick back"),
    "slow_click": N_("Slow clicks"),
    "thrashed_cursor": N_("Thrashed cursor"),
}
ONE_LINER = {
    "rage_click": N_("a burst of clicks on one element that the page does not answer."),
    "dead_click": N_("a click on something that looks clickable and does nothing."),
    "error_click": N_("a click after which the page runs into an error."),
    "form_abandonment": N_("a form that a visitor began to fill in and did not send."),
    "slow_page": N_("a page view that takes longer than people wait."),
    "dropoff_spike": N_("a page that more visitors leave from than its own past lets expect."),
    "quick_back": N_("a page that people leave within seconds, back to where they came from."),
}
SOURCE = {
    "friction": N_("The event table of friction itself."),
    "rrweb": N_("Recordings of rrweb and of what speaks its dialect."),
    "posthog": N_("Events of PostHog, from its API, its exports or its pages."),
    "fullstory": N_("Events of FullStory."),
    "ga4": N_("Events of Google Analytics 4, from BigQuery."),
    "segment": N_("Messages of Segment and RudderStack."),
    "amplitude": N_("Events of Amplitude."),
    "mixpanel": N_("Events of Mixpanel."),
    "datadog": N_("Documents of Datadog Real User Monitoring."),
    "snowplow": N_("Enriched events of Snowplow."),
    "access_log": N_("Access logs of web servers."),
    "aws_clickstream": N_("Events of AWS Clickstream Analytics."),
    "heap": N_("Tables of Heap Connect."),
    "logrocket": N_("Events of LogRocket's export."),
    "matomo": N_("Visits of Matomo."),
    "openreplay": N_("Sessions of OpenReplay."),
    "har": N_("Captures of the network by a browser."),
    "posthog_recording": N_("Recordings of PostHog."),
    "sentry": N_("Recordings of Sentry's Session Replay."),
    "hotjar": N_("Hotjar's list of recordings, counted by session."),
    "clarity": N_("Answers of Microsoft Clarity's Data Export API, counted by page."),
    "mouseflow": N_("Recordings and link analytics of Mouseflow, counted by session or element."),
    "plausible": N_("Tables of Plausible's export, counted by day."),
    "umami": N_("Tables of Umami's export, counted by page."),
    "generic": N_("Any table with a time, a session or visitor, and a page or event name."),
}
