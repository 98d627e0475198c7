"""Who may come in, and who was let out again."""

from __future__ import annotations

import sqlalchemy as sa

from .columns import long_text, metadata, of_project, own_id, time

keys = sa.Table(
    "keys",
    metadata,
    own_id(),
    of_project(),
    long_text("name"),
    sa.Column("scope", sa.String(10), nullable=False),
    sa.Column("digest", sa.String(64)),
    sa.Column("person", sa.String(320)),
    time("created", needed=True),
    time("expires"),
    time("used"),
    time("revoked"),
    sa.Index("ix_keys_person", "person"),
)
"""Who may come in. A key has the SHA-256 of a secret, or the address of a person whom a login provider knows."""

logins = sa.Table(
    "logins",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    of_project(),
    sa.Column("key_id", sa.ForeignKey("keys.id", ondelete="CASCADE"), nullable=False),
    time("created", needed=True),
    time("seen", needed=True),
)
"""Who is logged in, with which key; `id` is the SHA-256 of what the cookie holds."""

shares = sa.Table(
    "shares",
    metadata,
    own_id(),
    of_project(),
    sa.Column("report_id", sa.ForeignKey("reports.id", ondelete="CASCADE"), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),
    time("created", needed=True),
    time("expires", needed=True),
    sa.Index("ix_shares_report_id", "report_id"),
)
"""Links that show one report to whoever has them; of what stands in their address only the SHA-256 is kept."""

erased = sa.Table(
    "erased",
    metadata,
    sa.Column("project_id", sa.ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("visitor", sa.String(64), primary_key=True),
    time("created", needed=True),
)
"""Visitors who are to stay forgotten, as keyed hashes."""
