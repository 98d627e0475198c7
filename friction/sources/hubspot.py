"""HubSpot: tickets, deals and contacts.

Exports   Lists as CSV or XLSX, answers of the API as JSON, tables of a warehouse (`property_…`).
Gives     When somebody asked for help and about what; deals with stage, amount and how they ended; contacts with
          their e-mail address, which becomes a keyed hash, and their stage.
Misses    The session. Tickets and deals name contacts by HubSpot's number: the list of contacts beside them joins
          them to visitors. Times of lists stand in the zone of the account, which they do not name.
"""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from friction.sources.casts import truth
from friction.sources.fields import Fields
from friction.sources.spoken import outcome, said
from friction.sources.voices import Form, VoiceSource
from friction.values import dataclass

PERSON = ("associatedcontactids", "associatedcontactid", "contactid", "associationscontactsresultsid")
EMAIL = ("associatedcontactemail", "contactemail", "hsthreademail", "email")


@dataclass(frozen=True, kw_only=True)
class HubSpot(VoiceSource):
    """Tickets, deals and contacts of HubSpot."""

    name: ClassVar[str] = "hubspot"
    forms: ClassVar[tuple[Form, ...]] = (
        Form(
            "tickets",
            (
                ("ticketname", "hsticketcategory", "hsticketpriority", "ticketstatus"),
                ("ticketid", "recordid", "hspipelinestage", "id"),
            ),
            {
                "id": ("ticketid", "recordid", "hsobjectid", "id"),
                "start": ("createdate", "createdat"),
                "closed": ("closedate", "closeddate"),
                "customer": PERSON,
                "email": EMAIL,
                "subject": ("ticketname", "subject"),
                "body": ("ticketdescription", "content", "description"),
                "channel": ("source", "sourcetype"),
                "status": ("ticketstatus", "hspipelinestage"),
                "priority": ("priority", "hsticketpriority"),
                "category": ("category", "hsticketcategory"),
                "gone": ("isdeleted",),
                "url": ("pageurl", "hssourceurl"),
            },
        ),
        Form(
            "deals",
            (
                ("dealname", "dealstage"),
                ("dealstage", "amount"),
                ("recordid", "dealid", "hsobjectid", "id", "dealname"),
            ),
            {
                "id": ("dealid", "recordid", "hsobjectid", "id"),
                "start": ("createdate", "createdat"),
                "closed": ("closedate",),
                "customer": PERSON,
                "email": EMAIL,
                "stage": ("dealstage",),
                "amount": ("amount", "amountincompanycurrency"),
                "currency": ("currency", "dealcurrencycode"),
                "gone": ("isdeleted",),
                "url": ("pageurl",),
            },
        ),
        Form(
            "customers",
            (("lifecyclestage", "hsleadstatus", "leadstatus"), ("email",)),
            {
                "customer": ("recordid", "contactid", "hsobjectid", "vid", "id"),
                "start": ("becameacustomerdate", "createdate", "createdat"),
                "email": ("email",),
                "stage": ("lifecyclestage",),
                "country": ("countryregion", "country"),
                "gone": ("isdeleted",),
                "url": ("pageurl",),
            },
        ),
    )

    def columns(self, known: Fields) -> dict[str, pl.Expr]:
        """How a deal ended is said by its stage; of several contacts the first one counts; what was deleted is gone."""
        made = {"outcome": outcome(said("stage"))} if known.knows("stage") else {}
        if known.knows("gone"):
            made["gone"] = truth(pl.col("gone"))
        if known.knows("customer"):
            made["customer_id"] = said("customer").str.extract(r"^([^;,\s]+)")
        return made
