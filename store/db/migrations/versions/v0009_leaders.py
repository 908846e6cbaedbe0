"""What one worker does for all has one leader at a time, and workers that serve say that they are alive."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "periodic_task",
        sa.Column("id", sa.String(20), nullable=False),
        sa.Column("begun_at", sa.Float, nullable=False),
        sa.Column("done_at", sa.Float, nullable=False),
        sa.Column("failure", sa.Text, nullable=False),
        sa.Column("lease_owner", sa.String(120), nullable=True),
        sa.Column("lease_until", sa.Float, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_periodic_task")),
    )
    op.create_table(
        "worker_heartbeat",
        sa.Column("worker", sa.String(120), nullable=False),
        sa.Column("started_at", sa.Float, nullable=False),
        sa.Column("beat_at", sa.Float, nullable=False),
        sa.Column("stopped_at", sa.Float, nullable=True),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_worker_heartbeat")),
    )
