"""From what is sent to the report: uploads, jobs, those who work on them."""

from __future__ import annotations

import sqlalchemy as sa

from .columns import long_text, metadata, of_project, own_id, time

uploads = sa.Table(
    "uploads",
    metadata,
    own_id(),
    of_project(),
    long_text("name"),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("bytes", sa.BigInteger(), nullable=False),
    sa.Column("received", sa.BigInteger(), nullable=False),
    long_text("sha256", needed=False),
    time("created", needed=True),
    time("removed"),
    sa.Index("ix_uploads_project_id_sha256", "project_id", "sha256"),
)
"""`state`: receiving, stored, kept (as events in the lake), removed. `bytes` is announced, `received` is there; equal
once all have come.
"""

drops = sa.Table(
    "drops",
    metadata,
    own_id(),
    of_project(),
    sa.Column("uploads", sa.JSON(), nullable=False),
    sa.Column("answers", sa.JSON(), nullable=False),
    sa.Column("looked", sa.String(64)),
    sa.Column("look", sa.JSON(none_as_null=True)),
    time("created", needed=True),
)
"""Files that were sent together, what their sender says of them, and what was found out under these answers."""

jobs = sa.Table(
    "jobs",
    metadata,
    own_id(),
    of_project(),
    sa.Column("kind", sa.String(16), nullable=False, server_default="analysis"),
    sa.Column("report_id", sa.String(32), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    long_text("stage", needed=False),
    sa.Column("share", sa.Float(), nullable=False, default=0.0),
    sa.Column("rows", sa.BigInteger(), nullable=False, default=0),
    sa.Column("version", sa.Integer(), nullable=False, default=1),
    sa.Column("attempts", sa.Integer(), nullable=False, default=0),
    sa.Column("uploads", sa.JSON(), nullable=False),
    sa.Column("settings", sa.JSON(), nullable=False),
    sa.Column("problem", sa.JSON(none_as_null=True)),
    time("created", needed=True),
    time("started"),
    time("ended"),
    sa.Index("ix_jobs_state", "state"),
    sa.Index("ix_jobs_project_id_created_id", "project_id", "created", "id"),
)
"""`state`: queued, running, succeeded, failed, cancelled; the last three are final. `version` grows with a change."""

deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("project_id", sa.ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("key", sa.String(255), primary_key=True),
    long_text("request_sha256"),
    sa.Column("job_id", sa.String(32), nullable=False),
    time("created", needed=True),
)
"""Which job an `Idempotency-Key` has made, and of what request."""

workers = sa.Table(
    "workers",
    metadata,
    own_id(),
    sa.Column("pid", sa.Integer(), nullable=False),
    time("started", needed=True),
    time("expires", needed=True),
)
"""The lease of each worker; one that has run out is a worker that is gone."""
