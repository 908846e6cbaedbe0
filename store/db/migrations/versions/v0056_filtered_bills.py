"""Indexes of an account's bills to be paid by hand, and of those that are no plain invoices."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

_BY_ACCOUNT = ["account_id", "issue_date", "id"]


def upgrade() -> None:
    _index("ix_bill_to_pay", "to_pay > 0")
    _index("ix_bill_uncommon", "type_code <> '380' OR instalments IS NOT NULL")


def downgrade() -> None:
    op.drop_index("ix_bill_uncommon", "bill")
    op.drop_index("ix_bill_to_pay", "bill")


def _index(name: str, condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, "bill", _BY_ACCOUNT, sqlite_where=where, postgresql_where=where)
