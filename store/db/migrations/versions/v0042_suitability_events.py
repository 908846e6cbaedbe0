"""The yearly question whether bills without paper still suit: asked, answered, left unanswered."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "suitability_event",
        sa.Column("id", RowId, nullable=False),
        sa.Column("account_id", RowId, nullable=False),
        sa.Column("consumer_id", RowId, nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("act", sa.String(10), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("wording", sa.String(40), nullable=False),
        sa.Column("way", sa.String(10), nullable=False),
        sa.Column("article", sa.String(100), nullable=False),
        sa.CheckConstraint(
            "act IN ('asked', 'suits', 'paper', 'seen', 'unseen')", name=op.f("ck_suitability_event_act")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_suitability_event_account_id_account")),
        sa.ForeignKeyConstraint(
            ["consumer_id"], ["consumer.id"], name=op.f("fk_suitability_event_consumer_id_consumer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suitability_event")),
        sa.UniqueConstraint("account_id", "due_on", "act", name=op.f("uq_suitability_event_account_id_due_on_act")),
    )
    op.create_index("ix_suitability_event_act_due_on", "suitability_event", ["act", "due_on"])


def downgrade() -> None:
    op.drop_table("suitability_event")
