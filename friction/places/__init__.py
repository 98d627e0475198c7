"""Places outside: buckets, databases and tables of lakes, and how their data come into the spool.

Fetching and reading are apart. A process with network and credentials (`friction.fetch`) brings bytes, or the rows of
a query as they come, into a private folder and looks into none of them; the process that reads (`friction.child`) has
neither. Of a table of a lake both have a part: which files make it up is read in the log by who fetches them, their
rows are put together by who reads.

    parse(text, sources)                  what an address or `source:NAME` says; null for a path
    listed(place, …)                      what is there now, each with the mark that changes when its content does
    fetched(place, into, …)               all of it, or only some, as files; of a query also only what is new

Passwords never stand in an address or an option; they come from where the place's own tools look (`credentials`).
"""

from __future__ import annotations

from friction.places.address import Place, is_address, parse
from friction.places.fetching import Fetched, Item, fetched, flattened, listed
from friction.places.kinds import table_of

__all__ = ["Fetched", "Item", "Place", "fetched", "flattened", "is_address", "listed", "parse", "table_of"]
