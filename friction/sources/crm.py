"""Deals and customers from any customer system: a table with an amount and a stage, or with people and their addresses.

Exports   CSV, XLSX, JSON of Zoho, Dynamics, a table of one's own …
Gives     Deals with stage, amount and how they ended; customers by e-mail address, which becomes a keyed hash, or by
          the id that the site has given them.
Misses    What the names of the columns do not say.
"""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from friction.sources.base import InputFile
from friction.sources.fields import Fields
from friction.sources.seen import seen
from friction.sources.spoken import outcome, said
from friction.sources.survey import EVENTS
from friction.sources.voices import SITE_IDS, Form, VoiceSource, names_of
from friction.values import dataclass

CREATED = (
    "createdat",
    "created",
    "createddate",
    "createdate",
    "createdtime",
    "date",
    "customersince",
    "signupdate",
)


@dataclass(frozen=True, kw_only=True)
class Crm(VoiceSource):
    """Any table of deals or customers."""

    name: ClassVar[str] = "crm"
    forms: ClassVar[tuple[Form, ...]] = (
        Form(
            "deals",
            (
                ("dealid", "opportunityid", "dealname", "deal"),
                ("stage", "dealstage", "status", "outcome", "amount"),
            ),
            {
                "id": ("dealid", "opportunityid", "id", "dealname", "deal"),
                "start": CREATED,
                "closed": ("closedat", "closed", "closedate", "closeddate"),
                "customer": ("contactid", "personid"),
                "user": ("userid", "externalid", "customerid", "uid"),
                "stage": ("stage", "dealstage"),
                "end": ("outcome", "status", "stage", "dealstage"),
                "amount": ("amount", "value", "dealvalue", "revenue"),
                "currency": ("currency",),
            },
        ),
        Form(
            "customers",
            (
                ("customerid", "contactid", "userid", "externalid"),
                SITE_IDS["email"],
                (
                    "customersince",
                    "lifecyclestage",
                    "segment",
                    "plan",
                    "firstname",
                    "lastname",
                    "name",
                    "company",
                ),
            ),
            {
                "customer": ("contactid",),
                "user": ("userid", "externalid", "customerid"),
                "start": CREATED,
                "stage": ("lifecyclestage", "segment", "plan"),
                "country": ("country",),
            },
        ),
    )

    def sniff(self, file: InputFile) -> float:
        """Likely where deals have a stage, or people an address and no page or event stands beside them."""
        names = names_of(seen(file))
        pages = {"url", "page", "pageurl", "path"}
        return 0.65 if self.form(names) and not names & (EVENTS | pages) else 0.0

    def columns(self, known: Fields) -> dict[str, pl.Expr]:
        """How a deal ended, by the words for it."""
        end = next((label for label in ("end", "stage") if known.knows(label)), None)
        return {"outcome": outcome(said(end))} if end else {}
