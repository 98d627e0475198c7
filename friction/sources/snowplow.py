"""Snowplow: enriched events, as the pipeline writes them (131 fields between tabs, no header) or as a warehouse table.

Exports   Enriched TSV, also gz; dumps of the table `events` with header, as CSV, JSON or Parquet.
Gives     Page views, pings with depth, clicks on links and buttons, form events, vitals, errors, orders.
Misses    Clicks that no plug-in tracks, where on a page something happened, what the page did after it. Events that
          have no time of the visitor's device are marked as batched.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import polars as pl
from polars.exceptions import PolarsError

from friction.recordings.masking import masked, masked_href, masked_message
from friction.schema import KIND
from friction.sources.base import InputFile, Options
from friction.sources.casts import identity, number, text
from friction.sources.fields import Fields, Names, Opening
from friction.sources.generic import open_table
from friction.sources.posthog_texts import each
from friction.sources.preset import Columns, Preset
from friction.sources.seen import SURE, has, seen
from friction.tables.delimited import open_delimited
from friction.tables.table import Table
from friction.values import dataclass

FIELDS = 131
EVENTS = {
    **{"page_view": "page_view", "page_ping": "heartbeat", "link_click": "click", "button_click": "click"},
    **{"focus_form": "focus", "change_form": "change", "submit_form": "submit", "web_vitals": "web_vital"},
    **{"application_error": "error", "transaction": "conversion", "site_search": "search"},
    **{"screen_view": "page_view", "add_to_cart": "add_to_cart", "struct": "custom"},
}
PLACES = {
    **{
        "platform": 1,
        "collector_tstamp": 3,
        "dvce_created_tstamp": 4,
        "event": 5,
        "event_id": 6,
        "user_id": 12,
    },
    **{"domain_userid": 15, "network_userid": 17, "geo_country": 18, "page_url": 29, "page_title": 30},
    **{
        "page_referrer": 31,
        "mkt_medium": 47,
        "mkt_source": 48,
        "mkt_campaign": 51,
        "contexts": 52,
        "se_action": 54,
    },
    **{
        "unstruct_event": 58,
        "tr_total": 61,
        "pp_yoffset_max": 76,
        "useragent": 77,
        "br_name": 78,
        "br_family": 79,
    },
    **{
        "br_lang": 83,
        "br_viewwidth": 95,
        "br_viewheight": 96,
        "os_name": 97,
        "os_family": 98,
        "dvce_type": 101,
    },
    **{
        "doc_height": 107,
        "tr_currency": 108,
        "domain_sessionid": 123,
        "derived_tstamp": 124,
        "event_name": 126,
    },
}
"""Fields by their place in the enriched form, counted from 0."""
INSIDE = {
    "href": ("targetUrl", "target_url"),
    "element_id": ("elementId", "element_id", "id"),
    "label": ("label",),
    "form_id": ("formId", "form_id"),
    "message": ("message",),
    **{name: (name,) for name in ("lcp", "inp", "cls", "fcp", "fid")},
}
"""Members of self-describing events, in the pipeline's and a warehouse's spelling."""
SCHEMAS = {
    "href": ("link_click_1",),
    "element_id": ("link_click_1", "button_click_1", "change_form_1", "focus_form_1"),
    "label": ("button_click_1",),
    "form_id": ("submit_form_1", "change_form_1", "focus_form_1"),
    "message": ("application_error_1",),
    **dict.fromkeys(("lcp", "inp", "cls", "fcp", "fid"), ("web_vitals_1",)),
}
_UNSTRUCT = "unstruct_event_com_snowplowanalytics_snowplow_"
TOLD = "told."
_PAGE = r'web_page/jsonschema/1-0-\d+",\s*"data":\s*\{\s*"id":\s*"([^"]+)"'


def told(columns: Sequence[pl.Series], labels: Sequence[str]) -> pl.DataFrame:
    """Members of self-describing events by label, of the JSON that holds them; null where there are none."""
    keys = {label: INSIDE[label.removeprefix(TOLD)][0] for label in labels}
    there = columns[0].is_not_null().arg_true()
    texts = columns[0].gather(there)
    members = _members(texts, list(keys.values()))
    if members is None:
        members = pl.DataFrame(
            {key: texts.str.json_path_match(f"$.data.data.{key}") for key in dict.fromkeys(keys.values())}
        )
    numbers = pl.int_range(there.len(), dtype=pl.UInt32(), eager=True)
    place = pl.repeat(None, columns[0].len(), dtype=pl.UInt32(), eager=True).scatter(there, numbers)
    return pl.DataFrame({label: members[key].gather(place) for label, key in keys.items()})


def _members(texts: pl.Series, keys: Sequence[str]) -> pl.DataFrame | None:
    """All texts read as one; null where one of them is no event that describes itself. What is inside is cut out
    first: the engine reads flat objects ten times as quickly as nested ones.
    """
    inside = texts.str.splitn('"data":', 3).struct.field("field_2")
    for _ in range(2):
        inside = inside.str.strip_chars_end().str.strip_suffix("}")
    if inside.null_count():
        return None
    try:
        found = pl.read_ndjson(
            (inside.str.join("\n").item() or "").encode(), schema=dict.fromkeys(keys, pl.String())
        )
    except PolarsError:
        return None
    return found if found.height == texts.len() else None


def _dumped(label: str) -> tuple[str, ...]:
    return tuple(f"{_UNSTRUCT}{schema}.{key}" for schema in SCHEMAS[label] for key in INSIDE[label])


@dataclass(frozen=True, kw_only=True)
class Snowplow(Preset):
    """Enriched events of Snowplow."""

    name: ClassVar[str] = "snowplow"
    fields: ClassVar[Names] = {
        **{name: (name, f"column {place + 1}") for name, place in PLACES.items()},
        "page_context": ("contexts_com_snowplowanalytics_snowplow_web_page_1",),
        **{f"in.{label}": _dumped(label) for label in INSIDE},
    }
    times: ClassVar[tuple[str, ...]] = ("derived_tstamp", "dvce_created_tstamp", "collector_tstamp")
    is_utc: ClassVar[bool] = True
    batched: ClassVar[frozenset[str]] = frozenset({"collector_tstamp"})
    needs: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("event", "event_name"),
        ("domain_sessionid", "domain_userid", "network_userid", "user_id"),
    )
    truisms: ClassVar[frozenset[str]] = frozenset({"event", "event_name"})
    openings: ClassVar[tuple[Opening, ...]] = (
        Opening(("unstruct_event",), {TOLD + label: pl.String() for label in INSIDE}, told),
    )

    def sniff(self, file: InputFile) -> float:
        """Sure by exactly 130 tabs a line, or by the names of a dump. What the line begins with says nothing."""
        looked = seen(file)
        if looked.form == "text" and is_bare(looked.lines):
            return SURE + 0.02
        marks = ("derived_tstamp", "collector_tstamp", "domain_userid", "domain_sessionid", "event_vendor")
        return looked.surety(lambda record: sum(has(record, name) for name in marks) > 2)

    def table(self, file: InputFile, options: Options) -> Table:
        """The fields by their place where there is no header."""
        if is_bare(seen(file).lines):
            words = {"delimiter": "tab", "quote": "none", "header": "none"}
            return open_delimited(file, words | {"encoding": "utf-8"})
        return open_table(file, options.mapping)

    def columns(self, known: Fields) -> Columns:
        """All that Snowplow tells."""
        name = pl.coalesce(text(pl.col("event_name")), text(pl.col("event")))
        kind = name.replace_strict(EVENTS, default="custom", return_dtype=KIND)

        def inside(label: str) -> pl.Expr:
            dump = [pl.col(f"in.{label}")] if known.knows(f"in.{label}") else []
            told = [pl.col(TOLD + label)] if known.knows("unstruct_event") or not dump else []
            return text(pl.coalesce([*dump, *told]))

        reached = number(pl.col("pp_yoffset_max")).fill_null(0) + number(pl.col("br_viewheight"))
        depth = (reached / number(pl.col("doc_height")) * 100).clip(0, 100)
        element, is_field = each(inside("element_id"), masked), kind.is_in(["change", "focus"])
        link = 'a[href="' + each(inside("href"), masked_href) + '"]'
        return {
            "session_id": identity(pl.col("domain_sessionid")),
            "visitor_id": pl.coalesce(
                identity(pl.col("domain_userid")),
                identity(pl.col("network_userid")),
                identity(pl.col("user_id")),
            ),
            "user_id": identity(pl.col("user_id")),
            "pageview_id": pl.coalesce(
                pl.col("contexts").str.extract(_PAGE),
                pl.col("page_context").str.extract(r'"id":\s*"([^"]+)"'),
            ),
            "event_id": identity(pl.col("event_id")),
            "kind": kind,
            "name": pl.coalesce(text(pl.col("se_action")), name),
            "url": text(pl.col("page_url")),
            "title": each(text(pl.col("page_title")), masked),
            "referrer": text(pl.col("page_referrer")),
            "target": pl.when(kind == pl.lit("click", KIND)).then(
                pl.coalesce("#" + element, each(inside("label"), masked), link)
            ),
            "el_id": pl.when(~is_field).then(element),
            "el_text": each(inside("label"), masked),
            "el_href": each(inside("href"), masked_href),
            "field": pl.when(is_field).then(element),
            "form": each(inside("form_id"), masked),
            "viewport_w": number(pl.col("br_viewwidth")),
            "viewport_h": number(pl.col("br_viewheight")),
            "page_h": number(pl.col("doc_height")),
            "scroll_y": number(pl.col("pp_yoffset_max")),
            "scroll_pct": pl.when(kind == pl.lit("heartbeat", KIND)).then(depth),
            **{f"{one}_ms": number(inside(one)) for one in ("lcp", "inp", "fcp", "fid")},
            "cls": number(inside("cls")),
            "error_message": pl.when(kind == pl.lit("error", KIND)).then(
                each(inside("message"), masked_message)
            ),
            "device": text(pl.col("dvce_type")).str.to_lowercase(),
            "browser": pl.coalesce(text(pl.col("br_family")), text(pl.col("br_name"))),
            "os": pl.coalesce(text(pl.col("os_family")), text(pl.col("os_name"))),
            "country": text(pl.col("geo_country")),
            "lang": text(pl.col("br_lang")),
            "channel": text(pl.col("mkt_source")),
            "medium": text(pl.col("mkt_medium")),
            "campaign": text(pl.col("mkt_campaign")),
            "value": number(pl.col("tr_total")),
            "currency": text(pl.col("tr_currency")),
        }


def is_bare(lines: tuple[str, ...]) -> bool:
    """Lines of the enriched form."""
    return sum(line.count("\t") == FIELDS - 1 for line in lines) * 2 > len(lines)
