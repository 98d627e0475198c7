"""The planted friction points: where they are, who meets them, how many leave because of them.

`leave` is the chance that somebody who would have stayed leaves because of it; `patience` is added to the
log-odds of leaving on every later page. A point that is met `on_way` concerns only those who press the
element to go on to `towards`; the others are met while looking at the page. Rates of points met by using
an element grow with intent: who wants to buy clicks more, hence meets more trouble, and buys more all the
same.
"""

from __future__ import annotations

from friction.testing.shop.pages import PAGES, At
from friction.testing.shop.visitors import DAY_MS, HOUR_MS, START_MS
from friction.values import dataclass

INCIDENT = (START_MS + 30 * DAY_MS + 8 * HOUR_MS, START_MS + 34 * DAY_MS + 20 * HOUR_MS)
"""When the address step offered no delivery: from and until, ms."""


@dataclass(frozen=True, kw_only=True)
class Planted:
    """One friction point."""

    name: str
    detector: str
    at: At
    rate: float
    """Chance to meet it in one view of the page (or one press, when `on_way`) at intent 0."""
    leave: float
    patience: float = 0.0
    target: str | None = None
    """Key of the element in `elements.ELEMENTS`, or of the form."""
    towards: At | None = None
    field: str | None = None
    by_use: bool = True
    mobile_only: bool = False
    since_release: int = 0
    window: tuple[int, int] | None = None
    lasts_ms: int = 6_000
    answers: bool = False
    """The page answers every click all the same."""
    message: str | None = None
    """Text of the script error; null: a request fails."""

    @property
    def page(self) -> str:
        """Template of its page."""
        return PAGES[self.at].template

    @property
    def on_way(self) -> bool:
        return self.towards is not None


def _slow(name: str, at: At, rate: float, leave: float, **more: int) -> Planted:
    return Planted(name=name, detector="slow_page", at=at, rate=rate, leave=leave, by_use=False, lasts_ms=0,
                   mobile_only=bool(more.get("mobile")), since_release=more.get("release", 0))  # fmt: skip


POINTS: tuple[Planted, ...] = (
    _slow("search is slow on mobiles", At.SEARCH, 0.2, 0.15, mobile=1),
    _slow("products are slow since the release", At.PRODUCT, 0.09, 0.13, release=1),
    _slow("an article loads slowly and people read on", At.ARTICLE, 0.08, 0.0),
    Planted(name="a tile of the front page looks like a button", detector="dead_click", at=At.HOME,
            target="home tile", rate=0.07, leave=0.0),
    Planted(name="applying a filter hangs", detector="rage_click", at=At.CATEGORY, target="filter apply",
            rate=0.035, leave=0.16, patience=0.2),
    Planted(name="sorting hangs a little and nobody minds", detector="rage_click", at=At.SEARCH,
            target="search sort", rate=0.07, leave=0.005),
    Planted(name="the heart invites playing", detector="rage_click", at=At.PRODUCT,
            target="wishlist", rate=0.025, leave=0.0, answers=True),
    Planted(name="store availability does nothing", detector="dead_click", at=At.PRODUCT,
            target="availability", rate=0.045, leave=0.05),
    Planted(name="a sharing script fails unnoticed", detector="error_click", at=At.ARTICLE, target="share",
            rate=0.09, leave=0.0, message="TypeError: shareSheet is not a function", lasts_ms=3_000),
    Planted(name="the basket script fails", detector="error_click", at=At.PRODUCT, target="add to cart",
            towards=At.CART, rate=0.1, leave=0.35, patience=0.2,
            message="TypeError: basket.lines is undefined"),
    Planted(name="sets are sold out", detector="quick_back", at=At.BUNDLE, rate=0.4, leave=0.08,
            patience=0.25, by_use=False, lasts_ms=0),
    Planted(name="the gift hint looks like a link", detector="dead_click", at=At.CART, target="gift hint",
            rate=0.12, leave=0.06, patience=0.06),
    Planted(name="the voucher is refused by a failing request", detector="error_click", at=At.CART,
            target="voucher apply", rate=0.09, leave=0.15),
    Planted(name="password rules appear too late", detector="form_abandonment", at=At.REGISTER,
            target="form#register", towards=At.ADDRESS, field="password", rate=0.25, leave=0.22, by_use=False,
            lasts_ms=45_000),
    Planted(name="no delivery is offered", detector="dropoff_spike", at=At.ADDRESS, rate=1.0, leave=0.7,
            by_use=False, window=INCIDENT, lasts_ms=5_000),
    Planted(name="the phone number is refused", detector="form_abandonment", at=At.ADDRESS,
            target="form#address", towards=At.PAYMENT, field="phone", rate=0.16, leave=0.22, by_use=False,
            lasts_ms=45_000),
    Planted(name="the address service fails", detector="error_click", at=At.ADDRESS, target="to payment",
            towards=At.PAYMENT, rate=0.08, leave=0.32, patience=0.3),
    Planted(name="paying hangs", detector="rage_click", at=At.PAYMENT, target="pay now", towards=At.DONE,
            rate=0.1, leave=0.5, patience=0.5, lasts_ms=7_000),
)  # fmt: skip
