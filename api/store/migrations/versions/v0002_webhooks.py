"""Webhooks, and the messages that wait for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add three tables, each row visible to its project only."""
    op.create_table(
        "webhooks",
        sa.Column("id", sa.String(length=32), nullable=False),
        _project(),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("renewed", _TIME, nullable=True),
        sa.Column("created", _TIME, nullable=False),
        _owner("webhooks"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
    )
    op.create_index(op.f("ix_webhooks_project_id"), "webhooks", ["project_id"])
    op.create_table(
        "hook_messages",
        sa.Column("id", sa.String(length=32), nullable=False),
        _project(),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created", _TIME, nullable=False),
        _owner("hook_messages"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook_messages")),
    )
    op.create_index(op.f("ix_hook_messages_project_id"), "hook_messages", ["project_id"])
    op.create_index("ix_hook_messages_created", "hook_messages", ["created"])
    op.create_table(
        "hook_deliveries",
        sa.Column("message_id", sa.String(length=32), nullable=False),
        sa.Column("webhook_id", sa.String(length=32), nullable=False),
        _project(),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("due", _TIME, nullable=True),
        sa.Column("ended", _TIME, nullable=True),
        _owner("hook_deliveries"),
        _link("message_id", "hook_messages"),
        _link("webhook_id", "webhooks"),
        sa.PrimaryKeyConstraint("message_id", "webhook_id", name=op.f("pk_hook_deliveries")),
    )
    op.create_index(op.f("ix_hook_deliveries_project_id"), "hook_deliveries", ["project_id"])
    op.create_index("ix_hook_deliveries_state_due", "hook_deliveries", ["state", "due"])
    for table in ("webhooks", "hook_messages", "hook_deliveries"):
        context.config.attributes["guard"](table)


def _project() -> sa.Column[str]:
    return sa.Column("project_id", sa.String(length=32), nullable=False)


def _owner(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_project_id")
    return sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=name, ondelete="CASCADE")


def _link(column: str, table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_hook_deliveries_{column}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, ondelete="CASCADE")
