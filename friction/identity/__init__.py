"""Who is the same person: ids of devices, of accounts and e-mail addresses, put together where the data say so.

Nothing is guessed. An event that bears the id of a device and that of an account joins the two (a login); one that
bears an e-mail address joins it to both; tables of customers, tickets and answers join addresses and accounts. All
links count at once, so the order of rows and files does not matter. What speaks against a link keeps it apart: a
device that several people have used belongs to none of them, and an address that stands with many accounts (a shared
mailbox) joins nothing. `[identity]` takes single ids out, or leaves everybody as the files name them.
"""

from friction.identity.links import IDS, LINK, of_rows, of_voices, of_words
from friction.identity.stitch import MOST_ACCOUNTS, People, stitched

__all__ = ["IDS", "LINK", "MOST_ACCOUNTS", "People", "of_rows", "of_voices", "of_words", "stitched"]
