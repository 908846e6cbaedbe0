"""A person may stop kinds of e-mail that bring no bill."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stopped_mail",
        sa.Column("consumer_id", RowId, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["consumer_id"], ["consumer.id"], name=op.f("fk_stopped_mail_consumer_id_consumer")),
        sa.PrimaryKeyConstraint("consumer_id", "kind", name=op.f("pk_stopped_mail")),
    )


def downgrade() -> None:
    op.drop_table("stopped_mail")
