"""Signing out ends one session: those that were ended are written down until their cookies are too old."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ended_session",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ended_session")),
    )
