"""Payment providers of issuers, and the payments that are begun on their pages."""

import sqlalchemy as sa
from alembic import op

from store.base import Amount, Moment, RowId

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payment_provider",
        sa.Column("id", RowId, nullable=False),
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("page_url", sa.String(500), nullable=False),
        sa.Column("merchant", sa.String(100), nullable=False),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("secret_before", sa.LargeBinary, nullable=True),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_payment_provider_issuer_id_issuer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_provider")),
        sa.UniqueConstraint("issuer_id", name=op.f("uq_payment_provider_issuer_id")),
    )
    op.create_table(
        "payment_order",
        sa.Column("id", RowId, nullable=False),
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("bill_id", RowId, nullable=False),
        sa.Column("consumer_id", RowId, nullable=True),
        sa.Column("amount", Amount(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.Column("provider_payment", sa.String(100), nullable=False),
        sa.CheckConstraint("state IN ('open', 'paid', 'failed', 'returned')", name=op.f("ck_payment_order_state")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_order_amount")),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_payment_order_issuer_id_issuer")),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name=op.f("fk_payment_order_bill_id_bill")),
        sa.ForeignKeyConstraint(["consumer_id"], ["consumer.id"], name=op.f("fk_payment_order_consumer_id_consumer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_order")),
    )
    op.create_index("ix_payment_order_bill_id", "payment_order", ["bill_id"])


def downgrade() -> None:
    op.drop_table("payment_order")
    op.drop_table("payment_provider")
