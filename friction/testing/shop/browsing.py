"""What a life looks like in a recording, part two: pages open, people scroll, click, go on and buy."""

from __future__ import annotations

import numpy as np

from friction.testing.shop.chance import Ints
from friction.testing.shop.elements import CATALOGUE
from friction.testing.shop.forms import FORM_AT
from friction.testing.shop.frictions import POINTS
from friction.testing.shop.look_alikes import CLICKED_AT
from friction.testing.shop.pages import PAGES, At
from friction.testing.shop.rows import Rows
from friction.testing.shop.scenes import Stage

_LINKS = {
    At.HOME: "logo", At.OFFERS: "offers link", At.CATEGORY: "menu", At.SEARCH: "search send",
    At.PRODUCT: "card", At.BUNDLE: "bundle card", At.STORES: "stores link", At.CART: "cart link",
    At.REGISTER: "to register",
    At.ADDRESS: "guest", At.PAYMENT: "to payment", At.DONE: "pay now", At.ORDERS: "orders link",
    At.HELP: "help link", At.CONTACT: "contact link", At.BLOG: "blog link", At.ARTICLE: "teaser",
}  # fmt: skip
"""What is clicked to reach a page; some pages have a way of their own."""
_OWN_WAYS = {
    (At.PRODUCT, At.CART): "add to cart",
    (At.BUNDLE, At.CART): "add to cart",
    (At.REGISTER, At.ADDRESS): "register send",
    (At.CONTACT, At.HOME): "contact send",
}
_NOISE = ("Script error.", "ResizeObserver loop completed with undelivered notifications.")
CURRENCY = "EUR"


def browse(stage: Stage, rows: Rows) -> None:
    """All rows that have nothing to do with friction."""
    _openings(stage, rows)
    _scrolls(stage, rows)
    _clicks(stage, rows)
    _noise(stage, rows)
    _going_on(stage, rows)
    _purchases(stage, rows)
    view = np.arange(len(stage.views.page))
    rows.add("page_leave", view, stage.views.end - 1)


def _openings(stage: Stage, rows: Rows) -> None:
    view, load = np.arange(len(stage.views.page)), stage.views.load.astype(float)
    rows.add(
        "page_view",
        view,
        stage.views.start,
        nav_kind=np.where(stage.views.came_back, "back_forward", "navigate"),
        title=np.array([page.title for page in PAGES])[stage.views.page],
        load_ms=load,
        ttfb_ms=np.round(0.17 * load),
        fcp_ms=np.round(0.42 * load),
        lcp_ms=np.round(0.8 * load),
    )


def _scrolls(stage: Stage, rows: Rows) -> None:
    for number in range(2):
        begun = stage.draw(f"scroll {number}", np.arange(len(stage.views.page))) < (0.6, 0.3)[number]
        view = np.flatnonzero(begun & (stage.views.look >= 8000))
        at = stage.loaded[view] + ((0.08 + 0.3 * number) * stage.views.look[view]).astype(np.int64)
        deep = stage.between(5 + 40 * number, 60 + 40 * number, f"depth {number}", view)
        rows.add(
            "scroll",
            view,
            at + stage.between(0, 400, f"scroll {number} at", view),
            scroll_pct=deep.astype(float),
        )


def _clicks(stage: Stage, rows: Rows) -> None:
    """Clicks on what a page offers, more of them with more intent; the page answers at once."""
    for at, keys in CLICKED_AT.items():
        there = np.flatnonzero((stage.views.page == at) & (stage.views.look >= 8000))
        rate = np.minimum(0.2 * np.exp(0.5 * stage.intent[there]), 0.8)
        for place, key in enumerate(keys):
            view = there[stage.draw(f"click {key}", there) < rate]
            slot = 0.1 + 0.08 * place + 0.06 * stage.draw(f"click {key} at", view)
            _click(
                stage, rows, view, stage.loaded[view] + (slot * stage.views.look[view]).astype(np.int64), key
            )


def _click(stage: Stage, rows: Rows, view: Ints, at: Ints, element: str | Ints) -> None:
    rows.add(
        "click", view, at, element, response_delay_ms=stage.between(50, 290, "response", view).astype(float)
    )


def _noise(stage: Stage, rows: Rows) -> None:
    """Errors that say nothing about the page: they come with or without a click."""
    everywhere = np.arange(len(stage.views.page))
    view = everywhere[stage.draw("noise", everywhere) < 0.012]
    text = np.array(_NOISE)[stage.between(0, 2, "noise text", view)]
    at = stage.loaded[view] + (stage.draw("noise at", view) * stage.views.look[view]).astype(np.int64)
    rows.add("error", view, at, error_message=text)


def _going_on(stage: Stage, rows: Rows) -> None:
    """The click that leads to the next page; there is none when the visitor goes back or a page hung."""
    views = stage.views
    hung = sum(
        1 << bit for bit, point in enumerate(POINTS) if point.on_way and point.detector == "rage_click"
    )
    view = np.flatnonzero((views.next >= 0) & ~views.back & ((views.met & hung) == 0))
    here, there = views.page[view], views.next[view]
    way = np.array([CATALOGUE.codes[_LINKS[At(at)]] for at in range(len(PAGES))])[there]
    for (start, end), key in _OWN_WAYS.items():
        way[(here == start) & (there == end)] = CATALOGUE.codes[key]
    _click(stage, rows, view, views.end[view] - 320, way)
    rows.add("search", view[there == At.SEARCH], views.end[view[there == At.SEARCH]] - 310, name="search")
    added = view[way == CATALOGUE.codes["add to cart"]]
    rows.add("add_to_cart", added, views.end[added] - 200, name="add_to_cart")
    for at, form in FORM_AT.items():
        sent = view[(here == at) & (there == form.towards)]
        rows.add("submit", sent, views.end[sent] - 318, form=form.name)
        rows.add(
            "request", sent, views.end[sent] - 310, http_method="POST", http_status=200, duration_ms=220.0
        )


def _purchases(stage: Stage, rows: Rows) -> None:
    """One purchase a session, when its first page of thanks has opened."""
    thanks = np.flatnonzero(stage.views.page == At.DONE)
    view = thanks[np.unique(stage.views.session[thanks], return_index=True)[1]]
    value = 62.0 * np.exp(0.6 * stage.chance.normal("basket", stage.views.session[view]))
    rows.add(
        "conversion",
        view,
        stage.loaded[view] + 150,
        name="purchase",
        value=np.round(value, 2),
        currency=CURRENCY,
    )
