"""Pipedrive: deals and persons.

Exports   Lists of deals or persons as CSV or XLSX (`Deal - Title`, `Person - Email`).
Gives     Deals with stage, value, currency and how they ended; persons with their e-mail address, which becomes a
          keyed hash.
Misses    The session. A deal without the address of its person is joined by the list of persons beside it.
"""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from friction.sources.fields import Fields
from friction.sources.spoken import outcome, said
from friction.sources.voices import Form, VoiceSource
from friction.values import dataclass

EMAIL = ("personemail", "personemailwork", "personemailhome", "personemailother", "dealpersonemail")
PERSON = ("personid", "dealpersonid", "dealcontactpersonid")


@dataclass(frozen=True, kw_only=True)
class Pipedrive(VoiceSource):
    """Deals and persons of Pipedrive."""

    name: ClassVar[str] = "pipedrive"
    forms: ClassVar[tuple[Form, ...]] = (
        Form(
            "deals",
            (("dealtitle", "dealid"), ("dealstatus", "dealstage", "dealvalue")),
            {
                "id": ("dealid",),
                "start": ("dealdealcreated", "dealcreated", "dealaddtime"),
                "closed": ("dealdealclosedon", "dealclosetime", "dealwontime", "dealclosedon"),
                "customer": PERSON,
                "email": EMAIL,
                "stage": ("dealstage",),
                "end": ("dealstatus",),
                "amount": ("dealvalue",),
                "currency": ("dealcurrencyofvalue", "dealcurrency", "dealvaluecurrency"),
                "url": ("pageurl",),
            },
        ),
        Form(
            "customers",
            (("personname", "personid"), EMAIL),
            {
                "customer": PERSON,
                "start": ("personpersoncreated", "personcreated", "personaddtime"),
                "email": EMAIL,
                "url": ("pageurl",),
            },
        ),
    )

    def columns(self, known: Fields) -> dict[str, pl.Expr]:
        """How a deal ended is its status."""
        return {"outcome": outcome(said("end"))} if known.knows("end") else {}
