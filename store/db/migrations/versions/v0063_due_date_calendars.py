"""Secret addresses of people, and what calendars were told of due dates."""

import sqlalchemy as sa
from alembic import op

from store.base import Amount, Moment, RowId

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

_IN_FORCE = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "secret_address",
        sa.Column("id", RowId, nullable=False),
        sa.Column("consumer_id", RowId, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("root_id", sa.String(8), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["consumer_id"], ["consumer.id"], name=op.f("fk_secret_address_consumer_id_consumer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_secret_address")),
        sa.UniqueConstraint("digest", name=op.f("uq_secret_address_digest")),
    )
    op.create_index(
        "uq_secret_address_in_force", "secret_address", ["consumer_id", "kind"], unique=True,
        sqlite_where=_IN_FORCE, postgresql_where=_IN_FORCE,
    )  # fmt: skip
    op.create_table(
        "due_date_entry",
        sa.Column("bill_id", RowId, nullable=False),
        sa.Column("part", RowId, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount", Amount(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("sequence", RowId, nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.CheckConstraint("state IN ('asks', 'collected', 'cancelled')", name=op.f("ck_due_date_entry_state")),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name=op.f("fk_due_date_entry_bill_id_bill")),
        sa.PrimaryKeyConstraint("bill_id", "part", name=op.f("pk_due_date_entry")),
    )


def downgrade() -> None:
    op.drop_table("due_date_entry")
    op.drop_table("secret_address")
