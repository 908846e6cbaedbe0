"""Account numbers are compared without their looks; another person's account may stand under a number that is held,
and a question waits about it. Accounts that were split by the looks of their number are asked about, never joined."""

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_STANDINGS = "standing IN ('own', 'provisional', 'apart', 'former', 'split', 'joined')"
_PAGE = 5000

_account = sa.table(
    "account", sa.column("id", RowId), sa.column("issuer_id", RowId), sa.column("term", sa.String),
    sa.column("scheme", sa.String), sa.column("value", sa.String), sa.column("holder", sa.String),
    sa.column("address", sa.LargeBinary), sa.column("number_key", sa.String), sa.column("variant", sa.String),
    sa.column("standing", sa.String),
)  # fmt: skip
_event = sa.table(
    "event", sa.column("subject", sa.String), sa.column("subject_id", RowId), sa.column("what", sa.String),
    sa.column("at", Moment), sa.column("by", sa.String), sa.column("why", sa.Text),
)  # fmt: skip


def upgrade() -> None:
    op.add_column("account", sa.Column("number_key", sa.String(200), nullable=False, server_default=""))
    op.add_column("account", sa.Column("variant", sa.String(32), nullable=False, server_default=""))
    op.add_column("account", sa.Column("standing", sa.String(12), nullable=False, server_default="own"))
    op.add_column("account", sa.Column("joined_id", RowId, nullable=True))
    question = _question_table()
    _fold_numbers()
    _ask_about_splits(question)
    with op.batch_alter_table("account") as account:
        for name, kind in [("number_key", sa.String(200)), ("variant", sa.String(32)), ("standing", sa.String(12))]:
            account.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)
        account.drop_constraint("uq_account_issuer_id_term_scheme_value", type_="unique")
        account.create_unique_constraint(
            "uq_account_issuer_id_term_number_key_scheme_variant",
            ["issuer_id", "term", "number_key", "scheme", "variant"],
        )
        account.create_check_constraint("standing", _STANDINGS)
        account.create_check_constraint("joined", "(standing = 'joined') = (joined_id IS NOT NULL)")
        account.create_foreign_key("fk_account_joined_id_account", "account", ["joined_id"], ["id"])
    op.create_index("ix_account_issuer_id_number_key", "account", ["issuer_id", "number_key"])
    op.create_index("ix_account_joined_id", "account", ["joined_id"])


def _question_table() -> sa.Table:
    table = op.create_table(
        "account_question",
        sa.Column("id", RowId, nullable=False),
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("held_id", RowId, nullable=False),
        sa.Column("other_id", RowId, nullable=False),
        sa.Column("number", sa.String(200), nullable=False),
        sa.Column("held_holder", sa.String(300), nullable=False),
        sa.Column("held_address", sa.LargeBinary(), nullable=False),
        sa.Column("other_holder", sa.String(300), nullable=False),
        sa.Column("other_address", sa.LargeBinary(), nullable=False),
        sa.Column("feed_id", RowId, nullable=True),
        sa.Column("item_seq", RowId, nullable=True),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("decided_by", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.CheckConstraint("kind IN ('reuse', 'split')", name=op.f("ck_account_question_kind")),
        sa.CheckConstraint("state IN ('open', 'same', 'other', 'new_holder')", name=op.f("ck_account_question_state")),
        sa.CheckConstraint("state = 'open' OR decided_by <> ''", name=op.f("ck_account_question_decided")),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_account_question_issuer_id_issuer")),
        sa.ForeignKeyConstraint(["held_id"], ["account.id"], name=op.f("fk_account_question_held_id_account")),
        sa.ForeignKeyConstraint(["other_id"], ["account.id"], name=op.f("fk_account_question_other_id_account")),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_account_question_feed_id_feed")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_question")),
    )
    is_open = sa.text("state = 'open'")
    op.create_index("ix_account_question_state_issuer_id", "account_question", ["state", "issuer_id"])
    op.create_index("ix_account_question_held_id", "account_question", ["held_id"])
    op.create_index("ix_account_question_other_id", "account_question", ["other_id"])
    op.create_index(
        "uq_account_question_held_id_other_id", "account_question", ["held_id", "other_id"], unique=True,
        sqlite_where=is_open, postgresql_where=is_open,
    )  # fmt: skip
    assert table is not None
    return table


def _fold_numbers() -> None:
    """`number_key` of every account, some thousands at a time."""
    connection = op.get_bind()
    write = sa.update(_account).where(_account.c.id == sa.bindparam("of")).values(number_key=sa.bindparam("folded"))
    after = 0
    while True:
        query = sa.select(_account.c.id, _account.c.value).where(_account.c.id > after).order_by(_account.c.id)
        rows = connection.execute(query.limit(_PAGE)).all()
        if not rows:
            return
        connection.execute(write, [{"of": row.id, "folded": _folded(row.value)} for row in rows])
        after = rows[-1].id


def _ask_about_splits(question: sa.Table) -> None:
    """Accounts of one number that is written differently, or of which one names no scheme: the eldest has the number,
    and a question waits about each of the others."""
    connection, now = op.get_bind(), datetime.now(UTC)
    for elder, account in _splits(connection):
        variant = {"variant": f"split {account.id}", "standing": "split"}
        connection.execute(sa.update(_account).where(_account.c.id == account.id).values(**variant))
        connection.execute(
            sa.insert(question).values(
                issuer_id=account.issuer_id, kind="split", held_id=elder.id, other_id=account.id, number=account.value,
                held_holder=elder.holder, held_address=elder.address, other_holder=account.holder,
                other_address=account.address, asked_at=now, state="open", decided_by="", reason="",
            )
        )  # fmt: skip
        why = f"compte {elder.value}"
        connection.execute(
            sa.insert(_event).values(subject="account", subject_id=account.id, what="split", at=now, by="road", why=why)
        )


def _splits(connection: sa.Connection) -> Iterator[tuple[Any, Any]]:
    """(the account that has the number, another of it) pairs."""
    number = (_account.c.issuer_id, _account.c.term, _account.c.number_key)
    shared = (
        sa.select(*number).where(_account.c.term != "address").group_by(*number).having(sa.func.count() > 1).subquery()
    )
    same = sa.and_(*(column == shared.c[column.name] for column in number))
    query = sa.select(_account).join(shared, same).order_by(*number, _account.c.id)
    group: list[Any] = []
    for row in connection.execute(query).all():
        key = (row.issuer_id, row.term, row.number_key)
        if group and key != (group[0].issuer_id, group[0].term, group[0].number_key):
            yield from _pairs(group)
            group = []
        group.append(row)
    yield from _pairs(group)


def _pairs(group: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """A scheme tells apart only where both are given and differ."""
    own: list[Any] = []
    for account in group:
        scheme = account.scheme.strip().casefold()
        elder = next((each for each in own if not scheme or each.scheme.strip().casefold() in {"", scheme}), None)
        if elder is None:
            own.append(account)
        else:
            yield elder, account


def _folded(number: str) -> str:
    """As numbers were folded when this was written."""
    parting = {"Zs", "Zl", "Zp", "Cc", "Cf", "Pd", "Pc"}
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", number).casefold())
    kept = "".join(c for c in folded if c not in "./\\:·•\N{MINUS SIGN}" and unicodedata.category(c) not in parting)
    return (kept or folded.strip())[:200]


def downgrade() -> None:
    op.drop_index("ix_account_joined_id", table_name="account")
    op.drop_index("ix_account_issuer_id_number_key", table_name="account")
    op.drop_table("account_question")
    with op.batch_alter_table("account") as account:
        account.drop_constraint("fk_account_joined_id_account", type_="foreignkey")
        account.drop_constraint("ck_account_joined", type_="check")
        account.drop_constraint("ck_account_standing", type_="check")
        account.drop_constraint("uq_account_issuer_id_term_number_key_scheme_variant", type_="unique")
        account.create_unique_constraint(
            "uq_account_issuer_id_term_scheme_value", ["issuer_id", "term", "scheme", "value"]
        )
        for name in ("joined_id", "standing", "variant", "number_key"):
            account.drop_column(name)
