"""What can be clicked in the shop, as a recorder describes it."""

from __future__ import annotations

from dataclasses import field

import polars as pl

from friction.schema import EVENT
from friction.testing.shop.forms import FORM_AT
from friction.values import dataclass


@dataclass(frozen=True)
class Element:
    """One element: its stable selector, its own facts, and where it lies on a wide screen."""

    target: str
    tag: str
    text: str | None = None
    classes: tuple[str, ...] = ()
    role: str | None = None
    label: str | None = None
    href: str | None = None
    type: str | None = None
    attrs: str | None = None
    name: str | None = None
    at: tuple[int, int] = (600, 400)

    @property
    def id(self) -> str | None:
        """Its id, where the selector ends in one."""
        return (
            self.target.partition("#")[2] or None if "#" in self.target and "." not in self.target else None
        )


@dataclass(frozen=True)
class Catalogue:
    """Elements by key; `code` is the key's number, `table` has one row for each in that order."""

    elements: dict[str, Element]
    codes: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.codes.update({key: code for code, key in enumerate(self.elements)})

    def table(self) -> pl.DataFrame:
        """The element columns of the event table."""
        rows = self.elements.values()
        columns = {
            "target": [e.target for e in rows],
            "el_tag": [e.tag for e in rows],
            "el_id": [e.id for e in rows],
            "el_role": [e.role for e in rows],
            "el_type": [e.type for e in rows],
            "el_name": [e.name for e in rows],
            "el_text": [e.text for e in rows],
            "el_aria_label": [e.label for e in rows],
            "el_href": [e.href for e in rows],
            "el_classes": [list(e.classes) or None for e in rows],
            "el_attrs": [e.attrs for e in rows],
        }
        return pl.DataFrame(columns, schema={name: EVENT[name] for name in columns})


def _button(target: str, text: str, at: tuple[int, int], **more: str) -> Element:
    classes = tuple(target.split(".")[1:])
    return Element(target, "button", text, classes, at=at, **more)


def _link(target: str, text: str, href: str, at: tuple[int, int]) -> Element:
    return Element(target, "a", text, tuple(target.split(".")[1:]), href=href, at=at)


_POINTER = '{"cursor":"pointer"}'
_ELEMENTS: dict[str, Element] = {
    # the way through the shop
    "logo": _link("a.logo", "Hearthside", "/", (90, 40)),
    "menu": _link("a.menu-entry", "All categories", "/category/11", (260, 40)),
    "card": _link("a.product-card", "View product", "/product/40013", (420, 520)),
    "bundle card": _link("a.bundle-card", "View set", "/bundle/9021", (820, 520)),
    "teaser": _link("a.teaser", "Read more", "/blog", (480, 700)),
    "offers link": _link("a.offers-link", "Offers", "/offers", (360, 40)),
    "blog link": _link("a.journal-link", "Journal", "/blog", (450, 40)),
    "help link": _link("a.help-link", "Help", "/help", (960, 40)),
    "stores link": _link("a.stores-link", "Stores", "/stores", (1020, 40)),
    "orders link": _link("a.account-link", "My orders", "/account/orders", (1090, 40)),
    "contact link": _link("a.contact-link", "Write to us", "/help/contact", (500, 620)),
    "cart link": _link("a.cart-link", "Cart", "/cart", (1180, 40)),
    "guest": _button("button#guest-checkout", "Check out as a guest", (1010, 560), type="button"),
    "to register": _button("button#create-account", "Create an account", (1010, 620), type="button"),
    "search send": _button("button#search-go", "Search", (760, 40), type="submit"),
    # what forms are sent with
    "register send": _button("button#register", "Create account", (640, 610), type="submit"),
    "contact send": _button("button#send-message", "Send", (640, 700), type="submit"),
    "to payment": _button("button#continue-to-payment", "Continue to payment", (640, 820), type="submit"),
    "pay now": _button("button#pay-now", "Pay now", (640, 760), type="submit"),
    "add to cart": _button("button#add-to-cart", "Add to cart", (980, 470), type="button"),
    # planted, besides
    "home tile": Element("div.service-tile", "div", "Free returns", ("service-tile",), at=(640, 640),
                         attrs=_POINTER),
    "filter apply": _button("button#apply-filter", "Show results", (140, 640), type="button"),
    "search sort": _button("button#sort-results", "Sort by price", (1040, 160), type="button"),
    "wishlist": _button("button.wishlist-heart", "Remember", (1120, 300), type="button"),
    "availability": Element("div.store-stock", "div", "In your store?", ("store-stock",), at=(980, 560),
                            role="button"),
    "share": _button("button.share-article", "Share", (200, 300), type="button"),
    "gift hint": Element("a.gift-hint", "a", "Your free gift", ("gift-hint",), role="button", at=(420, 620)),
    "voucher apply": _button("button#apply-voucher", "Redeem", (1060, 420), type="button"),
    # ordinary things people click while looking
    "filter colour": _button("button.filter-colour", "Oak", (140, 320), type="button"),
    "photo": _button("button.photo-thumbnail", "Show photo", (320, 620), type="button"),
    "details": Element("summary.details", "summary", "Size and care", ("details",), at=(640, 760)),
    "newsletter": _button("button#newsletter", "Stay in touch", (640, 980), type="button"),
    "store row": _button("button.store-row", "Opening hours", (240, 420), type="button"),
    "question": Element("summary.question", "summary", "When will it arrive?", ("question",), at=(600, 480)),
    "remove line": _button("button.remove-line", "Remove", (760, 360), type="button"),
    "order row": _button("button.order-row", "Show order", (640, 380), type="button"),
    "delivery option": Element("label.delivery-option", "label", "Parcel", ("delivery-option",)),
    "payment option": Element("label.payment-option", "label", "Card", ("payment-option",), at=(560, 360)),
    "paragraph": Element("p.body-text", "p", "Made of solid oak", ("body-text",), at=(600, 560)),
    # look-alikes
    "more": _button("button.quantity-plus", "+", (700, 360), type="button", label="Increase quantity"),
    "fewer": _button("button.quantity-minus", "\N{MINUS SIGN}", (640, 360), type="button",
                     label="Decrease quantity"),
    "carousel next": _button("button.carousel-next", ">", (1180, 420), type="button", label="Next photo"),
    "month next": _button("button.calendar-next-month", ">", (760, 640), type="button", label="Next month"),
    "video": Element("video.room-tour", "video", None, ("room-tour",), at=(640, 420)),
    "map": Element("canvas#store-map", "canvas", None, (), at=(760, 480)),
}  # fmt: skip


def _with_fields() -> dict[str, Element]:
    """The elements above and the fields of all forms, keyed `form field`."""
    elements = dict(_ELEMENTS)
    for form in FORM_AT.values():
        for row, item in enumerate(form.fields):
            tag = "textarea" if item.type == "textarea" else "input"
            kind = None if tag == "textarea" else item.type
            target = f'{form.name} > {tag}[name="{item.name}"]'
            elements[f"{form.name} {item.name}"] = Element(
                target, tag, type=kind, name=item.name, at=(560, 280 + 70 * row)
            )
    return elements


CATALOGUE = Catalogue(_with_fields())
