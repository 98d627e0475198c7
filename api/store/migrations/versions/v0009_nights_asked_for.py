"""Which nights a scan was asked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Scans from before were about the latest night."""
    for name in ("since", "until"):
        op.add_column("scans", sa.Column(name, sa.String(length=10)))
