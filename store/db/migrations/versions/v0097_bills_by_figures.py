"""Counted bills are found by what they add to the figures."""

from alembic import op

revision = "0097"
down_revision = "0096"
branch_labels = None
depends_on = None

_INDEX = "ix_counted_bill_issuer_id_figures_day"


def upgrade() -> None:
    op.create_index(_INDEX, "counted_bill", ["issuer_id", "figures", "day", "bill_id"])


def downgrade() -> None:
    op.drop_index(_INDEX, "counted_bill")
