"""The bill of which a payment was too much, and what went back of a payment that was begun on a payment page."""

import sqlalchemy as sa
from alembic import op

from store.base import Amount, RowId

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_PAYMENT = sa.table(
    "payment", sa.column("id"), sa.column("outcome"), sa.column("rest", Amount()), sa.column("rest_of_id")
)  # fmt: skip
_PART = sa.table("payment_allocation", sa.column("payment_id"), sa.column("bill_id"), sa.column("until"))
_ORDER = sa.table("payment_order", sa.column("state"), sa.column("amount", Amount()), sa.column("refunded", Amount()))


def upgrade() -> None:
    with op.batch_alter_table("payment") as payment:
        payment.add_column(sa.Column("rest_of_id", RowId, nullable=True))
        payment.create_foreign_key(op.f("fk_payment_rest_of_id_bill"), "bill", ["rest_of_id"], ["id"])
    too_much = sa.text("rest_of_id IS NOT NULL")
    op.create_index(
        "ix_payment_rest_of_id", "payment", ["rest_of_id"], sqlite_where=too_much, postgresql_where=too_much
    )  # fmt: skip
    with op.batch_alter_table("payment_order") as order:
        order.add_column(sa.Column("refunded", Amount(), nullable=False, server_default="0"))
        order.create_check_constraint(op.f("ck_payment_order_refunded"), "refunded >= 0")
    with op.batch_alter_table("payment_order") as order:
        order.alter_column("refunded", server_default=None)
    bill = sa.select(sa.func.max(_PART.c.bill_id)).where(_PART.c.payment_id == _PAYMENT.c.id, _PART.c.until.is_(None))
    rests = sa.update(_PAYMENT).where(_PAYMENT.c.outcome == "part").values(rest_of_id=bill.scalar_subquery())
    op.execute(rests)
    op.execute(sa.update(_ORDER).where(_ORDER.c.state == "returned").values(refunded=_ORDER.c.amount))


def downgrade() -> None:
    with op.batch_alter_table("payment_order") as order:
        order.drop_constraint(op.f("ck_payment_order_refunded"))
        order.drop_column("refunded")
    op.drop_index("ix_payment_rest_of_id", "payment")
    with op.batch_alter_table("payment") as payment:
        payment.drop_constraint(op.f("fk_payment_rest_of_id_bill"))
        payment.drop_column("rest_of_id")
