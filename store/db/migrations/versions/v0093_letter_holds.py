"""Accounts whose letters a named person keeps back."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0093"
down_revision = "0092"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "letter_hold",
        sa.Column("account_id", RowId, autoincrement=False, nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_letter_hold_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_letter_hold")),
    )


def downgrade() -> None:
    op.drop_table("letter_hold")
