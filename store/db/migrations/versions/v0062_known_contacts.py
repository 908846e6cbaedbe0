"""The e-mail addresses and phones that issuers know, as they are looked for; contracts that were offered by them and
declined."""

from collections.abc import Iterator
from typing import Any

import msgspec
import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId
from store.customers.contact_key import email_key, phone_key

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

_AT_A_TIME = 2_000


def upgrade() -> None:
    for name, length in (("email_key", 254), ("phone_key", 16)):
        op.add_column("customer_reference", sa.Column(name, sa.String(length), nullable=False, server_default=""))
    connection = op.get_bind()
    write = sa.text("UPDATE customer_reference SET email_key = :email, phone_key = :phone WHERE account_id = :id")
    for rows in _known(connection):
        if known := [each for each in rows if each["email"] or each["phone"]]:
            connection.execute(write, known)
    for name in ("email_key", "phone_key"):
        said = sa.text(f"{name} <> ''")
        index = f"ix_customer_reference_{name}"
        op.create_index(index, "customer_reference", [name], sqlite_where=said, postgresql_where=said)
    op.create_table(
        "declined_offer",
        sa.Column("consumer_id", RowId, nullable=False),
        sa.Column("account_id", RowId, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["consumer_id"], ["consumer.id"], name=op.f("fk_declined_offer_consumer_id_consumer")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_declined_offer_account_id_account")),
        sa.PrimaryKeyConstraint("consumer_id", "account_id", name=op.f("pk_declined_offer")),
    )
    op.create_index("ix_declined_offer_account_id", "declined_offer", ["account_id"])


def downgrade() -> None:
    op.drop_table("declined_offer")
    for name in ("phone_key", "email_key"):
        op.drop_index(f"ix_customer_reference_{name}", "customer_reference")
        op.drop_column("customer_reference", name)


def _known(connection: sa.Connection) -> Iterator[list[dict[str, Any]]]:
    """What is known of each customer, some at a time, in the order of their keys."""
    after = 0
    query = sa.text("SELECT account_id, content FROM customer_reference WHERE account_id > :after "
                    "ORDER BY account_id LIMIT :most")  # fmt: skip
    while rows := connection.execute(query, {"after": after, "most": _AT_A_TIME}).all():
        after = rows[-1].account_id
        said = [(row.account_id, msgspec.json.decode(bytes(row.content))) for row in rows]
        yield [
            {"id": number, "email": email_key(each.get("email")), "phone": phone_key(each.get("phone"))}
            for number, each in said
        ]
