"""Spaces that were closed, and changes of an e-mail address."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "space_closing",
        sa.Column("id", RowId, nullable=False),
        sa.Column("consumer_id", RowId, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("closed_at", Moment(), nullable=False),
        sa.Column("erase_at", Moment(), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.CheckConstraint("state IN ('closed', 'restored', 'erased')", name=op.f("ck_space_closing_state")),
        sa.ForeignKeyConstraint(["consumer_id"], ["consumer.id"], name=op.f("fk_space_closing_consumer_id_consumer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_space_closing")),
    )
    op.create_index("ix_space_closing_state_erase_at", "space_closing", ["state", "erase_at"])
    op.create_index("ix_space_closing_consumer_id", "space_closing", ["consumer_id"])
    _unique_while("uq_space_closing_closed", "space_closing", "state = 'closed'")
    op.create_table(
        "email_change",
        sa.Column("id", RowId, nullable=False),
        sa.Column("consumer_id", RowId, nullable=False),
        sa.Column("old_email", sa.String(254), nullable=False),
        sa.Column("new_email", sa.String(254), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("confirmed_at", Moment(), nullable=True),
        sa.Column("old_failed_at", Moment(), nullable=True),
        sa.Column("old_failure", sa.String(500), nullable=False),
        sa.CheckConstraint(
            "state IN ('pending', 'confirmed', 'stopped', 'taken_back', 'replaced')", name=op.f("ck_email_change_state")
        ),
        sa.ForeignKeyConstraint(["consumer_id"], ["consumer.id"], name=op.f("fk_email_change_consumer_id_consumer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_change")),
    )
    op.create_index("ix_email_change_consumer_id", "email_change", ["consumer_id"])
    _unique_while("uq_email_change_pending", "email_change", "state = 'pending'")


def _unique_while(name: str, table: str, condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, ["consumer_id"], unique=True, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_table("email_change")
    op.drop_table("space_closing")
