"""Households: the household of each account, and what accounts share."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "household_member",
        sa.Column("account_id", RowId, autoincrement=False, nullable=False),
        sa.Column("household_id", RowId, nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("as_of", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_household_member_account_id_account"),
        sa.PrimaryKeyConstraint("account_id", name="pk_household_member"),
    )
    op.create_index("ix_household_member_household_id", "household_member", ["household_id"])
    op.create_table(
        "household_key",
        sa.Column("account_id", RowId, autoincrement=False, nullable=False),
        sa.Column("key", sa.String(140), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_household_key_account_id_account"),
        sa.PrimaryKeyConstraint("account_id", "key", name="pk_household_key"),
    )
    op.create_index("ix_household_key_key", "household_key", ["key"])


def downgrade() -> None:
    op.drop_table("household_key")
    op.drop_table("household_member")
