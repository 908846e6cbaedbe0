"""What happens to an account by itself is counted on its day, which is kept with it: all are counted again, beside the
work."""

import sqlalchemy as sa
from alembic import op

revision = "0099"
down_revision = "0098"
branch_labels = None
depends_on = None

#: Before the first count of an account, nothing is known of it.
_DUE, _NEVER = "0001-01-01", "9999-12-31"
_OF_ACCOUNT = {
    "next_on": _DUE, "active_since": _NEVER, "active_until": _NEVER, "invited_since": _NEVER, "invited_until": _NEVER,
    "otherwise_on": _NEVER,
}  # fmt: skip
_OF_JOURNEY = {"looked_on": _NEVER, "next_on": _DUE}


def upgrade() -> None:
    op.add_column("fact_count", sa.Column("upto", sa.Date, nullable=False, server_default=_DUE))
    for table, columns in (("counted_account", _OF_ACCOUNT), ("account_journey", _OF_JOURNEY)):
        for name, default in columns.items():
            op.add_column(table, sa.Column(name, sa.Date, nullable=False, server_default=default))
        op.create_index(f"ix_{table}_next_on", table, ["next_on"])
    progress = sa.table("fact_count", sa.column("is_full"), sa.column("bills_upto"), sa.column("accounts_upto"))
    op.execute(progress.update().values(is_full=False, bills_upto=0, accounts_upto=0))


def downgrade() -> None:
    for table, columns in (("account_journey", _OF_JOURNEY), ("counted_account", _OF_ACCOUNT)):
        op.drop_index(f"ix_{table}_next_on", table)
        for name in columns:
            op.drop_column(table, name)
    op.drop_column("fact_count", "upto")
