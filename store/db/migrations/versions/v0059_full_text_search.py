"""The full-text index: entries of the bills that can be shown, from the words that were stored in their rows.

Older bills lack what their rows did not say: contract and account numbers, IBANs, amounts of lines, names of
attachments and their text. They are read neither again nor unpacked.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from store.base import RowId
from store.search.tokens_of_stored_words import tokens_of_stored_words

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

_ID_BITS = 40
_AT_A_TIME = 1_000
_INDEXED = (
    "CAST(account_id AS text) || 'x ' || CAST(account_id AS text) || 'x' || "
    "replace(tokens, ' ', ' ' || CAST(account_id AS text) || 'x')"
)


def upgrade() -> None:
    entry = op.create_table(
        "search_entry",
        sa.Column("place", RowId, autoincrement=False, nullable=False),
        sa.Column("bill_id", RowId, nullable=False),
        sa.Column("account_id", RowId, nullable=False),
        sa.Column("tokens", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_search_entry")),
        sa.ForeignKeyConstraint(
            ["bill_id"], ["bill.id"], name=op.f("fk_search_entry_bill_id_bill"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_search_entry_account_id_account")),
        sa.UniqueConstraint("bill_id", name=op.f("uq_search_entry_bill_id")),
    )
    op.create_table(
        "searched_text",
        sa.Column("bill_id", RowId, autoincrement=False, nullable=False),
        sa.Column("n", RowId, autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("bill_id", "n", name=op.f("pk_searched_text")),
        sa.ForeignKeyConstraint(
            ["bill_id"], ["bill.id"], name=op.f("fk_searched_text_bill_id_bill"), ondelete="CASCADE"
        ),
    )
    connection = op.get_bind()
    for rows in _entries(connection):
        connection.execute(entry.insert(), rows)
    op.create_index("ix_search_entry_account_id_place", "search_entry", ["account_id", "place"])
    _create_full_text_index(connection)
    op.drop_column("bill", "words")


def downgrade() -> None:
    op.add_column("bill", sa.Column("words", sa.Text(), nullable=False, server_default=""))
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_index")
    op.drop_table("searched_text")
    op.drop_table("search_entry")


def _create_full_text_index(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        vector = f"array_to_tsvector(string_to_array({_INDEXED}, ' '))"
        connection.exec_driver_sql(f"CREATE INDEX ix_search_entry_tokens ON search_entry USING gin (({vector}))")
        return
    connection.exec_driver_sql(
        "CREATE VIRTUAL TABLE search_index USING fts5(tokens, content='', detail=none, columnsize=0, "
        "tokenize=\"ascii tokenchars '_'\")"
    )
    every = f"SELECT place, {_INDEXED} FROM search_entry ORDER BY place"  # noqa: S608
    connection.exec_driver_sql(f"INSERT INTO search_index (rowid, tokens) {every}")


def _entries(connection: sa.Connection) -> Iterator[list[dict[str, Any]]]:
    """The entries of all bills that can be shown, by the thousand, each read along the key."""
    plain = ("id", "account_id", "state", "number", "seller_name", "words")
    bill = sa.table("bill", *map(sa.column, plain), sa.column("issue_date", sa.Date), sa.column("due_date", sa.Date),
                    sa.column("payable", sa.BigInteger), sa.column("gross", sa.BigInteger)).c  # fmt: skip
    query = sa.select(bill.id, bill.account_id, bill.issue_date, bill.due_date, bill.number, bill.seller_name,
                      bill.payable, bill.gross, bill.words)  # fmt: skip
    after = 0
    while True:
        shown = query.where(bill.id > after, bill.state.in_(["rendered", "chosen"]))
        rows = connection.execute(shown.order_by(bill.id).limit(_AT_A_TIME)).all()
        if not rows:
            return
        after = rows[-1].id
        yield list(map(_entry, rows))


def _entry(row: Any) -> dict[str, Any]:
    days, amounts = [row.issue_date, row.due_date], [row.payable, row.gross]
    place = row.issue_date.toordinal() << _ID_BITS | row.id
    tokens = tokens_of_stored_words(row.number, days, amounts, f"{row.seller_name} {row.words}")
    return {"place": place, "bill_id": row.id, "account_id": row.account_id, "tokens": tokens}
