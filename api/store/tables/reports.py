"""Reports, their points, and the life of a point over reports."""

from __future__ import annotations

import sqlalchemy as sa

from .columns import long_text, metadata, of_project, own_id, time

reports = sa.Table(
    "reports",
    metadata,
    own_id(),
    of_project(),
    sa.Column("job_id", sa.String(32), nullable=False),
    long_text("sha256"),
    sa.Column("bytes", sa.BigInteger(), nullable=False),
    sa.Column("summary", sa.JSON(), nullable=False),
    time("created", needed=True),
    sa.Index("ix_reports_project_id_created_id", "project_id", "created", "id"),
)

report_points = sa.Table(
    "report_points",
    metadata,
    sa.Column("report_id", sa.ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("point_id", sa.String(16), primary_key=True),
    of_project(),
    sa.Column("position", sa.Integer(), nullable=False),
    long_text("detector"),
    long_text("page", needed=False),
    long_text("target", needed=False),
    sa.Column("score", sa.Float()),
    sa.Column("start", sa.BigInteger(), nullable=False),
    sa.Column("length", sa.Integer(), nullable=False),
    sa.Index("ix_report_points_report_id_position", "report_id", "position"),
    sa.Index("ix_report_points_project_id_point_id", "project_id", "point_id"),
)
"""The points of each report: columns to filter by, and where in its JSON the whole point stands."""

points = sa.Table(
    "points",
    metadata,
    sa.Column("project_id", sa.ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("version", sa.Integer(), nullable=False, default=1),
    sa.Column("first_report", sa.String(32), nullable=False),
    sa.Column("last_report", sa.String(32), nullable=False),
    time("first_seen", needed=True),
    time("last_seen", needed=True),
    long_text("owner", needed=False),
    long_text("note", needed=False),
    long_text("link", needed=False),
    long_text("mute_reason", needed=False),
    time("muted_until"),
    long_text("detector", needed=False),
    long_text("page", needed=False),
    long_text("target", needed=False),
    long_text("title", needed=False),
    sa.Column("since", sa.String(10)),
    sa.Column("cost", sa.Float(), nullable=False, default=0.0, server_default="0"),
    sa.Column("mute_beyond", sa.Float()),
    sa.Column("mute_rate", sa.Float()),
    sa.Column("life", sa.JSON(none_as_null=True)),
    sa.Index("ix_points_project_id_cost_id", "project_id", "cost", "id"),
)
"""The life of a friction point over the reports of its project. Nightly scans fill the columns from `detector` on."""
