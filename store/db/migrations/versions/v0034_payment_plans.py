"""Requests to pay a bill in several parts, and the plans that were granted."""

import sqlalchemy as sa
from alembic import op

from store.base import Amount, Moment, RowId

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payment_plan",
        sa.Column("id", RowId, nullable=False),
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("bill_id", RowId, nullable=False),
        sa.Column("consumer_id", RowId, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("parts", RowId, nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.Column("decided_by", sa.String(200), nullable=False),
        sa.Column("reason_code", sa.String(40), nullable=False, server_default=""),
        sa.Column("reason_values", sa.Text(), nullable=True),
        sa.Column("instalments", sa.LargeBinary(), nullable=True),
        sa.Column("paid", Amount(), nullable=False),
        sa.Column("credited", Amount(), nullable=False),
        sa.CheckConstraint("state IN ('asked', 'granted', 'refused', 'withdrawn')", name=op.f("ck_payment_plan_state")),
        sa.CheckConstraint("state IN ('asked', 'withdrawn') OR decided_by <> ''", name=op.f("ck_payment_plan_decided")),
        sa.CheckConstraint("state <> 'granted' OR instalments IS NOT NULL", name=op.f("ck_payment_plan_granted")),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_payment_plan_issuer_id_issuer")),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name=op.f("fk_payment_plan_bill_id_bill")),
        sa.ForeignKeyConstraint(["consumer_id"], ["consumer.id"], name=op.f("fk_payment_plan_consumer_id_consumer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_plan")),
    )
    op.create_index("ix_payment_plan_state_issuer_id_id", "payment_plan", ["state", "issuer_id", "id"])
    op.create_index("ix_payment_plan_bill_id", "payment_plan", ["bill_id"])
    asked = sa.text("state = 'asked'")
    op.create_index(
        "uq_payment_plan_asked", "payment_plan", ["bill_id"], unique=True, sqlite_where=asked, postgresql_where=asked
    )


def downgrade() -> None:
    op.drop_table("payment_plan")
