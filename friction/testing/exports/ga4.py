"""The made-up visits as BigQuery gives Google Analytics 4 back: nested rows, and a table somebody flattened."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

import polars as pl

from friction.testing.exports.visits import Step
from friction.testing.exports.writing import Files, json_lines, parquet

NAMES = {
    **{"view": "page_view", "scroll": "scroll", "outlink": "click", "form_start": "form_start"},
    **{"submit": "form_submit", "idle": "user_engagement", "search": "view_search_results"},
    **{"cart": "add_to_cart", "order": "purchase", "custom": "voucher_used", "vital": "user_engagement"},
}
TOLD = {
    **{"view": "page_view", "scroll": "scroll", "outlink": "outlink", "form_start": "form_start"},
    **{"submit": "submit", "search": "search", "cart": "add_to_cart", "order": "conversion"},
    **{"custom": "custom", "vital": "heartbeat"},
}
"""What of the visits is in the export, and our kind for it."""
_VALUE = {
    "string_value": pl.String(),
    "int_value": pl.Int64(),
    "float_value": pl.Float64(),
    "double_value": pl.Float64(),
}
_PARAMS = pl.List(pl.Struct({"key": pl.String(), "value": pl.Struct(_VALUE)}))


def rows(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Rows of `events_YYYYMMDD` as `bq extract` writes them: whole numbers are texts."""
    return [_row(step) for step in steps if step.what in TOLD]


def _row(step: Step) -> dict[str, Any]:
    return {
        "event_date": step.at.strftime("%Y%m%d"),
        "event_timestamp": str(step.ms * 1_000),
        "event_name": NAMES[step.what],
        "event_params": [{"key": key, "value": _value(value)} for key, value in _parameters(step).items()],
        "event_bundle_sequence_id": str(step.number // 4),
        "user_id": None,
        "user_pseudo_id": f"{step.visitor}.1700000000",
        "privacy_info": {"analytics_storage": "Yes"},
        "device": {
            "category": "mobile" if step.is_phone else "desktop",
            "operating_system": "iOS" if step.is_phone else "Linux",
            "language": "fr-fr",
            "web_info": {"browser": "Safari" if step.is_phone else "Firefox", "hostname": "shop.example"},
        },
        "geo": {"country": "France", "city": "Lyon"},
        "traffic_source": {"name": "spring", "medium": "email", "source": "mail"},
        "stream_id": "1234567",
        "platform": "WEB",
        "batch_event_index": str(step.number % 4),
        "ecommerce": {"purchase_revenue": step.more["revenue"]} if step.what == "order" else {},
        "items": [],
    }


def _parameters(step: Step) -> dict[str, Any]:
    away, form = step.what == "outlink", step.what in {"form_start", "submit"}
    element = step.element
    return {
        "ga_session_id": step.began // 1_000,
        "ga_session_number": 1,
        "page_location": step.url,
        "page_title": step.title,
        "session_engaged": "1" if step.number % 2 else 1,
        **({"percent_scrolled": 90} if step.what == "scroll" else {}),
        **({"engagement_time_msec": 2500} if step.what == "vital" else {}),
        **({"link_url": element.href, "link_id": element.id, "outbound": "true"} if away and element else {}),
        **({"form_id": element.id, "form_name": element.name} if form and element else {}),
        **({"search_term": step.more["query"]} if step.what == "search" else {}),
        **({"value": step.more["revenue"], "currency": "EUR"} if step.what == "order" else {}),
    }


def _value(value: Any) -> dict[str, Any]:
    none = dict.fromkeys(_VALUE)
    if isinstance(value, float):
        return {**none, "double_value": value}
    return {**none, **({"int_value": str(value)} if isinstance(value, int) else {"string_value": value})}


def flattened(made: Sequence[dict[str, Any]]) -> str:
    """A table with a column a parameter."""
    names = ("ga_session_id", "page_location", "page_title", "percent_scrolled", "engagement_time_msec", "link_url",
             "link_id", "form_id", "form_name", "value", "currency")  # fmt: skip
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    fields = ("event_date", "event_timestamp", "event_name", "user_pseudo_id")
    writer.writerow([*fields, *(f"params_{name}" for name in names), "device_category", "geo_country"])
    for row in made:
        given = {
            one["key"]: next((v for v in one["value"].values() if v is not None), None)
            for one in row["event_params"]
        }
        cells = [row[name] for name in fields] + [given.get(name) for name in names]
        writer.writerow([*cells, row["device"]["category"], row["geo"]["country"]])
    return text.getvalue()


def frame(made: Sequence[dict[str, Any]]) -> pl.DataFrame:
    """The rows as Parquet holds them: whole numbers are numbers."""
    whole = ("event_timestamp", "event_bundle_sequence_id", "batch_event_index")
    typed = [
        {
            **row,
            **{name: int(row[name]) for name in whole},
            "ecommerce": {"purchase_revenue": row["ecommerce"].get("purchase_revenue")},
            "event_params": [
                {"key": one["key"], "value": {**one["value"], "int_value": _whole(one["value"]["int_value"])}}
                for one in row["event_params"]
            ],
        }
        for row in made
    ]
    overrides = {"event_params": _PARAMS, "user_id": pl.String(), "items": pl.List(pl.String())}
    return pl.DataFrame(typed, schema_overrides=overrides, infer_schema_length=None)


def _whole(word: str | None) -> int | None:
    return None if word is None else int(word)


def files(steps: Sequence[Step]) -> Files:
    """All forms of the export."""
    made = rows(steps)
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\n")
    names = ("event_timestamp", "event_name", "event_params", "user_pseudo_id", "device", "geo")
    writer.writerow(names)
    for row in made:
        writer.writerow(
            [json.dumps(row[name]) if isinstance(row[name], list | dict) else row[name] for name in names]
        )
    return {
        "nested.jsonl": json_lines(made),
        "nested.parquet": parquet(frame(made)),
        "nested.csv": table.getvalue().encode(),
        "flat.csv": flattened(made).encode(),
    }
