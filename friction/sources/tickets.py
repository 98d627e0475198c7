"""Calls for help from any help desk, chat or telephone system: a table with a ticket, a time and what it was about.

Exports   CSV, XLSX, JSON of Freshdesk, Intercom, Jira Service Management, a table of one's own …, in English or French
Gives     When and how somebody asked for help and about what; who it was, by session, visitor, user or e-mail address,
          which becomes a keyed hash.
Misses    What the names of the columns do not say.
"""

from __future__ import annotations

from typing import ClassVar

from friction.sources.base import InputFile
from friction.sources.seen import seen
from friction.sources.survey import EVENTS
from friction.sources.voices import Form, VoiceSource, names_of
from friction.values import dataclass

NUMBER = (
    *("ticketid", "ticketnumber", "ticket", "caseid", "conversationid", "issuekey", "requestid", "contactid"),
    *("idticket", "idduticket", "identifiantduticket", "numeroticket", "numeroduticket", "numerodeticket"),
    *("ndeticket", "nduticket", "idconversation", "iddemande", "numerodedemande", "numerodelademande"),
)
CREATED = (
    *(
        "createdat",
        "created",
        "createdtime",
        "opened",
        "openedat",
        "createddate",
        "date",
        "timestamp",
        "time",
    ),
    *("creele", "datedecreation", "dateetheuredecreation", "ouvertle", "datedouverture", "datedelademande"),
)
ABOUT = (
    *("subject", "title", "summary", "description", "topic", "category", "message", "body", "reason"),
    *("objet", "sujet", "titre", "resume", "motif", "categorie"),
)


@dataclass(frozen=True, kw_only=True)
class Tickets(VoiceSource):
    """Any table of calls for help."""

    name: ClassVar[str] = "tickets"
    forms: ClassVar[tuple[Form, ...]] = (
        Form(
            "tickets",
            (NUMBER, CREATED, ABOUT),
            {
                "id": NUMBER,
                "start": CREATED,
                "closed": (
                    *("closedat", "closed", "resolvedat", "resolvedtime", "solvedat"),
                    *(
                        "fermele",
                        "closle",
                        "resolule",
                        "datedefermeture",
                        "datedecloture",
                        "datederesolution",
                    ),
                ),
                "customer": ("requesterid", "contactpersonid", "iddemandeur", "iddudemandeur"),
                "user": ("userid", "externalid", "customerid", "uid", "idutilisateur", "idclient"),
                "email": (
                    *("requesteremail", "email", "contactemail", "customeremail", "from", "mail"),
                    *(
                        "courriel",
                        "courrieldudemandeur",
                        "emaildudemandeur",
                        "emaildemandeur",
                        "adresseemail",
                    ),
                    *(
                        "adressemail",
                        "adresseelectronique",
                        "emailclient",
                        "emailduclient",
                        "courrielduclient",
                    ),
                ),
                "subject": (
                    *("subject", "title", "summary", "topic", "reason"),
                    *("objet", "sujet", "titre", "resume", "motif"),
                ),
                "body": ("description", "body", "message", "text", "texte"),
                "channel": ("channel", "source", "via", "origin", "canal", "origine"),
                "status": ("status", "state", "statut", "etat"),
                "priority": ("priority", "priorite"),
                "category": ("category", "type", "tickettype", "categorie", "typededemande"),
                "tags": ("tags", "labels", "etiquettes"),
                "satisfied": ("satisfaction", "csat", "rating"),
            },
        ),
    )

    def sniff(self, file: InputFile) -> float:
        """Likely where a ticket has a number, a time and a subject, and nothing is an event."""
        names = names_of(seen(file))
        return 0.7 if self.forms[0].fits(names) and not names & EVENTS else 0.0
