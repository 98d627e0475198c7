"""Zendesk: tickets, their comments and the users who opened them.

Exports   Views of tickets as CSV, answers of the API as JSON, tables of a warehouse.
Gives     When and how somebody asked for help and about what, how it ended, whether they were content; who it was, by
          e-mail address (which becomes a keyed hash) or by the external id that the site has given its users.
Misses    The session. Zendesk's own numbers of users say nothing about visitors: a table of users beside the tickets
          joins them. Of a table of comments alone, the first one stands for its ticket.
"""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from friction.sources.fields import Fields
from friction.sources.spoken import said
from friction.sources.voices import Form, VoiceSource
from friction.values import dataclass


@dataclass(frozen=True, kw_only=True)
class Zendesk(VoiceSource):
    """Tickets and users of Zendesk."""

    name: ClassVar[str] = "zendesk"
    forms: ClassVar[tuple[Form, ...]] = (
        Form(
            "tickets",
            (("requesterid", "requester"), ("subject",), ("status",)),
            {
                "id": ("id", "ticketid"),
                "start": ("createdat", "created", "requested"),
                "closed": ("solvedat", "closedat"),
                "customer": ("requesterid",),
                "user": ("requesterexternalid",),
                "email": ("requesteremail", "viasourcefromaddress"),
                "subject": ("subject",),
                "body": ("description",),
                "channel": ("viachannel", "via"),
                "status": ("status",),
                "priority": ("priority",),
                "category": ("type", "tickettype"),
                "tags": ("tags",),
                "satisfied": ("satisfactionratingscore", "satisfactionrating", "satisfactionscore"),
                "gone": ("status",),
                "url": ("pageurl", "submittedfrom"),
                "session": ("sessionid",),
                "visitor": ("visitorid",),
            },
        ),
        Form(
            "tickets",
            (("ticketid",), ("authorid", "userid"), ("body", "plainbody")),
            {
                "id": ("ticketid",),
                "start": ("createdat", "created"),
                "customer": ("authorid", "userid"),
                "body": ("plainbody", "body"),
                "channel": ("viachannel",),
                "url": ("pageurl",),
                "user": ("requesterexternalid",),
            },
        ),
        Form(
            "customers",
            (("role",), ("email",), ("ticketrestriction", "suspended", "organizationid", "externalid")),
            {
                "customer": ("id",),
                "start": ("createdat",),
                "user": ("externalid",),
                "email": ("email",),
                "stage": ("role",),
                "url": ("pageurl",),
            },
        ),
    )

    def columns(self, known: Fields) -> dict[str, pl.Expr]:
        """A ticket that was deleted is none."""
        return {"gone": said("status").str.to_lowercase() == "deleted"} if known.knows("status") else {}
