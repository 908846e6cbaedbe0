"""Facts are kept by what changed: what each bill and account adds, what all add up to, and what is to be counted again.

Nothing is counted here: the worker begins a full count, by and by, and the figures of before are shown until it is
done.
"""

import sqlalchemy as sa
from alembic import op

from store.base import RowId

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fact_step",
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("month", sa.Date, nullable=False),
        sa.Column("measure", sa.String(30), nullable=False),
        sa.Column("value", RowId, nullable=False),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_fact_step_issuer_id_issuer")),
        sa.PrimaryKeyConstraint("issuer_id", "month", "measure", name=op.f("pk_fact_step")),
    )
    op.create_table(
        "fact_count",
        sa.Column("id", RowId, nullable=False),
        sa.Column("time_zone", sa.String(60), nullable=False),
        sa.Column("bills_upto", RowId, nullable=False),
        sa.Column("accounts_upto", RowId, nullable=False),
        sa.Column("is_full", sa.Boolean, nullable=False),
        sa.Column("month", sa.Date, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_count")),
    )
    op.create_table(
        "fact_change",
        sa.Column("id", RowId, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("row_id", RowId, nullable=False),
        sa.Column("upto", RowId, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_change")),
    )
    op.create_table(
        "counted_bill",
        sa.Column("bill_id", RowId, nullable=False, autoincrement=False),
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("account_id", RowId, nullable=False),
        sa.Column("month", sa.Date, nullable=False),
        sa.Column("figures", RowId, nullable=False),
        sa.PrimaryKeyConstraint("bill_id", name=op.f("pk_counted_bill")),
    )
    op.create_index("ix_counted_bill_account_id_month", "counted_bill", ["account_id", "month"])
    op.create_table(
        "counted_account",
        sa.Column("account_id", RowId, nullable=False, autoincrement=False),
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("steps", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_counted_account")),
    )
