"""Payments, the bills they are of, and what payers may call a bill. Bills that are there are found by their numbers."""

import unicodedata

import sqlalchemy as sa
from alembic import op

from store.base import Amount, Moment, RowId

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_OUTCOMES = "outcome IN ('matched', 'part', 'waiting', 'ignored', 'duplicate')"
_GROUP = 10_000
_bill = sa.table(
    "bill", sa.column("id", RowId), sa.column("issuer_id", RowId), sa.column("number", sa.String)
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "payment",
        sa.Column("id", RowId, nullable=False),
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("identity", sa.String(64), nullable=False),
        sa.Column("feed_id", RowId, nullable=True),
        sa.Column("item_seq", RowId, nullable=True),
        sa.Column("told_by", sa.String(10), nullable=False),
        sa.Column("told_at", Moment(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("amount", Amount(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("why", sa.String(30), nullable=False),
        sa.Column("rest", Amount(), nullable=False),
        sa.Column("account_id", RowId, nullable=True),
        sa.Column("undoes_id", RowId, nullable=True),
        sa.Column("same_as_id", RowId, nullable=True),
        sa.Column("decided_by", sa.String(200), nullable=False),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("reason_code", sa.String(40), nullable=False, server_default=""),
        sa.Column("reason_values", sa.Text(), nullable=True),
        sa.CheckConstraint(_OUTCOMES, name=op.f("ck_payment_outcome")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_payment_amount")),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_payment_issuer_id_issuer")),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_payment_feed_id_feed")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_payment_account_id_account")),
        sa.ForeignKeyConstraint(["undoes_id"], ["payment.id"], name=op.f("fk_payment_undoes_id_payment")),
        sa.ForeignKeyConstraint(["same_as_id"], ["payment.id"], name=op.f("fk_payment_same_as_id_payment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("issuer_id", "identity", name=op.f("uq_payment_issuer_id_identity")),
    )
    op.create_index("ix_payment_issuer_id_outcome_id", "payment", ["issuer_id", "outcome", "id"])
    op.create_index("ix_payment_account_id", "payment", ["account_id"])
    op.create_index("ix_payment_feed_id_item_seq", "payment", ["feed_id", "item_seq"])
    op.create_table(
        "payment_allocation",
        sa.Column("id", RowId, nullable=False),
        sa.Column("payment_id", RowId, nullable=False),
        sa.Column("bill_id", RowId, nullable=False),
        sa.Column("amount", Amount(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=True),
        sa.Column("by", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_payment_allocation_payment_id_payment")),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name=op.f("fk_payment_allocation_bill_id_bill")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_allocation")),
    )
    op.create_index("ix_payment_allocation_bill_id", "payment_allocation", ["bill_id"])
    op.create_index("ix_payment_allocation_payment_id", "payment_allocation", ["payment_id"])
    op.add_column("bill", sa.Column("payment_told_at", Moment(), nullable=True))
    _create_keys("payment")
    _create_keys("bill")
    _name_bills()


def _create_keys(noun: str) -> None:
    table, column = f"{noun}_key", f"{noun}_id"
    op.create_table(
        table,
        sa.Column(column, RowId, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("key", sa.String(140), nullable=False),
        sa.Column("issuer_id", RowId, nullable=False),
        sa.ForeignKeyConstraint([column], [f"{noun}.id"], name=op.f(f"fk_{table}_{column}_{noun}")),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f(f"fk_{table}_issuer_id_issuer")),
        sa.PrimaryKeyConstraint(column, "kind", "key", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_issuer_id_kind_key", table, ["issuer_id", "kind", "key"])


def _name_bills() -> None:
    """Each bill is found by its number, in capitals and digits alone."""
    connection = op.get_bind()
    keys = sa.table(
        "bill_key", sa.column("bill_id", RowId), sa.column("kind"), sa.column("key"), sa.column("issuer_id")
    )
    after = 0
    while True:
        query = sa.select(_bill).where(_bill.c.id > after).order_by(_bill.c.id).limit(_GROUP)
        bills = connection.execute(query).all()
        if not bills:
            return
        after = bills[-1].id
        rows = [
            {"bill_id": each.id, "kind": "name", "key": key, "issuer_id": each.issuer_id}
            for each in bills
            if (key := _key(each.number))
        ]
        if rows:
            connection.execute(sa.insert(keys), rows)


def _key(number: str) -> str:
    folded = unicodedata.normalize("NFKC", number).upper()
    return "".join(each for each in folded if each.isalnum())[:140]


def downgrade() -> None:
    for table in ("bill_key", "payment_key", "payment_allocation", "payment"):
        op.drop_table(table)
    op.drop_column("bill", "payment_told_at")
