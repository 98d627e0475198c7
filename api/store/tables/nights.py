"""Nightly scans, and the moments people note beside them."""

from __future__ import annotations

import sqlalchemy as sa

from .columns import long_text, metadata, of_project, own_id, time

schedules = sa.Table(
    "schedules",
    metadata,
    sa.Column("project_id", sa.ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("settings", sa.JSON(), nullable=False),
    sa.Column("state", sa.JSON(none_as_null=True)),
    sa.Column("at", sa.String(5)),
    long_text("zone"),
    sa.Column("late_hours", sa.Float(), nullable=False),
    sa.Column("last_night", sa.String(10)),
    time("letters_due"),
    time("updated", needed=True),
)
"""How a project is scanned at night, and what its scans remember besides the lives of its points."""

scans = sa.Table(
    "scans",
    metadata,
    sa.Column("id", sa.String(80), primary_key=True),
    of_project(),
    sa.Column("night", sa.String(10)),
    sa.Column("since", sa.String(10)),
    sa.Column("until", sa.String(10)),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("report_id", sa.String(32)),
    sa.Column("said", sa.JSON(), nullable=False),
    sa.Column("problem", sa.JSON(none_as_null=True)),
    time("created", needed=True),
    time("started"),
    time("ended"),
    sa.Index("ix_scans_project_id_created_id", "project_id", "created", "id"),
)
"""`state`: queued, running, succeeded, failed. `since`, `until`: the nights that were asked for; null: the latest."""

release_marks = sa.Table(
    "annotations",
    metadata,
    own_id(),
    of_project(),
    time("at", needed=True),
    long_text("text"),
    time("created", needed=True),
    sa.Index("ix_annotations_project_id_at", "project_id", "at"),
)
"""Releases and other moments."""
