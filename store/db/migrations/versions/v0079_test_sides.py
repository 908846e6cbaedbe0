"""Test sides of issuers, their customers, and the outbox of what would have been sent to these."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("issuer") as batch:
        batch.add_column(sa.Column("test_of", RowId, nullable=True))
        batch.create_foreign_key(op.f("fk_issuer_test_of_issuer"), "issuer", ["test_of"], ["id"])
        batch.create_unique_constraint(op.f("uq_issuer_test_of"), ["test_of"])
    op.create_table(
        "test_customer",
        sa.Column("consumer_id", RowId, nullable=False),
        sa.Column("issuer_id", RowId, nullable=False),
        sa.ForeignKeyConstraint(["consumer_id"], ["consumer.id"], name=op.f("fk_test_customer_consumer_id_consumer")),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_test_customer_issuer_id_issuer")),
        sa.PrimaryKeyConstraint("consumer_id", name=op.f("pk_test_customer")),
    )
    op.create_index("ix_test_customer_issuer_id", "test_customer", ["issuer_id"])
    op.create_table(
        "test_message",
        sa.Column("id", RowId, nullable=False),
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("recipient", sa.String(254), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("reference", sa.String(200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.String(300), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_test_message_issuer_id_issuer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_message")),
    )
    op.create_index("ix_test_message_issuer_id_id", "test_message", ["issuer_id", "id"])


def downgrade() -> None:
    op.drop_table("test_message")
    op.drop_table("test_customer")
    with op.batch_alter_table("issuer") as batch:
        batch.drop_constraint(op.f("uq_issuer_test_of"), type_="unique")
        batch.drop_constraint(op.f("fk_issuer_test_of_issuer"), type_="foreignkey")
        batch.drop_column("test_of")
