"""Row-level security: on PostgreSQL the database itself keeps projects apart, besides `Scope`."""

from __future__ import annotations

from alembic import op


def guard(table: str) -> None:
    """Rows of `table` can be seen and written only in a transaction of their project, also by the table's owner.

    Called by a step of the schema; on SQLite nothing happens. A transaction that has not said whose it is sees
    nothing. A superuser of the database is bound by nothing, so the service should not be one.
    """
    if op.get_bind().dialect.name != "postgresql":
        return
    said = "current_setting('friction.project', true)"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_project ON {table} USING (project_id = {said} OR {said} = '*')")
