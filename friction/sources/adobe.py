"""Adobe Analytics: data feeds, one row a hit.

Exports   `hit_data.tsv` with `column_headers.tsv`, in the archive as it is delivered or side by side.
Gives     Page views, links that were followed, left by or downloaded from, orders and additions to the cart by the
          usual numbers of events, the order inside a visit, what the browser says it is.
Misses    Clicks that no link tracking sends, where on a page something happened, loading times, custom events and
          variables, whose meaning differs from site to site. Hits that Adobe itself excludes are left out.
"""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from friction.errors import InputError
from friction.recordings.masking import masked, masked_href
from friction.schema import KIND
from friction.sources import agents
from friction.sources.base import ALIKE, InputFile, Options
from friction.sources.casts import alike, identity, number, text
from friction.sources.fields import Fields, Names
from friction.sources.posthog_texts import each, on_distinct
from friction.sources.preset import Columns, Preset
from friction.sources.seen import SURE, has, seen
from friction.tables.delimited import open_delimited
from friction.tables.feeds import MANY
from friction.tables.table import Table
from friction.values import dataclass

HITS = {
    **{"0": "page_view", "100": "custom", "101": "download", "102": "outlink"},
    **{"10": "custom", "11": "download", "12": "outlink", "31": "media", "32": "media", "33": "media"},
}
"""`post_page_event`; 10 to 12 are the older numbers of links."""
OUTCOMES = {"1": "conversion", "12": "add_to_cart"}
"""Numbers in `post_event_list` that mean the same on every site."""
NO_EVENTS = ("5", "7", "8", "9")
"""Sources of hits that no visitor made: data that were uploaded or only summed up."""
_CUT, _NOTHING = "\x1f", "\x1e"
"""Between hit and events, and in the place of what is missing, while both are one text."""
PRICE = 3
"""Place of the revenue among the parts of a product: category, name, number, revenue."""


def _names(*names: str) -> tuple[str, ...]:
    """A column as it was after Adobe's rules, else as it was sent."""
    return (*(f"post_{name}" for name in names), *names)


@dataclass(frozen=True, kw_only=True)
class Adobe(Preset):
    """Data feeds of Adobe Analytics."""

    name: ClassVar[str] = "adobe"
    fields: ClassVar[Names] = {
        "ts": ("hit_time_gmt",),
        "high": _names("visid_high"),
        "low": _names("visid_low"),
        "visit": ("visit_num",),
        "visit_start": ("visit_start_time_gmt",),
        "place": ("visit_page_num",),
        "hit_high": ("hitid_high",),
        "hit_low": ("hitid_low",),
        "hit": _names("page_event"),
        "link_url": _names("page_event_var1"),
        "link_name": _names("page_event_var2"),
        "url": _names("page_url"),
        "page_name": _names("pagename"),
        "referrer": _names("referrer"),
        "events": _names("event_list"),
        "products": _names("product_list"),
        "currency": _names("currency"),
        "excluded": ("exclude_hit",),
        "made_by": ("hit_source",),
        "user": _names("cust_visid"),
        "agent": ("user_agent",),
        "country": ("geo_country",),
        "lang": ("accept_language",),
        "campaign": _names("campaign"),
        "viewport_w": _names("browser_width"),
        "viewport_h": _names("browser_height"),
    }
    needs: ClassVar[tuple[tuple[str, ...], ...]] = (("high", "user"), ("hit",))
    truisms: ClassVar[frozenset[str]] = frozenset({"hit", "what"})
    also: ClassVar[frozenset[str]] = frozenset({"excluded", "made_by", "hit", "events"})
    made: ClassVar[frozenset[str]] = frozenset({"what"})

    def sniff(self, file: InputFile) -> float:
        """Sure by the names that only hits have; nearly, by the number of their fields where they have none."""
        looked = seen(file)
        if found := looked.surety(
            lambda record: has(record, "hit_time_gmt") and has(record, "post_visid_high")
        ):
            return found
        return SURE - 0.01 if looked.form == "text" and _is_bare(looked.lines) else 0.0

    def table(self, file: InputFile, options: Options) -> Table:
        """The hits between tabs, which nothing quotes. Raises `InputError` for hits without names."""
        if _is_bare(seen(file).lines):
            raise InputError(
                "input.no_header",
                "these are hits of an Adobe data feed without the names of their columns",
                remedy="give column_headers.tsv of the feed together with it, or the whole archive",
            )
        return open_delimited(file, {"delimiter": "tab", "quote": "none", "header": "1", **options.mapping})

    def kept(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Hits that count: views with one more row for what they brought about, links as that."""
        is_out = (number(pl.col("excluded")) > 0) | pl.col("made_by").is_in(NO_EVENTS)
        told = pl.concat_str([pl.col(name).fill_null(_NOTHING) for name in ("hit", "events")], separator=_CUT)
        what = on_distinct(told, _what, pl.List(pl.String()))
        return events.filter(~is_out.fill_null(value=False)).with_columns(what=what).explode("what")

    def marks(self, known: Fields, made: Columns) -> Columns:  # noqa: ARG002 - what there is, is asked of every expression
        """A hit has an id of its own; what it brought about is another event."""
        return {ALIKE: alike(made["event_id"], pl.col("what"))}

    def columns(self, known: Fields) -> Columns:  # noqa: ARG002 - what there is, is asked of every expression
        """All that a hit tells."""
        agent, kind = text(pl.col("agent")), pl.col("what").cast(KIND)
        visitor = pl.when(pl.col("high") != "0").then(pl.col("high") + "." + pl.col("low"))
        is_link = kind.is_in(["outlink", "download"])
        is_order = kind == pl.lit("conversion", KIND)
        link = each(text(pl.col("link_url")), masked_href)
        return {
            "seq": number(pl.col("place")).cast(pl.Int32(), strict=False),
            "session_id": visitor + "." + identity(pl.col("visit")) + "." + identity(pl.col("visit_start")),
            "visitor_id": visitor,
            "user_id": identity(pl.col("user")),
            "event_id": identity(pl.col("hit_high")) + "." + identity(pl.col("hit_low")),
            "kind": kind,
            "name": pl.coalesce(each(text(pl.col("link_name")), masked), pl.col("what")),
            "url": pl.coalesce(text(pl.col("url")), "/" + text(pl.col("page_name"))),
            "title": each(text(pl.col("page_name")), masked),
            "referrer": text(pl.col("referrer")),
            "target": pl.when(is_link).then('a[href="' + link + '"]'),
            "el_href": pl.when(is_link).then(link),
            "viewport_w": number(pl.col("viewport_w")),
            "viewport_h": number(pl.col("viewport_h")),
            "device": each(agent, agents.device),
            "browser": each(agent, agents.browser),
            "os": each(agent, agents.system),
            "is_bot": each(agent, lambda one: "yes" if agents.is_machine(one) else "no") == "yes",
            "country": text(pl.col("country")),
            "lang": text(pl.col("lang")).str.extract(r"^([A-Za-z]{2,3}(?:-[A-Za-z]{2})?)"),
            "campaign": text(pl.col("campaign")),
            "value": pl.when(is_order).then(number(each(text(pl.col("products")), revenue))),
            "currency": pl.when(is_order).then(text(pl.col("currency"))),
        }


def _what(told: pl.Series) -> pl.Series:
    """The kinds of event that hits stand for, by their own kind and the numbers of what they brought about."""
    cut = told.str.splitn(_CUT, 2).struct.rename_fields(["hit", "events"]).struct.unnest()
    hit = pl.col("hit").replace_strict(HITS, default="custom", return_dtype=pl.String())
    brought = [
        pl.when(pl.col("events").str.contains(rf"(?:^|,){which}(?:\D|$)")).then(pl.lit(kind))
        for which, kind in OUTCOMES.items()
    ]
    is_bare_link = (hit == "custom") & pl.any_horizontal(one.is_not_null() for one in brought)
    what = pl.concat_list(pl.when(~is_bare_link).then(hit), *brought).list.drop_nulls()
    return cut.with_columns(pl.all().replace(_NOTHING, None)).select(what).to_series()


def revenue(products: str) -> str | None:
    """The sum of what the products of an order cost, from `category;name;number;revenue;…,…`."""
    parts = (product.split(";") for product in products.split(","))
    costs = [part[PRICE] for part in parts if len(part) > PRICE and part[PRICE]]
    try:
        return str(round(sum(map(float, costs)), 6)) if costs else None
    except ValueError:
        return None


def _is_bare(lines: tuple[str, ...]) -> bool:
    """Many fields in most lines, more than Snowplow has, and in none the names."""
    many = sum(line.count("\t") > 2 * MANY for line in lines)
    return many * 2 > len(lines) and not any("post_visid_high" in line for line in lines[:1])
