"""Salesforce: cases, opportunities and contacts.

Exports   Reports and data exports as CSV or XLSX, answers of the API as JSON, tables of a warehouse.
Gives     When somebody asked for help, how and why; opportunities with stage, amount and how they ended; contacts
          with their e-mail address, which becomes a keyed hash.
Misses    The session. Cases and opportunities name contacts by Salesforce's id: an export of contacts beside them
          joins them to visitors, where a case does not bear the address itself.
"""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from friction.sources.casts import truth
from friction.sources.fields import Fields
from friction.sources.spoken import outcome, said
from friction.sources.voices import Form, VoiceSource
from friction.values import dataclass


@dataclass(frozen=True, kw_only=True)
class Salesforce(VoiceSource):
    """Cases, opportunities and contacts of Salesforce."""

    name: ClassVar[str] = "salesforce"
    forms: ClassVar[tuple[Form, ...]] = (
        Form(
            "tickets",
            (("casenumber",), ("origin", "caseorigin", "status", "subject")),
            {
                "id": ("casenumber", "id"),
                "start": ("createddate", "datetimeopened", "openeddate", "dateopened"),
                "closed": ("closeddate", "datetimeclosed", "closedate"),
                "customer": ("contactid",),
                "email": ("contactemail", "suppliedemail", "webemail", "email"),
                "subject": ("subject",),
                "body": ("description",),
                "channel": ("origin", "caseorigin"),
                "status": ("status",),
                "priority": ("priority",),
                "category": ("reason", "casereason", "type"),
                "gone": ("isdeleted",),
                "url": ("pageurl", "pageurlc"),
            },
        ),
        Form(
            "deals",
            (
                ("stagename", "stage"),
                ("opportunityname", "opportunityid", "iswon", "forecastcategory", "amount"),
            ),
            {
                "id": ("id", "opportunityid"),
                "start": ("createddate",),
                "closed": ("closedate",),
                "customer": ("contactid",),
                "email": ("contactemail", "email"),
                "stage": ("stagename", "stage"),
                "won": ("iswon", "won"),
                "shut": ("isclosed",),
                "amount": ("amount",),
                "currency": ("currencyisocode", "amountcurrency"),
                "gone": ("isdeleted",),
                "url": ("pageurl",),
            },
        ),
        Form(
            "customers",
            (
                ("lastname",),
                ("email",),
                ("accountid", "contactid", "mailingcity", "createddate", "leadsource"),
            ),
            {
                "customer": ("id", "contactid"),
                "start": ("createddate",),
                "email": ("email",),
                "country": ("mailingcountry",),
                "gone": ("isdeleted",),
                "url": ("pageurl",),
            },
        ),
    )

    def columns(self, known: Fields) -> dict[str, pl.Expr]:
        """An opportunity says itself whether it was won; else its stage does. What was deleted is gone."""
        made: dict[str, pl.Expr] = {}
        if known.knows("stage"):
            made["outcome"] = outcome(said("stage"))
        if known.knows("won"):
            won = truth(pl.col("won"))
            shut = truth(pl.col("shut")) if known.knows("shut") else pl.lit(None, pl.Boolean())
            said_ = pl.when(won).then(pl.lit("won")).when(shut).then(pl.lit("lost"))
            made["outcome"] = pl.coalesce(said_, outcome(said("stage")))
        return made | ({"gone": truth(pl.col("gone"))} if known.knows("gone") else {})
