"""Addresses that people's new bills are forwarded to, and which bills went there."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None

_IN_FORCE = sa.text("state <> 'ended'")


def upgrade() -> None:
    op.create_table(
        "forward_address",
        sa.Column("id", RowId, nullable=False),
        sa.Column("consumer_id", RowId, nullable=False),
        sa.Column("account_id", RowId, nullable=True),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("confirmed_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended_because", sa.String(10), nullable=True),
        sa.CheckConstraint("state IN ('asked', 'confirmed', 'ended')", name=op.f("ck_forward_address_state")),
        sa.ForeignKeyConstraint(["consumer_id"], ["consumer.id"], name=op.f("fk_forward_address_consumer_id_consumer")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_forward_address_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forward_address")),
    )
    op.create_index(
        "ix_forward_address_consumer_id", "forward_address", ["consumer_id"], sqlite_where=_IN_FORCE,
        postgresql_where=_IN_FORCE,
    )  # fmt: skip
    op.create_table(
        "forwarded_bill",
        sa.Column("forward_id", RowId, nullable=False),
        sa.Column("bill_id", RowId, nullable=False),
        sa.Column("job_id", RowId, nullable=False),
        sa.Column("queued_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["forward_id"], ["forward_address.id"], name=op.f("fk_forwarded_bill_forward_id_forward_address")
        ),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name=op.f("fk_forwarded_bill_bill_id_bill")),
        sa.ForeignKeyConstraint(["job_id"], ["errand.id"], name=op.f("fk_forwarded_bill_job_id_errand")),
        sa.PrimaryKeyConstraint("forward_id", "bill_id", name=op.f("pk_forwarded_bill")),
    )
    op.create_index("ix_forwarded_bill_job_id", "forwarded_bill", ["job_id"])


def downgrade() -> None:
    op.drop_table("forwarded_bill")
    op.drop_table("forward_address")
