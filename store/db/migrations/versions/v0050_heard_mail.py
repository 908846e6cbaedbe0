"""What comes back of e-mails is kept, each message once."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

_STANDINGS = "('recorded', 'known', 'ignored', 'unsigned', 'foreign', 'late', 'for_person')"
_TO_READ = sa.text("standing IN ('unsigned', 'foreign', 'late', 'for_person') AND seen_by = ''")


def upgrade() -> None:
    op.create_table(
        "heard_mail",
        sa.Column("id", RowId, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("heard_at", Moment(), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("standing", sa.String(length=12), nullable=False),
        sa.Column("delivery_id", RowId, nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("seen_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint(f"standing IN {_STANDINGS}", name=op.f("ck_heard_mail_standing")),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_heard_mail_delivery_id_delivery")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heard_mail")),
        sa.UniqueConstraint("digest", name=op.f("uq_heard_mail_digest")),
    )
    op.create_index("ix_heard_mail_heard_at", "heard_mail", ["heard_at"])
    op.create_index("ix_heard_mail_to_read", "heard_mail", ["id"], sqlite_where=_TO_READ, postgresql_where=_TO_READ)


def downgrade() -> None:
    op.drop_table("heard_mail")
