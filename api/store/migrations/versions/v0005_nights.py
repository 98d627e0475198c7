"""Nightly scans: their settings and what they remember, the scans, release marks, and the lives of points."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
ADDED = (
    sa.Column("detector", sa.Text(), nullable=True),
    sa.Column("page", sa.Text(), nullable=True),
    sa.Column("target", sa.Text(), nullable=True),
    sa.Column("title", sa.Text(), nullable=True),
    sa.Column("since", sa.String(length=10), nullable=True),
    sa.Column("cost", sa.Float(), nullable=False, server_default="0"),
    sa.Column("mute_beyond", sa.Float(), nullable=True),
    sa.Column("mute_rate", sa.Float(), nullable=True),
    sa.Column("life", sa.JSON(none_as_null=True), nullable=True),
)


def upgrade() -> None:
    """Add three tables, each row visible to its project only, and what is known of a point over all nights."""
    op.create_table(
        "schedules",
        sa.Column("project_id", sa.String(length=32), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("state", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("at", sa.String(length=5), nullable=True),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("late_hours", sa.Float(), nullable=False),
        sa.Column("last_night", sa.String(length=10), nullable=True),
        sa.Column("letters_due", _TIME, nullable=True),
        sa.Column("updated", _TIME, nullable=False),
        _owner("schedules"),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_schedules")),
    )
    op.create_table(
        "scans",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("project_id", sa.String(length=32), nullable=False),
        sa.Column("night", sa.String(length=10), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=True),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("problem", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created", _TIME, nullable=False),
        sa.Column("started", _TIME, nullable=True),
        sa.Column("ended", _TIME, nullable=True),
        _owner("scans"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scans")),
    )
    op.create_index(op.f("ix_scans_project_id"), "scans", ["project_id"])
    op.create_index("ix_scans_project_id_created_id", "scans", ["project_id", "created", "id"])
    op.create_table(
        "annotations",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("project_id", sa.String(length=32), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created", _TIME, nullable=False),
        _owner("annotations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annotations")),
    )
    op.create_index(op.f("ix_annotations_project_id"), "annotations", ["project_id"])
    op.create_index("ix_annotations_project_id_at", "annotations", ["project_id", "at"])
    for column in ADDED:
        op.add_column("points", column)
    op.create_index("ix_points_project_id_cost_id", "points", ["project_id", "cost", "id"])
    for table in ("schedules", "scans", "annotations"):
        context.config.attributes["guard"](table)


def _owner(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["project_id"], ["projects.id"], name=op.f(f"fk_{table}_project_id"), ondelete="CASCADE"
    )
