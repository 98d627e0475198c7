"""What customers say (answers to surveys, tickets) and what a customer system knows of them (deals, customers).

Files of it fill tables of their own and become no events. Masked before anything is written, they are joined to the
sessions of the same people: by session, by visitor or user, by the keyed hash of an e-mail address; an answer that
names none of these stands beside the page and day it was given on.
"""

from friction.voices.tables import CUSTOMER, DEAL, FEEDBACK, SCALES, TABLES, TICKET, Voices

__all__ = ["CUSTOMER", "DEAL", "FEEDBACK", "SCALES", "TABLES", "TICKET", "Voices"]
