"""SEPA direct debit mandates that account holders signed."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "debit_mandate",
        sa.Column("id", RowId, nullable=False),
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("account_id", RowId, nullable=False),
        sa.Column("consumer_id", RowId, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("umr", sa.String(35), nullable=False),
        sa.Column("creditor_id", sa.String(35), nullable=False),
        sa.Column("holder_name", sa.String(70), nullable=False),
        sa.Column("encrypted_iban", sa.LargeBinary(), nullable=False),
        sa.Column("last_four", sa.String(4), nullable=False),
        sa.Column("signed_name", sa.String(200), nullable=False),
        sa.Column("wording", sa.String(40), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("session_sha256", sa.String(64), nullable=False),
        sa.Column("signed_at", Moment(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.CheckConstraint("state IN ('signed', 'revoked')", name=op.f("ck_debit_mandate_state")),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_debit_mandate_issuer_id_issuer")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_debit_mandate_account_id_account")),
        sa.ForeignKeyConstraint(["consumer_id"], ["consumer.id"], name=op.f("fk_debit_mandate_consumer_id_consumer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_debit_mandate")),
        sa.UniqueConstraint("creditor_id", "umr", name=op.f("uq_debit_mandate_creditor_id_umr")),
    )
    op.create_index("ix_debit_mandate_issuer_id_id", "debit_mandate", ["issuer_id", "id"])
    op.create_index("ix_debit_mandate_account_id", "debit_mandate", ["account_id"])
    signed = sa.text("state = 'signed'")
    op.create_index(
        "uq_debit_mandate_signed", "debit_mandate", ["account_id"], unique=True, sqlite_where=signed,
        postgresql_where=signed,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("debit_mandate")
