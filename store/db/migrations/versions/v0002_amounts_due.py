"""What is due now: which bills name which, what the issuer collects, what is paid in parts, how much was said paid.

Bills kept before say in their packed content which bills they name (BG-3), and whether any of their means of payment
is a direct debit or has a mandate; only what differs from what was kept is written.
"""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import msgspec
import sqlalchemy as sa
from alembic import op

from store.base import Amount, RowId

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

#: Places of terms in a packed bill, as they were when this was written: payment (BG-16), the bills it names (BG-3),
#: further payments; in a payment its code (BT-81) and its mandate (BT-89); in a reference its number.
_PAYMENT, _PRECEDING, _PAYMENTS = 10, 25, 35
_CODE, _MANDATE = 0, 6
_DEBITS = frozenset({"3", "7", "14", "18", "27", "29", "33", "36", "38", "40", "43", "49", "59"})
_CREDIT_NOTES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532"})
_WHOLE = frozenset({"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF",
                    "XOF", "XPF"})  # fmt: skip
_THOUSANDTHS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
_MOST_REFERENCES = 1000
_PAGE = 1000

_bill = sa.table(
    "bill", sa.column("id", RowId), sa.column("issuer_id", RowId), sa.column("type_code", sa.String),
    sa.column("currency", sa.String), sa.column("payable", Amount), sa.column("to_pay", Amount),
    sa.column("is_collected", sa.Boolean), sa.column("content", sa.LargeBinary),
)  # fmt: skip


def upgrade() -> None:
    op.add_column("bill", sa.Column("is_collected", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("bill", sa.Column("instalments", sa.LargeBinary(), nullable=True))
    op.add_column("bill", sa.Column("last_due_date", sa.Date(), nullable=True))
    op.add_column("bill", sa.Column("said_paid", Amount(), nullable=True))
    reference = op.create_table(
        "bill_reference",
        sa.Column("bill_id", RowId, nullable=False),
        sa.Column("n", RowId, nullable=False),
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("number", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name="fk_bill_reference_bill_id_bill"),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name="fk_bill_reference_issuer_id_issuer"),
        sa.PrimaryKeyConstraint("bill_id", "n", name="pk_bill_reference"),
    )
    connection = op.get_bind()
    for page in _pages(connection):
        if references := [row for bill in page for row in _references(bill)]:
            connection.execute(sa.insert(reference), references)
        if changes := [change for bill in page if (change := _change(bill))]:
            values: dict[str, Any] = {
                "to_pay": sa.bindparam("new_to_pay"),
                "is_collected": sa.bindparam("new_is_collected"),
            }
            connection.execute(sa.update(_bill).where(_bill.c.id == sa.bindparam("bill_id")).values(values), changes)
    op.create_index("ix_bill_reference_issuer_id_number", "bill_reference", ["issuer_id", "number"])


def downgrade() -> None:
    op.drop_table("bill_reference")
    for column in ("said_paid", "last_due_date", "instalments", "is_collected"):
        op.drop_column("bill", column)


def _pages(connection: sa.Connection) -> Iterator[list[Any]]:
    """All bills by id, some at a time, each with its packed content unpacked."""
    after = 0
    query = sa.select(_bill).order_by(_bill.c.id).limit(_PAGE)
    while page := connection.execute(query.where(_bill.c.id > after)).all():
        yield [(row, msgspec.msgpack.decode(row.content)) for row in page if row.content]
        after = page[-1].id


def _references(bill: Any) -> Iterator[dict[str, Any]]:
    row, terms = bill
    numbers = dict.fromkeys(each[0] for each in terms[_PRECEDING] if each and 0 < len(each[0]) <= 200)
    for n, number in enumerate(list(numbers)[:_MOST_REFERENCES], 1):
        yield {"bill_id": row.id, "n": n, "issuer_id": row.issuer_id, "number": number}


def _change(bill: Any) -> dict[str, Any] | None:
    """The new values of a bill, where they are others."""
    row, terms = bill
    payable = -row.payable if row.type_code in _CREDIT_NOTES else row.payable
    asked = _rounded(max(payable, Decimal(0)), row.currency)
    is_debit = any(each[_CODE] in _DEBITS or each[_MANDATE] for each in (terms[_PAYMENT], *terms[_PAYMENTS]))
    is_collected = is_debit and asked > 0
    to_pay = Decimal(0) if is_collected else asked
    if (to_pay, is_collected) == (row.to_pay, False):
        return None
    return {"bill_id": row.id, "new_to_pay": to_pay, "new_is_collected": is_collected}


def _rounded(amount: Decimal, currency: str) -> Decimal:
    """Half up to the currency's minor unit."""
    places = 0 if currency in _WHOLE else 3 if currency in _THOUSANDTHS else 2
    return amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
