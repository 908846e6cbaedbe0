"""Heirs of accounts whose customer has died, and what they are told."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None

_OPEN = sa.text("ended_at IS NULL")
_DOCUMENTS = "document_kind IN ('notary', 'town', 'attestation', 'judgment', 'other')"
_KINDS_BEFORE = "('joined', 'paperless', 'paper', 'asks', 'welcomed', 'lifted', 'restored', 'kept', 'removed', 'moved')"
_KINDS = _KINDS_BEFORE.removesuffix(")") + ", 'heir', 'heir_joins', 'heir_ended')"


def upgrade() -> None:
    op.create_table(
        "heir",
        sa.Column("id", RowId, nullable=False),
        sa.Column("account_id", RowId, nullable=False),
        sa.Column("consumer_id", RowId, nullable=False),
        sa.Column("document_kind", sa.String(12), nullable=False),
        sa.Column("reference", sa.String(200), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("blob_sha256", sa.String(64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended_by", sa.String(200), nullable=False),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(_DOCUMENTS, name=op.f("ck_heir_document_kind")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_heir_account_id_account")),
        sa.ForeignKeyConstraint(["consumer_id"], ["consumer.id"], name=op.f("fk_heir_consumer_id_consumer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heir")),
    )
    op.create_index("ix_heir_account_id", "heir", ["account_id"])
    op.create_index("ix_heir_consumer_id", "heir", ["consumer_id"])
    op.create_index(
        "uq_heir_open", "heir", ["account_id", "consumer_id"], unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    _replace_kinds(_KINDS)


def downgrade() -> None:
    op.execute("DELETE FROM holder_notice WHERE kind LIKE 'heir%'")
    _replace_kinds(_KINDS_BEFORE)
    op.drop_table("heir")


def _replace_kinds(kinds: str) -> None:
    with op.batch_alter_table("holder_notice") as batch:
        batch.drop_constraint(op.f("ck_holder_notice_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_holder_notice_kind"), f"kind IN {kinds}")
