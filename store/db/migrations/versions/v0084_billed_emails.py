"""What staff find bills by: the e-mail address that came with them, by its digest."""

from collections.abc import Iterator
from typing import Any

import msgspec
import sqlalchemy as sa
from alembic import op

from store.base import RowId
from store.bills.buyer_email import email_digest

revision = "0084"
down_revision = "0083"
branch_labels = None
depends_on = None

#: Places of terms in a packed bill, as they were when this was written: the buyer (BG-7); in a party its electronic
#: address (BT-49), of which the value comes first, and its contact (BG-9); in a contact its e-mail address (BT-58).
_BUYER, _ELECTRONIC, _CONTACT, _EMAIL = 7, 7, 9, 2
_AT_A_TIME = 2_000


def upgrade() -> None:
    op.add_column("bill", sa.Column("buyer_email_digest", sa.BigInteger(), nullable=True))
    connection = op.get_bind()
    write = sa.text("UPDATE bill SET buyer_email_digest = :digest WHERE id = :id")
    for rows in _digests(connection):
        if known := [each for each in rows if each["digest"] is not None]:
            connection.execute(write, known)
    has_email = sa.text("buyer_email_digest IS NOT NULL")
    op.create_index(
        "ix_bill_buyer_email", "bill", ["issuer_id", "buyer_email_digest", "id"],
        sqlite_where=has_email, postgresql_where=has_email,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_bill_buyer_email", table_name="bill")
    op.drop_column("bill", "buyer_email_digest")


def _digests(connection: sa.Connection) -> Iterator[list[dict[str, Any]]]:
    """The digest of each bill's address, some bills at a time, in the order of their ids."""
    after = 0
    bill = sa.table("bill", sa.column("id", RowId), sa.column("content", sa.LargeBinary)).c
    query = sa.select(bill.id, bill.content).order_by(bill.id).limit(_AT_A_TIME)
    while rows := connection.execute(query.where(bill.id > after)).all():
        after = rows[-1].id
        yield [{"id": row.id, "digest": email_digest(_email(row.content))} for row in rows if row.content]


def _email(content: bytes) -> str:
    terms = msgspec.msgpack.decode(content)
    buyer = terms[_BUYER] if len(terms) > _BUYER else []
    contact = (buyer[_CONTACT] if len(buyer) > _CONTACT else None) or []
    electronic = (buyer[_ELECTRONIC] if len(buyer) > _ELECTRONIC else None) or []
    said = [*contact[_EMAIL : _EMAIL + 1], *electronic[:1]]
    return next((each for each in said if "@" in each), "")
