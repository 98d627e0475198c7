"""The made-up visits as hits of an Adobe data feed: no header, names in a file beside them, many empty columns."""

from __future__ import annotations

from collections.abc import Sequence

from friction.testing.exports.visits import Step
from friction.testing.exports.writing import Files, zipped

TOLD = {
    **{"view": "page_view", "outlink": "outlink", "custom": "custom"},
    **{"cart": "add_to_cart", "order": "conversion"},
}
HITS = {"view": "0", "outlink": "102", "custom": "100"}
NAMED = (
    *(
        "accept_language",
        "browser",
        "post_browser_height",
        "post_browser_width",
        "post_campaign",
        "post_cust_visid",
    ),
    *(
        "date_time",
        "exclude_hit",
        "post_event_list",
        "geo_country",
        "hit_source",
        "hit_time_gmt",
        "hitid_high",
    ),
    *("hitid_low", "post_currency", "post_page_event", "post_page_event_var1", "post_page_event_var2"),
    *(
        "post_page_url",
        "post_pagename",
        "post_product_list",
        "post_referrer",
        "post_visid_high",
        "post_visid_low",
    ),
    *("user_agent", "visit_num", "visit_page_num", "visit_start_time_gmt"),
)
NAMES = (*NAMED, *(f"post_evar{number}" for number in range(1, 201)))
"""As a feed has them: the names in the order of the alphabet, and hundreds of variables of the site's own."""


def hit(step: Step) -> dict[str, str]:
    """One hit; what an order or a cart is about stands in a list of numbers, on a link that was tracked."""
    is_link = step.what in {"outlink", "custom"}
    link = step.element.href if step.element else ""
    return {
        "accept_language": "fr-FR,fr;q=0.8",
        "browser": "1350241023",
        "post_browser_width": "1280",
        "post_browser_height": "720",
        # In the zone of the suite: the field to use is the one in GMT.
        "date_time": step.at.replace(hour=(step.at.hour + 3) % 24).strftime("%Y-%m-%d %H:%M:%S"),
        "exclude_hit": "0",
        "hit_source": "1",
        "post_event_list": {"order": "1,20001=4,201", "cart": "12"}.get(step.what, "100,101"),
        "geo_country": "fra",
        "hit_time_gmt": str(step.ms // 1000),
        "hitid_high": "3405691582",
        "hitid_low": str(step.number + 1),
        "post_currency": "EUR",
        "post_page_event": HITS.get(step.what, "100"),
        "post_page_event_var1": link if is_link else "",
        "post_page_event_var2": "voucher\\\tused" if is_link else "",
        "post_page_url": step.url,
        "post_pagename": step.title,
        "post_product_list": "chairs;blue-chair;1;29.9,chairs;cushion;2;20.0" if step.what == "order" else "",
        "post_visid_high": str(7_000_000 + step.visitor),
        "post_visid_low": "42",
        "user_agent": step.agent,
        "visit_num": str(step.visit + 1),
        "visit_page_num": str(step.number + 1),
        "visit_start_time_gmt": str(step.began // 1000),
    }


def rows(steps: Sequence[Step]) -> list[dict[str, str]]:
    """The hits, and two that do not count: one that Adobe excludes, one that was uploaded."""
    made = [hit(step) for step in steps if step.what in TOLD]
    return [*made, {**made[0], "exclude_hit": "1"}, {**made[0], "hit_source": "5"}]


def bare(steps: Sequence[Step]) -> bytes:
    """The hits as a feed has them; the last name has no field, as in files that are really delivered."""
    lines = ("\t".join(row.get(name, "") for name in NAMES[:-1]) for row in rows(steps))
    return "".join(line + "\n" for line in lines).encode("latin-1")


def files(steps: Sequence[Step]) -> Files:
    """The delivery as an archive, and the hits with their names."""
    names = "\t".join(NAMES).encode() + b"\n"
    lookups = {"browser.tsv": b"1350241023\tFirefox 130\n", "event.tsv": b"1\tPurchase\n12\tCart Add\n"}
    plain = bare(steps).replace(b"\\\t", b" ")
    return {
        "feed.zip": zipped({"hit_data.tsv": bare(steps), "column_headers.tsv": names, **lookups}),
        "hits.tsv": b"\t".join(names.strip().split(b"\t")[:-1]) + b"\n" + plain,
    }
