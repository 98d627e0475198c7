"""Visitors who are to stay forgotten, and jobs that are no analyses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a table whose rows are visible to their project only, and a column of jobs."""
    op.create_table(
        "erased",
        sa.Column("project_id", sa.String(length=32), nullable=False),
        sa.Column("visitor", sa.String(length=64), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_erased_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", "visitor", name=op.f("pk_erased")),
    )
    context.config.attributes["guard"]("erased")
    op.add_column("jobs", sa.Column("kind", sa.String(length=16), nullable=False, server_default="analysis"))
