"""Projects, what each settles for itself, and what was done in them."""

from __future__ import annotations

import sqlalchemy as sa

from .columns import long_text, metadata, of_project, own_id, time

LOCAL = "local"
"""Name of the project that a fresh service has."""

projects = sa.Table(
    "projects", metadata, own_id(), sa.Column("name", sa.Text(), nullable=False, unique=True), time("created")
)

settings = sa.Table(
    "settings",
    metadata,
    sa.Column("project_id", sa.ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("sections", sa.JSON(), nullable=False),
    time("changed", needed=True),
)
"""What a project settles once for all its analyses: sections of the configuration."""

mappings = sa.Table(
    "mappings",
    metadata,
    sa.Column("project_id", sa.ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("name", sa.String(100), primary_key=True),
    sa.Column("columns", sa.JSON(), nullable=False),
    time("created", needed=True),
)

plans = sa.Table(
    "plans",
    metadata,
    sa.Column("project_id", sa.ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("words", sa.JSON(), nullable=False),
    time("changed", needed=True),
)
"""What people write beside the customer journey: notes by stage, decisions about actions by point."""

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
    of_project(),
    long_text("actor"),
    long_text("action"),
    long_text("thing", needed=False),
    time("created", needed=True),
)
"""Who did what to which thing; never the data itself."""
