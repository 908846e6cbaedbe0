"""A feed holds bills, payments or customers; an entry that is no bill ends as `taken` or `known`."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_BEFORE = "outcome IS NULL OR outcome IN ('bill', 'duplicate', 'conflict', 'rejected', 'waiting_parent')"
_NOW = (
    "outcome IS NULL OR outcome IN "
    "('bill', 'duplicate', 'conflict', 'rejected', 'waiting_parent', 'taken', 'known')"
)  # fmt: skip


def upgrade() -> None:
    op.add_column("feed", sa.Column("content", sa.String(10), nullable=False, server_default="bills"))
    _check_outcomes(_NOW)


def downgrade() -> None:
    _check_outcomes(_BEFORE)
    op.drop_column("feed", "content")


def _check_outcomes(condition: str) -> None:
    with op.batch_alter_table("item") as item:
        item.drop_constraint(op.f("ck_item_outcome"), type_="check")
        item.create_check_constraint(op.f("ck_item_outcome"), condition)
