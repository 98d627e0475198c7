"""Which frictions of live sessions a receiver wants to hear of, and of whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Receivers from before hear of all."""
    op.add_column("webhooks", sa.Column("only", sa.JSON()))
