"""What the service remembers: one relational database, SQLite in the data folder or PostgreSQL.

    store = Store.open(url)             # a process opens it once
    with store.write(project) as here:  # one transaction, bound to one project
        uploads.add(here, ...)

Every table but `projects` and `workers` carries its project, and every statement on such a table goes through a
`Scope`, which adds the project's condition; on PostgreSQL row-level security holds the same line once more. Events
never lie here: they are Parquet in the lake.
"""

from .engine import Store
from .scope import EVERY_PROJECT, Scope

__all__ = ["EVERY_PROJECT", "Scope", "Store"]
