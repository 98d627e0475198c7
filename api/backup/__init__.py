"""Backup and restore: everything a service keeps, as one file, taken while it runs.

    backup.json     what the archive is: its format, the schema, when, and every file with its size and SHA-256
    store/TABLE.jsonl   the rows of each table, in the order in which they can be put in again
    data/…          the files of the data folder: reports, lake, uploads that are needed, the secret

The rows come out of one transaction, so they fit together. Files of the folder never change once they have their
name; right after the rows were pinned they get a second name (a hard link), and are packed from there in peace.
The job engine's own tables are not taken: what is not over is in the store and is handed to the engine again.

Rows are words and numbers, no pages of a database: what was SQLite can be restored to PostgreSQL and the other way
round, and by a later version, which brings the schema up to date afterwards.
"""

from __future__ import annotations

from .restoring import restore
from .taking import backup

__all__ = ["backup", "restore"]
