"""Matomo: visits with their actions from its Live API, and the dump it gives to a person who asks for their data.

Exports   `Live.getLastVisitsDetails` as JSON; the export of the page for requests under the GDPR.
Gives     Page views with time on page and load time, searches and how much they found, downloads, links that lead
          away, events, goals and orders, abandoned carts.
Misses    Clicks and inputs on the page. Matomo's CSV spreads the actions of a visit over thousands of columns: export
          JSON instead.
"""

from __future__ import annotations

from typing import Any, ClassVar

import polars as pl

from friction.recordings.masking import masked, masked_href
from friction.schema import KIND
from friction.sources.base import InputFile, Options
from friction.sources.casts import identity, number, text
from friction.sources.fields import Fields, Names
from friction.sources.posthog_texts import each
from friction.sources.preset import Columns, Preset
from friction.sources.seen import SURE, seen
from friction.tables.jsonl import open_json
from friction.tables.table import Table
from friction.values import dataclass

TYPES = {
    **{
        "action": "page_view",
        "event": "custom",
        "download": "download",
        "outlink": "outlink",
        "search": "search",
    },
    **{
        "goal": "conversion",
        "ecommerceOrder": "conversion",
        "ecommerceAbandonedCart": "custom",
        "content": "custom",
    },
    **{"form": "submit"},
}
VISIT = (
    *("idVisit", "visitorId", "userId", "deviceType", "operatingSystemName", "browserName", "countryCode"),
    *("languageCode", "referrerName", "referrerUrl", "campaignName", "visitorType", "siteName"),
)
"""What is true of a visit as a whole."""
ACTION = (
    *("type", "url", "pageTitle", "timestamp", "timeSpent", "pageLoadTimeMilliseconds", "siteSearchKeyword"),
    *("siteSearchCount", "eventCategory", "eventAction", "eventName", "eventValue", "goalName", "revenue"),
    *("pageviewPosition", "subtitle", "title", "currency"),
)


def records(value: Any) -> list[Any] | None:
    """The actions of all visits, each with what its visit says; of a dump, its rows."""
    if isinstance(value, dict) and "log_link_visit_action" in value:
        return _dumped(value)
    visits = value if isinstance(value, list) else [value]
    if not any(isinstance(visit, dict) and "actionDetails" in visit for visit in visits):
        return None
    return [row for visit in visits for row in _actions(visit)]


def _actions(visit: Any) -> list[Any]:
    if not isinstance(visit, dict) or not isinstance(visit.get("actionDetails"), list):
        return [None]
    about = {f"visit_{key}": visit.get(key) for key in VISIT}
    return [
        {**about, **{key: action.get(key) for key in ACTION}} if isinstance(action, dict) else action
        for action in visit["actionDetails"]
    ]


def _dumped(dump: dict[str, Any]) -> list[Any]:
    """Rows of the tables of actions and conversions, with what the visit says."""
    visits = {str(row.get("idvisit")): row for row in dump.get("log_visit") or () if isinstance(row, dict)}
    made: list[Any] = []
    for table, type_ in (("log_link_visit_action", "action"), ("log_conversion", "goal")):
        for row in dump.get(table) or ():
            made.append(_dumped_row(row, type_, visits) if isinstance(row, dict) else row)
    return made


def _dumped_row(row: dict[str, Any], type_: str, visits: dict[str, Any]) -> dict[str, Any]:
    visit = visits.get(str(row.get("idvisit")), {})
    url = str(row.get("idaction_url") or row.get("url") or "")
    event = row.get("idaction_event_category")
    return {
        "visit_idVisit": row.get("idvisit"),
        "visit_visitorId": row.get("idvisitor") or visit.get("idvisitor"),
        "visit_userId": visit.get("user_id"),
        "visit_operatingSystemName": visit.get("config_os"),
        "visit_browserName": visit.get("config_browser_name"),
        "visit_countryCode": visit.get("location_country"),
        "type": "event" if event else type_,
        "server_time": row.get("server_time"),
        "url": url if "://" in url or not url else f"https://{url}",
        "pageTitle": row.get("idaction_name"),
        "timeSpent": row.get("time_spent"),
        "revenue": row.get("revenue"),
        "eventAction": row.get("idaction_event_action"),
    }


@dataclass(frozen=True, kw_only=True)
class Matomo(Preset):
    """Visits of Matomo."""

    name: ClassVar[str] = "matomo"
    fields: ClassVar[Names] = {
        "ts": ("timestamp",),
        "server_ts": ("server_time",),
        **{key: (key,) for key in ACTION if key != "timestamp"},
        **{f"visit_{key}": (f"visit_{key}",) for key in VISIT},
    }
    times: ClassVar[tuple[str, ...]] = ("ts", "server_ts")
    needs: ClassVar[tuple[tuple[str, ...], ...]] = (("visit_idVisit", "visit_visitorId"), ("type",))
    truisms: ClassVar[frozenset[str]] = frozenset({"type"})

    def sniff(self, file: InputFile) -> float:
        """Sure by a visit with its actions, or by the tables of a dump."""
        documents = seen(file).documents
        flat = [one for value in documents for one in (value if isinstance(value, list) else [value])]
        known = [one for one in flat if isinstance(one, dict)]
        is_live = sum("idVisit" in one and "actionDetails" in one for one in known) * 2 > len(known)
        return (
            SURE
            if known and (is_live or "log_link_visit_action" in known[0] or "log_visit" in known[0])
            else 0.0
        )

    def table(self, file: InputFile, options: Options) -> Table:  # noqa: ARG002 - JSON has no dialect
        """One record an action."""
        return open_json(file, records)

    def columns(self, known: Fields) -> Columns:  # noqa: ARG002 - what there is, is asked of every expression
        """All that an action tells."""
        kind = pl.col("type").replace_strict(TYPES, default="custom", return_dtype=KIND)
        label = pl.coalesce(
            text(pl.col("eventAction")),
            text(pl.col("goalName")),
            text(pl.col("eventCategory")),
            text(pl.col("type")),
        )
        is_view, is_order = kind == pl.lit("page_view", KIND), kind == pl.lit("conversion", KIND)
        is_link = kind.is_in(["outlink", "download"])
        link = each(text(pl.col("url")), masked_href)
        return {
            "session_id": identity(pl.col("visit_idVisit")),
            "visitor_id": identity(pl.col("visit_visitorId")),
            "user_id": identity(pl.col("visit_userId")),
            "kind": kind,
            "name": label,
            "url": pl.when(~is_link).then(text(pl.col("url"))),
            "title": pl.when(is_view).then(each(text(pl.col("pageTitle")), masked)),
            "referrer": text(pl.col("visit_referrerUrl")),
            "target": pl.when(is_link).then('a[href="' + link + '"]'),
            "el_href": pl.when(is_link).then(link),
            "duration_ms": pl.when(is_view).then(number(pl.col("timeSpent")) * 1_000),
            "load_ms": pl.when(is_view).then(number(pl.col("pageLoadTimeMilliseconds"))),
            "device": text(pl.col("visit_deviceType")).str.to_lowercase(),
            "browser": text(pl.col("visit_browserName")),
            "os": text(pl.col("visit_operatingSystemName")),
            "country": text(pl.col("visit_countryCode")),
            "lang": text(pl.col("visit_languageCode")),
            "channel": text(pl.col("visit_referrerName")),
            "campaign": text(pl.col("visit_campaignName")),
            "returning": pl.col("visit_visitorType").replace_strict(
                {"new": False, "returning": True, "returningCustomer": True},
                default=None, return_dtype=pl.Boolean(),
            ),
            # Of a search what it found: nothing is what troubles people.
            "value": pl.when(is_order).then(number(pl.col("revenue"))),
            "count": pl.when(kind == pl.lit("search", KIND)).then(
                number(pl.col("siteSearchCount")).cast(pl.Int32(), strict=False)
            ),
        }  # fmt: skip
