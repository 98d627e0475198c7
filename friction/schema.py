"""The event table: its columns, its words, and how any frame is brought into its form.

One row is one event, sorted by `session_id, ts, seq`. No frame in memory ever holds all columns: a source yields
only those it has, and `conform` adds the others as lazy nulls, which cost nothing until they are selected.
"""

from __future__ import annotations

import polars as pl

KINDS: tuple[str, ...] = (
    *("page_view", "route_change", "page_leave", "heartbeat", "visibility"),
    *("click", "dblclick", "contextmenu", "pointer_down", "pointer_up", "touch_start", "touch_end"),
    *("mouse_move", "hover", "scroll", "scroll_end", "resize", "media", "focus", "blur"),
    *("input_target", "input", "change", "select", "submit", "invalid", "form_start", "form_abandon"),
    *("copy", "paste", "keydown", "selection", "mutation", "request", "request_end", "error", "console"),
    *("long_task", "web_vital", "navigation_perf", "window_open", "dialog", "download", "outlink"),
    *("hashchange", "recording_end", "search", "add_to_cart", "conversion", "experiment", "feedback"),
    *("ticket", "custom", "identify", "rage_click", "dead_click", "error_click", "slow_click", "thrash"),
)
SOURCES: tuple[str, ...] = (
    *("rrweb", "posthog", "posthog_recording", "fullstory", "ga4", "segment", "amplitude", "mixpanel"),
    *("datadog", "hotjar", "hotjar_survey", "clarity", "mouseflow", "openreplay", "sentry", "snowplow"),
    *("matomo", "access_log", "adobe", "contentsquare", "heap", "logrocket", "umami", "plausible"),
    *("aws_clickstream", "har", "delighted", "typeform", "survey", "zendesk", "hubspot", "salesforce"),
    *("pipedrive", "tickets", "crm", "friction", "generic"),
)
TS_QUALITIES = ("exact", "second", "minute", "day", "batched", "inferred")
POINTERS = ("mouse", "touch", "pen", "keyboard", "synthetic")
KEYS: tuple[str, ...] = (
    *("enter", "escape", "tab", "space", "backspace", "delete", "f5"),
    *("arrowup", "arrowdown", "arrowleft", "arrowright", "pageup", "pagedown", "home", "end"),
)
"""Keys that write nothing, by the names browsers give them in lower case; what was written is never kept."""

PAGE_TYPES: tuple[str, ...] = (
    *("home", "list", "product", "search", "cart", "checkout", "account", "help", "content", "error"),
)
"""What a page may be by the words of its path (`friction.pages.types`)."""

PAGE_TYPE = pl.Enum(PAGE_TYPES)
KIND = pl.Enum(KINDS)
TS = pl.Datetime("us", "UTC")
_TEXT, _F32, _F64, _YES, _I16, _I32 = (
    pl.String(),
    pl.Float32(),
    pl.Float64(),
    pl.Boolean(),
    pl.Int16(),
    pl.Int32(),
)


def _columns(names: str, dtype: pl.DataType) -> dict[str, pl.DataType]:
    return dict.fromkeys(names.split(), dtype)


EVENT = pl.Schema(
    {
        "ts": TS,
        "ts_quality": pl.Enum(TS_QUALITIES),
        "tz_assumed": _YES,
        "seq": _I32,
        **_columns("session_id visitor_id user_id email_hash tab_id pageview_id event_id", _TEXT),
        "kind": KIND,
        **_columns("name url page title referrer nav_kind target", _TEXT),
        "node_id": pl.Int64(),
        **_columns("el_tag el_id el_role el_type el_name el_text el_aria_label el_href", _TEXT),
        "el_classes": pl.List(_TEXT),
        **_columns("el_attrs el_ancestors el_control", _TEXT),
        **_columns("el_interactive el_disabled", _YES),
        **_columns("x y page_x page_y page_h el_x el_y el_w el_h", _F32),
        **_columns("viewport_w viewport_h dpr scroll_x scroll_y scroll_pct", _F32),
        **_columns("button detail", _I16),
        "modifiers": _TEXT,
        "key_name": pl.Enum(KEYS),
        "pointer": pl.Enum(POINTERS),
        **_columns("is_trusted is_primary", _YES),
        "press_ms": _F64,
        "selection_empty": _YES,
        **_columns("form field field_type", _TEXT),
        "value_len": _I32,
        **_columns("is_checked is_paste is_autofill", _YES),
        **_columns("load_ms dcl_ms ttfb_ms fp_ms fcp_ms lcp_ms inp_ms fid_ms cls", _F64),
        **_columns("duration_ms active_ms hover_ms response_delay_ms", _F64),
        "http_method": _TEXT,
        "http_status": _I16,
        **_columns("req_url req_kind request_id", _TEXT),
        **_columns("error_message error_kind error_source error_hash", _TEXT),
        **_columns("device browser os country lang channel medium campaign variant release", _TEXT),
        **_columns("is_bot returning", _YES),
        "value": _F64,
        **_columns("currency goal", _TEXT),
        **_columns("v_rage v_dead v_error v_slow v_thrash v_uturn v_frustrated", _YES),
        "vendor_score": _F32,
        "count": _I32,
        "source": pl.Enum(SOURCES),
        "file_id": pl.UInt32(),
        "row_no": pl.Int64(),
        "props": _TEXT,
    }
)

SEGMENTS: tuple[str, ...] = (
    *("device", "browser", "os", "country", "lang", "channel", "campaign", "variant", "release"),
)
"""Session attributes a report may break down by; the first value seen in a session counts."""

TIMINGS: dict[str, tuple[float, float]] = {
    "load_ms": (2500, 4000),
    "ttfb_ms": (800, 1800),
    "fcp_ms": (1800, 3000),
    "lcp_ms": (2500, 4000),
    "inp_ms": (200, 500),
    "cls": (0.1, 0.25),
}
"""Good and poor limits of a page view. Sources: web-vitals (Google), load time by the LCP limits."""

CAPABILITIES: tuple[str, ...] = (
    *("has_events", "has_sessions", "has_aggregates", "has_order", "has_page_views", "has_clicks"),
    *("has_selector", "has_coords", "has_dom_reaction", "has_moves", "has_keys", "has_inputs"),
    *("has_form_submit", "has_scroll", "has_perf", "has_vitals", "has_errors", "has_requests"),
    *("has_vendor_flags", "has_user_id", "has_conversion", "has_feedback"),
    *("has_page_status", "has_search", "has_cart", "has_help", "has_tickets"),
)
"""What a file may be able to tell; a detector names the ones it needs."""

SESSION_GAP_US = 30 * 60 * 1_000_000
"""A silence this long or longer cuts a session (`contract.md` §2)."""


def conform(events: pl.LazyFrame) -> pl.LazyFrame:
    """Bring a frame with some event columns into the full schema, lazily.

    Missing columns become typed nulls, known ones are cast, others are refused with `ValueError`: what is not a
    column of the event table belongs into `props`. Values that do not fit their type become null.
    """
    have = events.collect_schema()
    if unknown := [name for name in have if name not in EVENT]:
        raise ValueError(f"not columns of the event table: {', '.join(unknown)}")
    return events.select(
        (pl.col(name).cast(dtype, strict=False) if name in have else pl.lit(None, dtype)).alias(name)
        for name, dtype in EVENT.items()
    )
