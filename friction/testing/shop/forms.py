"""The shop's forms and their fields, in the order in which people fill them in."""

from __future__ import annotations

import numpy as np

from friction.testing.shop.chance import Ints
from friction.testing.shop.pages import PAGES, At
from friction.values import dataclass


@dataclass(frozen=True)
class Field:
    """One field: its name, its type, and how many characters people type."""

    name: str
    type: str
    low: int
    high: int


@dataclass(frozen=True)
class Form:
    """One form, the page it leads to, and the element that sends it."""

    name: str
    towards: At
    submit: str
    fields: tuple[Field, ...]


FORM_AT: dict[At, Form] = {
    At.REGISTER: Form(
        "form#register",
        At.ADDRESS,
        "register send",
        (Field("email", "email", 14, 28), Field("password", "password", 8, 15)),
    ),
    At.ADDRESS: Form(
        "form#address",
        At.PAYMENT,
        "to payment",
        (
            Field("name", "text", 8, 22),
            Field("street", "text", 9, 26),
            Field("zip", "text", 4, 7),
            Field("city", "text", 5, 16),
            Field("phone", "tel", 9, 14),
        ),
    ),
    At.PAYMENT: Form(
        "form#payment",
        At.DONE,
        "pay now",
        (Field("card", "text", 16, 20), Field("expiry", "text", 4, 6), Field("cvc", "password", 3, 4)),
    ),
    At.CONTACT: Form(
        "form#contact",
        At.HOME,
        "contact send",
        (Field("subject", "text", 8, 40), Field("message", "textarea", 40, 400)),
    ),
}
FORM_FIELDS: Ints = np.array(
    [len(FORM_AT[At(at)].fields) if at in FORM_AT else 0 for at in range(len(PAGES))]
)
"""Number of form fields, by page."""
