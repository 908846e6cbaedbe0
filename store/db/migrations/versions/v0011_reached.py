"""When a letter of a bill was first handed over, and an index of the bills that have reached nobody yet."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_bill = sa.table("bill", sa.column("id", RowId), sa.column("posted_at", Moment))
_delivery = sa.table(
    "delivery", sa.column("bill_id", RowId), sa.column("channel", sa.String), sa.column("sent_at", Moment)
)


def upgrade() -> None:
    op.add_column("bill", sa.Column("posted_at", Moment, nullable=True))
    is_posted = sa.and_(_delivery.c.channel == "paper", _delivery.c.sent_at.is_not(None))
    first = sa.select(sa.func.min(_delivery.c.sent_at)).where(_delivery.c.bill_id == _bill.c.id, is_posted)
    posted = sa.select(_delivery.c.bill_id).where(is_posted)
    op.get_bind().execute(
        sa.update(_bill).where(_bill.c.id.in_(posted)).values(posted_at=first.scalar_subquery())
    )  # fmt: skip
    is_unreached = sa.text("viewed_at IS NULL AND posted_at IS NULL")
    op.create_index(
        "ix_bill_unreached", "bill", ["state", "id"], sqlite_where=is_unreached, postgresql_where=is_unreached
    )


def downgrade() -> None:
    op.drop_index("ix_bill_unreached", table_name="bill")
    op.drop_column("bill", "posted_at")
