"""Which column of a foreign table is which of ours: the names people give them, and how such values look.

Names are compared in lower case without punctuation and accents. A canonical name is always its own first alias. Of
several columns that could be the same one of ours, the one with the largest share of plausible values wins,
then the alias that stands first here.
"""

from __future__ import annotations

import re
import unicodedata

from friction.sources import aliases_french as french
from friction.values import dataclass

_ENGLISH: dict[str, tuple[str, ...]] = {
    "ts": (
        *(
            "timestamp",
            "time",
            "ts",
            "event_time",
            "eventtime",
            "created_at",
            "datetime",
            "date_time",
            "occurred_at",
        ),
        *("received_at", "hit_time", "server_time", "client_time", "event_timestamp", "date"),
    ),
    "session_id": (
        *("session_id", "sessionid", "session", "visit_id", "visitid", "sid", "ga_session_id"),
        *("domain_sessionid", "recording_id"),
    ),
    "visitor_id": (
        *(
            "anonymous_id",
            "visitor_id",
            "device_id",
            "client_id",
            "distinct_id",
            "user_pseudo_id",
            "cookie_id",
        ),
        *("visitor", "anon_id"),
    ),
    "user_id": ("user_id", "userid", "uid", "customer_id", "account_id", "user"),
    "email_hash": ("email", "email_address", "user_email", "customer_email", "e_mail"),
    "kind": ("event", "event_name", "event_type", "action", "name", "type", "activity", "interaction"),
    "url": (
        *(
            "url",
            "page_url",
            "page",
            "page_location",
            "current_url",
            "path",
            "pathname",
            "page_path",
            "location",
        ),
        *("screen", "screen_name"),
    ),
    "title": ("page_title", "title"),
    "referrer": ("referrer", "referer", "previous_url", "page_referrer"),
    "target": ("selector", "css_selector", "element", "target", "xpath", "element_id", "el_selector"),
    "el_text": ("text", "label", "element_text", "button_text"),
    "x": ("x", "client_x", "clickx", "pos_x", "page_x"),
    "y": ("y", "client_y", "clicky", "pos_y", "page_y"),
    "scroll_pct": ("scroll", "scroll_depth", "percent_scrolled", "scroll_percent"),
    "duration_ms": ("duration", "time_on_page", "dwell", "dwell_time", "time_spent", "engagement_time"),
    "load_ms": ("load_time", "page_load", "page_load_time", "load", "latency", "response_time"),
    "ttfb_ms": ("ttfb",),
    "fcp_ms": ("fcp",),
    "lcp_ms": ("lcp",),
    "inp_ms": ("inp",),
    "http_status": ("status", "status_code", "http_status", "response_code"),
    "error_message": ("error", "error_message", "exception"),
    "form": ("form", "form_id", "form_name"),
    "field": ("field", "field_name", "input_name"),
    "goal": ("goal",),
    "value": ("value", "amount", "total", "price", "revenue"),
    "device": ("device", "device_type"),
    "browser": ("browser",),
    "os": ("os", "operating_system"),
    "country": ("country",),
    "lang": ("language", "lang"),
    "channel": ("channel", "source", "medium", "utm_source", "utm_medium"),
    "medium": ("medium", "utm_medium"),
    "campaign": ("campaign", "utm_campaign"),
    "variant": ("variant",),
    "release": ("release", "app_version"),
    "returning": ("returning", "is_new"),
}
ALIASES = {ours: (*theirs, *french.ALIASES.get(ours, ())) for ours, theirs in _ENGLISH.items()}
"""Ours → theirs, in the order in which ours choose."""

ITEMS = ("item", "item_id", "product", "product_id", "sku", "aid", *french.ITEMS)
"""Without an address these become the synthetic page `/item/<id>`."""
ORDERS = ("purchase", "order_id", "converted", "transaction_id", *french.ORDERS)
"""Without an event column a row that fills one of these is a conversion."""
OURS = frozenset({"source", "file_id", "row_no"})
"""Columns of the event table that say where a row came from, here; a column of that name is no such thing."""

_UNITS = {
    **{"ms": "ms", "msec": "ms", "millis": "ms", "milliseconds": "ms", "us": "us", "micros": "us"},
    **{
        "microseconds": "us",
        "ns": "ns",
        "nanos": "ns",
        "nanoseconds": "ns",
        "s": "s",
        "sec": "s",
        "secs": "s",
    },
    **{"seconds": "s", "secondes": "s", "millisecondes": "ms", "microsecondes": "us"},
}
_UNIT = re.compile(rf"^(.+?)(?:[ _]+(?:in|en))?[ _.\-]*[ _.(\-\[]({'|'.join(_UNITS)})[)\]]?$", re.IGNORECASE)


@dataclass(frozen=True)
class Name:
    """A column name as it is compared: whole, its stem without a unit, the last part of a path, and the
    unit.
    """

    whole: str
    stem: str
    last: str
    unit: str | None


def normal(name: str) -> str:
    """Lower case without punctuation and accents, which are signs of their own once they are taken apart."""
    apart = unicodedata.normalize("NFKD", name.lower())
    return "".join(letter for letter in apart if letter.isalnum())


def understood(name: str) -> Name:
    """Take a column name apart."""
    found = _UNIT.match(name)
    stem, unit = (found[1], _UNITS[found[2].lower()]) if found else (name, None)
    return Name(normal(name), normal(stem), normal(stem.rsplit(".", 1)[-1]), unit)
