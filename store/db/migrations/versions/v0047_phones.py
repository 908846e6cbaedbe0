"""The phones that people get SMS on."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "phone",
        sa.Column("consumer_id", RowId, nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("nonce", sa.String(32), nullable=False),
        sa.Column("code_until", Moment(), nullable=False),
        sa.Column("tries", RowId, nullable=False),
        sa.Column("confirmed_at", Moment(), nullable=True),
        sa.Column("failed_at", Moment(), nullable=True),
        sa.Column("failure", sa.String(500), nullable=False),
        sa.ForeignKeyConstraint(["consumer_id"], ["consumer.id"], name=op.f("fk_phone_consumer_id_consumer")),
        sa.PrimaryKeyConstraint("consumer_id", name=op.f("pk_phone")),
    )
    op.create_index("ix_phone_number", "phone", ["number"])


def downgrade() -> None:
    op.drop_table("phone")
