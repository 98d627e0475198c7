"""Harmless things that have the shape of friction: nobody leaves because of them.

They are added when a life is written down, and have no part in the walk.
"""

from __future__ import annotations

from friction.testing.shop.pages import At
from friction.values import dataclass


@dataclass(frozen=True, kw_only=True)
class LookAlike:
    """A burst of clicks that belongs to the ordinary use of an element. Times in ms."""

    name: str
    at: At
    target: str
    rate: float
    """Chance in one view of the page at intent 0."""
    clicks: tuple[int, int]
    gap: tuple[int, int]
    slot: float
    """Where in the time of looking it begins, 0–1."""
    detector: str = "rage_click"
    answers: bool = True
    also: str | None = None
    """Kind of an event that goes with it."""


LOOK_ALIKES: tuple[LookAlike, ...] = (
    LookAlike(
        name="quantity stepper up",
        at=At.CART,
        target="more",
        rate=0.14,
        clicks=(4, 8),
        gap=(130, 240),
        slot=0.52,
    ),
    LookAlike(
        name="quantity stepper down",
        at=At.CART,
        target="fewer",
        rate=0.04,
        clicks=(4, 6),
        gap=(140, 240),
        slot=0.74,
    ),
    LookAlike(
        name="photo carousel",
        at=At.PRODUCT,
        target="carousel next",
        rate=0.07,
        clicks=(4, 8),
        gap=(150, 245),
        slot=0.5,
    ),
    LookAlike(
        name="text selection",
        at=At.PRODUCT,
        target="paragraph",
        rate=0.02,
        clicks=(4, 5),
        gap=(110, 190),
        slot=0.7,
        answers=False,
        also="selection",
    ),
    LookAlike(
        name="text selection in the journal",
        at=At.ARTICLE,
        target="paragraph",
        rate=0.04,
        clicks=(4, 6),
        gap=(110, 190),
        slot=0.6,
        answers=False,
        also="selection",
    ),
    LookAlike(
        name="calendar of delivery days",
        at=At.ADDRESS,
        target="month next",
        rate=0.12,
        clicks=(4, 7),
        gap=(150, 240),
        slot=0.6,
    ),
    LookAlike(
        name="video player",
        at=At.PRODUCT,
        target="video",
        rate=0.015,
        clicks=(4, 6),
        gap=(150, 240),
        slot=0.86,
        also="media",
    ),
    LookAlike(
        name="zooming the map", at=At.STORES, target="map", rate=0.3, clicks=(4, 9), gap=(140, 240), slot=0.55
    ),
    LookAlike(
        name="double click on a photo",
        at=At.PRODUCT,
        target="photo",
        rate=0.03,
        clicks=(2, 3),
        gap=(120, 200),
        slot=0.4,
        also="dblclick",
    ),
    LookAlike(
        name="double click on a card",
        at=At.CATEGORY,
        target="filter colour",
        rate=0.03,
        clicks=(2, 3),
        gap=(120, 200),
        slot=0.5,
        also="dblclick",
    ),
    LookAlike(
        name="clicking into the text while reading",
        at=At.ARTICLE,
        target="paragraph",
        rate=0.06,
        clicks=(1, 2),
        gap=(1, 2),
        slot=0.5,
        detector="dead_click",
        answers=False,
    ),
)

CLICKED_AT: dict[At, tuple[str, ...]] = {
    At.HOME: ("menu", "teaser", "newsletter"),
    At.OFFERS: ("filter colour",),
    At.CATEGORY: ("filter colour", "filter apply"),
    At.SEARCH: ("search sort", "filter colour"),
    At.PRODUCT: ("photo", "details", "wishlist", "availability"),
    At.BUNDLE: ("photo", "details"),
    At.STORES: ("store row",),
    At.CART: ("remove line", "voucher apply"),
    At.ADDRESS: ("delivery option",),
    At.PAYMENT: ("payment option",),
    At.ORDERS: ("order row",),
    At.HELP: ("question",),
    At.BLOG: ("newsletter",),
    At.ARTICLE: ("share", "newsletter"),
}
"""Elements that are also clicked in an ordinary way, with an answer of the page."""
