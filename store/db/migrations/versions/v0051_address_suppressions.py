"""Addresses that letters may not use, and moves that holders state; which mail piece of its lot a letter is; a verdict
after a death as a column."""

import msgspec
import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

_OPEN = sa.text("state = 'open'")
_KINDS_BEFORE = "('joined', 'paperless', 'paper', 'asks', 'welcomed', 'lifted', 'restored', 'kept', 'removed')"
_KINDS = "('joined', 'paperless', 'paper', 'asks', 'welcomed', 'lifted', 'restored', 'kept', 'removed', 'moved')"


def upgrade() -> None:
    op.create_table(
        "address_suppression",
        sa.Column("id", RowId, nullable=False),
        sa.Column("account_id", RowId, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.String(12), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("lifted_at", Moment(), nullable=True),
        sa.Column("lifted_by", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_address_suppression_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_suppression")),
        sa.UniqueConstraint("account_id", "digest", name=op.f("uq_address_suppression_account_id_digest")),
    )
    op.create_table(
        "stated_move",
        sa.Column("id", RowId, nullable=False),
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("account_id", RowId, nullable=False),
        sa.Column("consumer_id", RowId, nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("decided_by", sa.String(200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'applied', 'confirmed', 'refused', 'replaced', 'overtaken')",
            name=op.f("ck_stated_move_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('confirmed', 'refused') OR decided_by <> ''", name=op.f("ck_stated_move_decided")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_stated_move_account_id_account")),
        sa.ForeignKeyConstraint(["consumer_id"], ["consumer.id"], name=op.f("fk_stated_move_consumer_id_consumer")),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_stated_move_issuer_id_issuer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stated_move")),
    )
    op.create_index("ix_stated_move_state_issuer_id_id", "stated_move", ["state", "issuer_id", "id"])
    op.create_index(
        "uq_stated_move_open", "stated_move", ["account_id"], unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    op.add_column("delivery", sa.Column("mail_piece", RowId, nullable=True))
    op.add_column("account", sa.Column("bereavement_verdict", sa.String(8), nullable=False, server_default=""))
    _keep_verdicts()
    _replace_kinds(_KINDS)


def downgrade() -> None:
    op.execute("DELETE FROM holder_notice WHERE kind = 'moved'")
    _replace_kinds(_KINDS_BEFORE)
    op.drop_column("account", "bereavement_verdict")
    op.drop_column("delivery", "mail_piece")
    op.drop_table("stated_move")
    op.drop_table("address_suppression")


def _keep_verdicts() -> None:
    """What persons decided after a death is packed in each of these few rows."""
    account = sa.table(
        "account",
        sa.column("id", sa.BigInteger()),
        sa.column("bereavement", sa.LargeBinary()),
        sa.column("bereavement_verdict", sa.String()),
    )
    connection = op.get_bind()
    decided = sa.select(account.c.id, account.c.bereavement).where(account.c.bereavement.is_not(None))
    for account_id, packed in connection.execute(decided).all():
        verdict = msgspec.msgpack.decode(packed)[0]
        connection.execute(sa.update(account).where(account.c.id == account_id).values(bereavement_verdict=verdict))


def _replace_kinds(kinds: str) -> None:
    with op.batch_alter_table("holder_notice") as batch:
        batch.drop_constraint(op.f("ck_holder_notice_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_holder_notice_kind"), f"kind IN {kinds}")
