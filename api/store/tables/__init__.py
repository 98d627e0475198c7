"""The tables. Times are UTC; ids are ours, random and without meaning; JSON columns hold what nobody filters by."""

from __future__ import annotations

from .access import erased, keys, logins, shares
from .columns import Utc, metadata
from .hooks import hook_deliveries, hook_messages, webhooks
from .nights import release_marks, scans, schedules
from .projects import LOCAL, audit, mappings, plans, projects, settings
from .reports import points, report_points, reports
from .work import deliveries, drops, jobs, uploads, workers

OWNED = tuple(table for table in metadata.sorted_tables if "project_id" in table.c)
"""The tables whose rows belong to a project."""

__all__ = [
    "LOCAL",
    "OWNED",
    "Utc",
    "audit",
    "deliveries",
    "drops",
    "erased",
    "hook_deliveries",
    "hook_messages",
    "jobs",
    "keys",
    "logins",
    "mappings",
    "metadata",
    "plans",
    "points",
    "projects",
    "release_marks",
    "report_points",
    "reports",
    "scans",
    "schedules",
    "settings",
    "shares",
    "uploads",
    "webhooks",
    "workers",
]
