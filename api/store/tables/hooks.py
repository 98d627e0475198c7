"""Webhooks: who wants to hear, what is told, and how its delivery goes."""

from __future__ import annotations

import sqlalchemy as sa

from .columns import long_text, metadata, of_project, own_id, time

webhooks = sa.Table(
    "webhooks",
    metadata,
    own_id(),
    of_project(),
    long_text("url"),
    sa.Column("events", sa.JSON(), nullable=False),
    sa.Column("only", sa.JSON(none_as_null=True)),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("generation", sa.Integer(), nullable=False, default=1),
    time("renewed"),
    time("created", needed=True),
)
"""`state`: active, paused (by a person), failing (by itself). `generation` counts the secrets it has had."""

hook_messages = sa.Table(
    "hook_messages",
    metadata,
    own_id(),
    of_project(),
    sa.Column("type", sa.String(40), nullable=False),
    long_text("body"),
    time("created", needed=True),
    sa.Index("ix_hook_messages_created", "created"),
)
"""What was told, byte for byte as each receiver gets it."""

hook_deliveries = sa.Table(
    "hook_deliveries",
    metadata,
    sa.Column("message_id", sa.ForeignKey("hook_messages.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("webhook_id", sa.ForeignKey("webhooks.id", ondelete="CASCADE"), primary_key=True),
    of_project(),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("attempts", sa.Integer(), nullable=False, default=0),
    sa.Column("status", sa.Integer()),
    long_text("fault", needed=False),
    time("due"),
    time("ended"),
    sa.Index("ix_hook_deliveries_state_due", "state", "due"),
)
"""`state`: waiting, delivered, given_up. `due` is the next attempt; `status` and `fault` are of the last one."""
