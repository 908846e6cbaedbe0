"""An account that had ended before what happens by itself was kept had nothing to come, as if it had been counted: it
stayed due for ever, and the days were never counted to their end. What is foreseen of it is now what no count says."""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0100"
down_revision = "0099"
branch_labels = None
depends_on = None

_FORESEEN = ("active_since", "active_until", "invited_since", "invited_until", "otherwise_on")


def upgrade() -> None:
    account = sa.table("counted_account", *(sa.column(each, sa.Date) for each in ("next_on", *_FORESEEN)))
    not_counted = account.update().where(account.c.next_on == date.min)
    op.execute(not_counted.values(dict.fromkeys(_FORESEEN, date.min)))


def downgrade() -> None:
    pass
