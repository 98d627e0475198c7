"""The tables. Times are UTC; ids are ours, random and without meaning; JSON columns hold what nobody filters by."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}
metadata = sa.MetaData(naming_convention=NAMES)

LOCAL = "local"
"""Name of the project that a fresh service has."""


class Utc(sa.types.TypeDecorator[dt.datetime]):
    """A point in time; SQLite, which knows no zones, keeps it in UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, _: sa.Dialect) -> dt.datetime | None:
        """In UTC, whatever its zone."""
        return None if value is None else value.astimezone(dt.UTC)

    def process_result_value(self, value: Any, _: sa.Dialect) -> dt.datetime | None:
        """With its zone, also where the database has forgotten it."""
        return None if value is None else value.replace(tzinfo=dt.UTC)


def _id() -> sa.Column[str]:
    return sa.Column("id", sa.String(32), primary_key=True)


def _project() -> sa.Column[str]:
    return sa.Column(
        "project_id", sa.ForeignKey("projects.id", ondelete="CASCADE"), nullable=False, index=True
    )


def _time(name: str, *, needed: bool = False) -> sa.Column[dt.datetime]:
    return sa.Column(name, Utc(), nullable=not needed)


def _text(name: str, *, needed: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=not needed)


projects = sa.Table(
    "projects", metadata, _id(), sa.Column("name", sa.Text(), nullable=False, unique=True), _time("created")
)

uploads = sa.Table(
    "uploads",
    metadata,
    _id(),
    _project(),
    _text("name"),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("bytes", sa.BigInteger(), nullable=False),
    sa.Column("received", sa.BigInteger(), nullable=False),
    _text("sha256", needed=False),
    _time("created", needed=True),
    _time("removed"),
    sa.Index("ix_uploads_project_id_sha256", "project_id", "sha256"),
)
"""`state`: receiving, stored, kept (as events in the lake), removed. `bytes` is announced, `received` is there; equal
once all have come.
"""

jobs = sa.Table(
    "jobs",
    metadata,
    _id(),
    _project(),
    sa.Column("kind", sa.String(16), nullable=False, server_default="analysis"),
    sa.Column("report_id", sa.String(32), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    _text("stage", needed=False),
    sa.Column("share", sa.Float(), nullable=False, default=0.0),
    sa.Column("rows", sa.BigInteger(), nullable=False, default=0),
    sa.Column("version", sa.Integer(), nullable=False, default=1),
    sa.Column("attempts", sa.Integer(), nullable=False, default=0),
    sa.Column("uploads", sa.JSON(), nullable=False),
    sa.Column("settings", sa.JSON(), nullable=False),
    sa.Column("problem", sa.JSON(none_as_null=True)),
    _time("created", needed=True),
    _time("started"),
    _time("ended"),
    sa.Index("ix_jobs_state", "state"),
    sa.Index("ix_jobs_project_id_created_id", "project_id", "created", "id"),
)
"""`state`: queued, running, succeeded, failed, cancelled; the last three are final. `version` grows with a change."""

erased = sa.Table(
    "erased",
    metadata,
    sa.Column("project_id", sa.ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("visitor", sa.String(64), primary_key=True),
    _time("created", needed=True),
)
"""Visitors who are to stay forgotten, as keyed hashes."""

deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("project_id", sa.ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("key", sa.String(255), primary_key=True),
    _text("request_sha256"),
    sa.Column("job_id", sa.String(32), nullable=False),
    _time("created", needed=True),
)
"""Which job an `Idempotency-Key` has made, and of what request."""

reports = sa.Table(
    "reports",
    metadata,
    _id(),
    _project(),
    sa.Column("job_id", sa.String(32), nullable=False),
    _text("sha256"),
    sa.Column("bytes", sa.BigInteger(), nullable=False),
    sa.Column("summary", sa.JSON(), nullable=False),
    _time("created", needed=True),
    sa.Index("ix_reports_project_id_created_id", "project_id", "created", "id"),
)

report_points = sa.Table(
    "report_points",
    metadata,
    sa.Column("report_id", sa.ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("point_id", sa.String(16), primary_key=True),
    _project(),
    sa.Column("position", sa.Integer(), nullable=False),
    _text("detector"),
    _text("page", needed=False),
    _text("target", needed=False),
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
    _time("first_seen", needed=True),
    _time("last_seen", needed=True),
    _text("owner", needed=False),
    _text("note", needed=False),
    _text("link", needed=False),
    _text("mute_reason", needed=False),
    _time("muted_until"),
    _text("detector", needed=False),
    _text("page", needed=False),
    _text("target", needed=False),
    _text("title", needed=False),
    sa.Column("since", sa.String(10)),
    sa.Column("cost", sa.Float(), nullable=False, default=0.0, server_default="0"),
    sa.Column("mute_beyond", sa.Float()),
    sa.Column("mute_rate", sa.Float()),
    sa.Column("life", sa.JSON(none_as_null=True)),
    sa.Index("ix_points_project_id_cost_id", "project_id", "cost", "id"),
)
"""The life of a friction point over the reports of its project. Nightly scans fill the columns from `detector` on."""

schedules = sa.Table(
    "schedules",
    metadata,
    sa.Column("project_id", sa.ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("settings", sa.JSON(), nullable=False),
    sa.Column("state", sa.JSON(none_as_null=True)),
    sa.Column("at", sa.String(5)),
    _text("zone"),
    sa.Column("late_hours", sa.Float(), nullable=False),
    sa.Column("last_night", sa.String(10)),
    _time("letters_due"),
    _time("updated", needed=True),
)
"""How a project is scanned at night, and what its scans remember besides the lives of its points."""

scans = sa.Table(
    "scans",
    metadata,
    sa.Column("id", sa.String(80), primary_key=True),
    _project(),
    sa.Column("night", sa.String(10)),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("report_id", sa.String(32)),
    sa.Column("said", sa.JSON(), nullable=False),
    sa.Column("problem", sa.JSON(none_as_null=True)),
    _time("created", needed=True),
    _time("started"),
    _time("ended"),
    sa.Index("ix_scans_project_id_created_id", "project_id", "created", "id"),
)
"""`state`: queued, running, succeeded, failed."""

release_marks = sa.Table(
    "annotations",
    metadata,
    _id(),
    _project(),
    _time("at", needed=True),
    _text("text"),
    _time("created", needed=True),
    sa.Index("ix_annotations_project_id_at", "project_id", "at"),
)
"""Releases and other moments."""

mappings = sa.Table(
    "mappings",
    metadata,
    sa.Column("project_id", sa.ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("name", sa.String(100), primary_key=True),
    sa.Column("columns", sa.JSON(), nullable=False),
    _time("created", needed=True),
)

webhooks = sa.Table(
    "webhooks",
    metadata,
    _id(),
    _project(),
    _text("url"),
    sa.Column("events", sa.JSON(), nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("generation", sa.Integer(), nullable=False, default=1),
    _time("renewed"),
    _time("created", needed=True),
)
"""`state`: active, paused (by a person), failing (by itself). `generation` counts the secrets it has had."""

hook_messages = sa.Table(
    "hook_messages",
    metadata,
    _id(),
    _project(),
    sa.Column("type", sa.String(40), nullable=False),
    _text("body"),
    _time("created", needed=True),
    sa.Index("ix_hook_messages_created", "created"),
)
"""What was told, byte for byte as each receiver gets it."""

hook_deliveries = sa.Table(
    "hook_deliveries",
    metadata,
    sa.Column("message_id", sa.ForeignKey("hook_messages.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("webhook_id", sa.ForeignKey("webhooks.id", ondelete="CASCADE"), primary_key=True),
    _project(),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("attempts", sa.Integer(), nullable=False, default=0),
    sa.Column("status", sa.Integer()),
    _text("fault", needed=False),
    _time("due"),
    _time("ended"),
    sa.Index("ix_hook_deliveries_state_due", "state", "due"),
)
"""`state`: waiting, delivered, given_up. `due` is the next attempt; `status` and `fault` are of the last one."""

keys = sa.Table(
    "keys",
    metadata,
    _id(),
    _project(),
    _text("name"),
    sa.Column("scope", sa.String(10), nullable=False),
    sa.Column("digest", sa.String(64)),
    sa.Column("person", sa.String(320)),
    _time("created", needed=True),
    _time("expires"),
    _time("used"),
    _time("revoked"),
    sa.Index("ix_keys_person", "person"),
)
"""Who may come in. A key has the SHA-256 of a secret, or the address of a person whom a login provider knows."""

logins = sa.Table(
    "logins",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    _project(),
    sa.Column("key_id", sa.ForeignKey("keys.id", ondelete="CASCADE"), nullable=False),
    _time("created", needed=True),
    _time("seen", needed=True),
)
"""Who is logged in, with which key; `id` is the SHA-256 of what the cookie holds."""

drops = sa.Table(
    "drops",
    metadata,
    _id(),
    _project(),
    sa.Column("uploads", sa.JSON(), nullable=False),
    sa.Column("answers", sa.JSON(), nullable=False),
    sa.Column("looked", sa.String(64)),
    sa.Column("look", sa.JSON(none_as_null=True)),
    _time("created", needed=True),
)
"""Files that were sent together, what their sender says of them, and what was found out under these answers."""

shares = sa.Table(
    "shares",
    metadata,
    _id(),
    _project(),
    sa.Column("report_id", sa.ForeignKey("reports.id", ondelete="CASCADE"), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),
    _time("created", needed=True),
    _time("expires", needed=True),
    sa.Index("ix_shares_report_id", "report_id"),
)
"""Links that show one report to whoever has them; of what stands in their address only the SHA-256 is kept."""

settings = sa.Table(
    "settings",
    metadata,
    sa.Column("project_id", sa.ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("sections", sa.JSON(), nullable=False),
    _time("changed", needed=True),
)
"""What a project settles once for all its analyses: sections of the configuration."""

plans = sa.Table(
    "plans",
    metadata,
    sa.Column("project_id", sa.ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("words", sa.JSON(), nullable=False),
    _time("changed", needed=True),
)
"""What people write beside the customer journey: notes by stage, decisions about actions by point."""

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
    _project(),
    _text("actor"),
    _text("action"),
    _text("thing", needed=False),
    _time("created", needed=True),
)
"""Who did what to which thing; never the data itself."""

workers = sa.Table(
    "workers",
    metadata,
    _id(),
    sa.Column("pid", sa.Integer(), nullable=False),
    _time("started", needed=True),
    _time("expires", needed=True),
)
"""The lease of each worker; one that has run out is a worker that is gone."""

OWNED = tuple(table for table in metadata.sorted_tables if "project_id" in table.c)
"""The tables whose rows belong to a project."""
