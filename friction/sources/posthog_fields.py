"""PostHog's words in ours: one expression for every column of the event table that a file can fill.

The expressions read the columns that `posthog_columns` names: fields by their name, properties as
`properties.NAME`, all of them text.
"""

from __future__ import annotations

import polars as pl

from friction.recordings.masking import masked, masked_href, masked_message
from friction.schema import EVENT, KIND
from friction.sources.casts import identity, number, text
from friction.sources.posthog_columns import PREFIX
from friction.sources.posthog_elements import NAMES
from friction.sources.posthog_texts import each, first_text, first_type, first_value
from friction.sources.spoken import first_email
from friction.sources.words import kinds

FIELDS = ("uuid", "event", "distinct_id", "timestamp", "elements_chain", "elements")
CHAIN = ("elements_chain", "properties.$elements_chain", "properties.$elements", "elements")
"""Where the elements of a click may stand, the better form first."""
ELEMENT = "element."
"""Before the names of facts that were read from a chain (`posthog_elements`)."""

EVENTS = {
    **{"$pageview": "page_view", "$screen": "page_view", "$pageleave": "page_leave"},
    **{"$rageclick": "rage_click", "$dead_click": "dead_click", "$copy_autocapture": "copy"},
    **{"$web_vitals": "web_vital", "$exception": "error", "survey sent": "feedback"},
    **{
        "$identify": "identify",
        "$create_alias": "identify",
        "$set": "identify",
        "$groupidentify": "identify",
    },
}
GESTURES = {"click": "click", "touch": "click", "change": "change", "submit": "submit"}
"""What `$autocapture` caught; a touch of a mobile app is its click."""
TOLD = ("conversion", "add_to_cart", "search")
"""Kinds that a site's own event names may stand for. Others (`button clicked`) would count a gesture twice
that is captured anyway."""
AMOUNTS = (
    *("$revenue", "revenue", "total", "order_total", "total_price", "grand_total"),
    *("value", "amount", "price"),
)
CURRENCIES = ("$currency", "currency", "currency_code")
NAVIGATION = {"pushState": "push", "replaceState": "push", "popstate": "back_forward"}


def prop(name: str) -> pl.Expr:
    """A property as text."""
    return pl.col(PREFIX + name)


def amount(name: str) -> pl.Expr:
    """A property as a number; what is not finite is none."""
    value = number(prop(name))
    return pl.when(value.is_finite()).then(value)


def first(*names: str) -> pl.Expr:
    """The first of these properties that says something."""
    return pl.coalesce([text(prop(name)) for name in names])


def when(event: str, value: pl.Expr) -> pl.Expr:
    """`value` on events of this name, else null."""
    return pl.when(pl.col("event") == event).then(value)


def columns(seen: pl.Series) -> dict[str, pl.Expr]:
    """Ours → expression, but for times and elements. `seen` are sampled event names."""
    kind = kind_of(seen)
    return {
        **_who(),
        "kind": kind,
        "name": text(pl.col("event")),
        **_where(),
        **_context(),
        **_measured(),
        **_failed(),
        **_money(kind),
        **_touched(),
    }


def elements(*, has_chain: bool) -> dict[str, pl.Expr]:
    """Element facts from the chain; without one the captured text is all there is and stands for it.

    PostHog captures a click only where something answers clicks, or has the cursor that says so.
    """
    words = each(prop("$el_text"), masked)
    if not has_chain:
        return {"target": words, "el_text": words}
    made = {name: pl.col(ELEMENT + name) for name in NAMES}
    is_captured = (pl.col("event") == "$autocapture") & (prop("$event_type") == "click")
    is_known = is_captured & made["target"].is_not_null()
    return {
        **made,
        "target": pl.coalesce(made["target"], words),
        "el_text": pl.when(made["target"].is_null()).then(words).otherwise(made["el_text"]),
        "el_interactive": pl.when(is_known).then(pl.lit(value=True)).otherwise(made["el_interactive"]),
    }


def kind_of(seen: pl.Series) -> pl.Expr:
    """The kind of every event."""
    event = pl.col("event")
    own = event.replace_strict(EVENTS, default=None, return_dtype=KIND)
    gesture = prop("$event_type").replace_strict(GESTURES, default=None, return_dtype=KIND)
    word = kinds(event, seen)
    named = pl.when(~event.str.starts_with("$") & word.cast(pl.String()).is_in(TOLD)).then(word)
    found = pl.coalesce(own, when("$autocapture", gesture), named)
    return found.fill_null(pl.lit("custom", KIND))


def _who() -> dict[str, pl.Expr]:
    return {
        "session_id": identity(prop("$session_id")),
        # Of the event that says who somebody is, the id they had before and the one they have from now on.
        "visitor_id": pl.coalesce(
            when("$identify", identity(prop("$anon_distinct_id"))), identity(pl.col("distinct_id"))
        ),
        "user_id": pl.coalesce(
            when("$identify", identity(pl.col("distinct_id"))), identity(prop("$user_id"))
        ),
        "email_hash": first_email(first("$set.email", "$set_once.email", "$email", "email")),
        "tab_id": identity(prop("$window_id")),
        "pageview_id": identity(prop("$pageview_id")),
        "event_id": identity(pl.col("uuid")),
    }


def _where() -> dict[str, pl.Expr]:
    """The page; of a mobile app its screen as `/NAME`."""
    screen = pl.lit("/") + text(prop("$screen_name")).str.strip_prefix("/")
    referrer = text(prop("$referrer"))
    return {
        "url": pl.coalesce(first("$current_url", "$pathname"), screen),
        "title": each(first("title", "$title"), masked),
        "referrer": pl.when(referrer != "$direct").then(referrer),
        "nav_kind": when("$pageview", prop("navigation_type").replace_strict(NAVIGATION, default=None)),
    }


def _context() -> dict[str, pl.Expr]:
    agent = text(prop("$browser_type"))
    return {
        "viewport_w": amount("$viewport_width"),
        "viewport_h": amount("$viewport_height"),
        "device": text(prop("$device_type")).str.to_lowercase(),
        "browser": text(prop("$browser")),
        "os": text(prop("$os")),
        "country": text(prop("$geoip_country_code")),
        "lang": first("$browser_language", "$locale"),
        "channel": first(
            "utm_source", "$session_entry_utm_source", "utm_medium", "$session_entry_utm_medium"
        ),
        "medium": first("utm_medium", "$session_entry_utm_medium"),
        "campaign": first("utm_campaign", "$session_entry_utm_campaign"),
        "release": text(prop("$app_version")),
        "is_bot": agent == "bot",
    }


def _measured() -> dict[str, pl.Expr]:
    """Time (PostHog: seconds) and depth (a share) of the page that is left; vitals in their own event."""
    depth = amount("$prev_pageview_max_scroll_percentage").clip(0, 1) * 100
    vitals = {"lcp_ms": "LCP", "inp_ms": "INP", "fcp_ms": "FCP", "cls": "CLS"}
    return {
        "duration_ms": when("$pageleave", amount("$prev_pageview_duration") * 1_000),
        "scroll_pct": when("$pageleave", depth),
        **{
            ours: when("$web_vitals", amount(f"$web_vitals_{theirs}_value"))
            for ours, theirs in vitals.items()
        },
    }


def _failed() -> dict[str, pl.Expr]:
    """The first exception of the event: in the newer form, the older, or from the list of exceptions."""
    listed = prop("$exception_list")
    message = pl.coalesce(
        each(prop("$exception_values"), first_text),
        text(prop("$exception_message")),
        each(listed, first_value),
    )
    kind = pl.coalesce(
        each(prop("$exception_types"), first_text), text(prop("$exception_type")), each(listed, first_type)
    )
    source = pl.coalesce(each(prop("$exception_sources"), first_text), text(prop("$exception_source")))
    return {
        "error_message": when("$exception", each(message, masked_message)),
        "error_kind": when("$exception", each(kind, masked)),
        "error_source": when("$exception", each(source, masked_href)),
    }


def _money(kind: pl.Expr) -> dict[str, pl.Expr]:
    """What an order was worth; of a survey the score. What was written or copied is a length, no more."""
    is_order = kind == pl.lit("conversion", KIND)
    worth = pl.coalesce([amount(name) for name in AMOUNTS])
    answer = text(prop("$survey_response"))
    words = pl.when(number(answer).is_null()).then(answer)
    typed = pl.coalesce(when("survey sent", words), when("$copy_autocapture", prop("$selected_content")))
    return {
        "value": pl.coalesce(pl.when(is_order).then(worth), when("survey sent", amount("$survey_response"))),
        "currency": pl.when(is_order).then(first(*CURRENCIES)),
        "value_len": typed.str.len_chars().cast(pl.Int32()),
    }


def _touched() -> dict[str, pl.Expr]:
    is_touch = prop("$event_type") == "touch"
    return {
        "x": when("$autocapture", amount("$touch_x")),
        "y": when("$autocapture", amount("$touch_y")),
        "pointer": pl.when(is_touch).then(pl.lit("touch", EVENT["pointer"])),
    }
