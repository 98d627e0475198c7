"""`[sources.NAME]`: a place outside that holds data, so that `source:NAME` stands for it wherever an input is named.

[sources.shop]
at = "postgresql://analyst@db.example.com/shop"
query = "SELECT * FROM events WHERE site = 'shop'"
watermark = "at"
credentials = "shop.env"
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class SourceSettings(BaseModel):
    """A bucket, a table of a lake, or a table or query of a database. It never holds a password."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: str
    """The address, like `s3://exports/2026/*.json.gz` or `postgresql://analyst@db.example.com/shop`."""
    table: str | None = None
    """Of a database: the table or view, with its schema where it needs one."""
    query: str | None = None
    """Of a database: the SELECT whose rows are read, in the place of `table`."""
    watermark: str | None = None
    """Of a database: the column that grows with every new row; a scan then asks only for what is new."""
    late_hours: Annotated[float, Field(ge=0)] = 24.0
    """Of a watermark that is a time: so many hours before it are asked for again, for rows that came late; what is
    known already counts once."""
    credentials: str | None = None
    """A file of lines `NAME=value` that only who fetches this source gets, seen from the configuration file; null: the
    environment and the files that the place's own tools use."""
