"""The shop's pages, and how visitors go from one to the next: a Markov walk that intent steers."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from friction.testing.shop.chance import Floats
from friction.values import dataclass

HOST = "https://www.hearthside.example"


class At(IntEnum):
    """A page template, by its place in `PAGES`."""

    HOME = 0
    OFFERS = 1
    CATEGORY = 2
    SEARCH = 3
    PRODUCT = 4
    BUNDLE = 5
    STORES = 6
    CART = 7
    REGISTER = 8
    ADDRESS = 9
    PAYMENT = 10
    DONE = 11
    ORDERS = 12
    HELP = 13
    CONTACT = 14
    BLOG = 15
    ARTICLE = 16


@dataclass(frozen=True)
class Page:
    """A template: its address (`{}` holds the item), title, share that leaves, seconds of looking, items."""

    template: str
    path: str
    title: str
    leave: float
    look_s: float
    items: int = 1


PAGES: tuple[Page, ...] = (
    Page("/", "/", "Hearthside: things for the home", 0.22, 18),
    Page("/offers", "/offers", "Offers of the week", 0.33, 16),
    Page("/category/:id", "/category/{}", "Category", 0.17, 22, 14),
    Page("/search", "/search?q={}", "Search", 0.17, 18, 60),
    Page("/product/:id", "/product/{}", "Product", 0.2, 32, 400),
    Page("/bundle/:id", "/bundle/{}", "Set", 0.16, 24, 30),
    Page("/stores", "/stores", "Find a store", 0.33, 26),
    Page("/cart", "/cart", "Your cart", 0.15, 20),
    Page("/account/register", "/account/register", "Create an account", 0.12, 10),
    Page("/checkout/address", "/checkout/address", "Checkout: address", 0.11, 10),
    Page("/checkout/payment", "/checkout/payment", "Checkout: payment", 0.08, 12),
    Page("/checkout/done", "/checkout/done", "Thank you", 0.80, 14),
    Page("/account/orders", "/account/orders", "Your orders", 0.40, 20),
    Page("/help", "/help", "Help", 0.33, 20),
    Page("/help/contact", "/help/contact", "Contact", 0.50, 14),
    Page("/blog", "/blog", "Journal", 0.38, 18),
    Page("/blog/:slug", "/blog/{}", "Journal", 0.58, 55, 150),
)

_ROUTES: dict[At, dict[At, float]] = {
    At.HOME: {At.CATEGORY: 5, At.SEARCH: 2.2, At.PRODUCT: 1.5, At.OFFERS: 1, At.BLOG: 0.4, At.HELP: 0.3,
              At.ORDERS: 0.5, At.STORES: 0.4},
    At.OFFERS: {At.PRODUCT: 5, At.CATEGORY: 3, At.HOME: 1},
    At.CATEGORY: {At.PRODUCT: 7, At.CATEGORY: 1.6, At.BUNDLE: 1.8, At.SEARCH: 0.8, At.HOME: 0.5},
    At.SEARCH: {At.PRODUCT: 6, At.SEARCH: 1.8, At.CATEGORY: 1.2, At.HELP: 0.2},
    At.PRODUCT: {At.CART: 2.2, At.PRODUCT: 2.3, At.CATEGORY: 2.6, At.SEARCH: 0.9, At.HOME: 0.4,
                 At.STORES: 0.3},
    At.BUNDLE: {At.CART: 0.8, At.CATEGORY: 2.6, At.PRODUCT: 1.2},
    At.STORES: {At.HOME: 1, At.PRODUCT: 1, At.CATEGORY: 1},
    At.CART: {At.ADDRESS: 4.2, At.REGISTER: 2.2, At.PRODUCT: 1, At.CATEGORY: 0.9, At.HOME: 0.3},
    At.REGISTER: {At.ADDRESS: 6, At.CART: 0.5},
    At.ADDRESS: {At.PAYMENT: 8, At.CART: 0.5},
    At.PAYMENT: {At.DONE: 9, At.ADDRESS: 0.4, At.CART: 0.3},
    At.DONE: {At.ORDERS: 1, At.HOME: 1},
    At.ORDERS: {At.HOME: 1, At.CATEGORY: 1, At.HELP: 0.6, At.PRODUCT: 0.6},
    At.HELP: {At.CONTACT: 1, At.HOME: 1, At.CATEGORY: 0.5, At.STORES: 0.4},
    At.CONTACT: {At.HOME: 1, At.CATEGORY: 0.5},
    At.BLOG: {At.ARTICLE: 4, At.CATEGORY: 1, At.HOME: 0.6},
    At.ARTICLE: {At.ARTICLE: 1.4, At.BLOG: 0.9, At.CATEGORY: 0.9, At.PRODUCT: 0.9, At.HOME: 0.4},
}  # fmt: skip
_FORWARD = {At.CART, At.ADDRESS, At.PAYMENT, At.DONE}
"""Pages on the way to the purchase: the more intent, the more often a visitor heads for one of them."""


def routes() -> tuple[Floats, Floats]:
    """Weights of page to next page: those that do not depend on intent, and those that grow with it."""
    calm, keen = np.zeros((len(PAGES), len(PAGES))), np.zeros((len(PAGES), len(PAGES)))
    for here, ways in _ROUTES.items():
        for there, weight in ways.items():
            goal = there in _FORWARD and there > here
            (keen if goal else calm)[here, there] = weight
    return calm, keen


LEAVE_LOGIT: Floats = np.log([page.leave / (1 - page.leave) for page in PAGES])
LOOK_MS: Floats = np.array([page.look_s * 1000 for page in PAGES])
ITEMS: Floats = np.array([float(page.items) for page in PAGES])

_STYLES = ("quiet", "bright", "small", "old", "warm", "lasting", "simple", "mended", "spare", "winter")
_THINGS = ("kitchen", "oak-table", "balcony", "lamp-light", "linen", "first-flat", "hallway", "sofa",
           "garden", "shelf", "tea-corner", "bedroom", "desk", "rug", "guest-room")  # fmt: skip
_TERMS = (
    "lamp",
    "rug",
    "oak",
    "shelf",
    "sofa",
    "linen",
    "chair",
    "vase",
    "desk",
    "pillow",
    "mirror",
    "basket",
)


def item_name(page: At, item: int) -> str:
    """What stands for the item in the address of a page."""
    if page is At.PRODUCT:
        return str(40013 + 37 * item)
    if page is At.CATEGORY:
        return str(11 + 3 * item)
    if page is At.BUNDLE:
        return str(9021 + 13 * item)
    if page is At.SEARCH:
        return _TERMS[item % 12] + ("", "+white", "+small", "+sale", "+outdoor")[item // 12]
    return f"a-{_STYLES[item % 10]}-{_THINGS[item // 10 % 15]}"


def addresses() -> list[list[str]]:
    """Addresses by page and item."""
    return [[HOST + page.path.format(item_name(At(at), item)) for item in range(page.items)]
            for at, page in enumerate(PAGES)]  # fmt: skip
