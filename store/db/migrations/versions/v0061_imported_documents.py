"""Documents that people bring in, and their private issuers."""

import sqlalchemy as sa
from alembic import op

from store.base import Blanks, Moment, RowId

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

_STATES_BEFORE = "state IN ('received', 'reading', 'released', 'held', 'rejected', 'settled')"
_STATES = "state IN ('received', 'reading', 'released', 'held', 'rejected', 'settled', 'private')"


def upgrade() -> None:
    with op.batch_alter_table("issuer") as batch:
        batch.add_column(sa.Column("private_to", RowId, nullable=True))
        batch.create_foreign_key(op.f("fk_issuer_private_to_consumer"), "consumer", ["private_to"], ["id"])
    _check_states(_STATES)
    op.create_table(
        "private_issuer",
        sa.Column("issuer_id", RowId, autoincrement=False, nullable=False),
        sa.Column("consumer_id", RowId, nullable=False),
        sa.Column("account_id", RowId, nullable=False),
        sa.Column("name_key", sa.String(200), nullable=False),
        sa.Column("legal_id", sa.String(40), nullable=False),
        sa.Column("vat_id", sa.String(40), nullable=False),
        sa.Column("stands_for_id", RowId, nullable=True),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_private_issuer_issuer_id_issuer")),
        sa.ForeignKeyConstraint(["consumer_id"], ["consumer.id"], name=op.f("fk_private_issuer_consumer_id_consumer")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_private_issuer_account_id_account")),
        sa.ForeignKeyConstraint(["stands_for_id"], ["issuer.id"], name=op.f("fk_private_issuer_stands_for_id_issuer")),
        sa.PrimaryKeyConstraint("issuer_id", name=op.f("pk_private_issuer")),
    )
    op.create_index("ix_private_issuer_consumer_id_name_key", "private_issuer", ["consumer_id", "name_key"])
    op.create_index("ix_private_issuer_name_key", "private_issuer", ["name_key"])
    op.create_index("ix_private_issuer_legal_id", "private_issuer", ["legal_id"])
    op.create_table(
        "imported_document",
        sa.Column("id", RowId, nullable=False),
        sa.Column("uid", sa.String(24), nullable=False),
        sa.Column("consumer_id", RowId, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("size", RowId, nullable=False),
        sa.Column("door", sa.String(10), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("account_id", RowId, nullable=False),
        sa.Column("blob_sha256", sa.String(64), nullable=True),
        sa.Column("format", sa.String(20), nullable=False),
        sa.Column("reading", sa.JSON(), nullable=True),
        sa.Column("bill_id", RowId, nullable=True),
        sa.Column("reason_code", sa.String(40), server_default="", nullable=False),
        sa.Column("reason_values", Blanks(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'asked', 'bill', 'known', 'refused')", name=op.f("ck_imported_document_state")
        ),
        sa.ForeignKeyConstraint(
            ["consumer_id"], ["consumer.id"], name=op.f("fk_imported_document_consumer_id_consumer")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_imported_document_account_id_account")),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name=op.f("fk_imported_document_bill_id_bill")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_document")),
        sa.UniqueConstraint("uid", name=op.f("uq_imported_document_uid")),
        sa.UniqueConstraint("consumer_id", "sha256", name=op.f("uq_imported_document_consumer_id_sha256")),
    )
    op.create_index("ix_imported_document_consumer_id_id", "imported_document", ["consumer_id", "id"])
    op.create_index("ix_imported_document_bill_id", "imported_document", ["bill_id"])


def downgrade() -> None:
    op.drop_table("imported_document")
    op.drop_table("private_issuer")
    _check_states(_STATES_BEFORE)
    with op.batch_alter_table("issuer") as batch:
        batch.drop_constraint(op.f("fk_issuer_private_to_consumer"), type_="foreignkey")
        batch.drop_column("private_to")


def _check_states(condition: str) -> None:
    with op.batch_alter_table("feed") as batch:
        batch.drop_constraint(op.f("ck_feed_state"), type_="check")
        batch.create_check_constraint(op.f("ck_feed_state"), condition)
