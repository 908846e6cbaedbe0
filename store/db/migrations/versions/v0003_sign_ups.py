"""Every sign-up keeps its own name and password until one is confirmed. Whoever has not confirmed yet has one."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_up",
        sa.Column("consumer_id", RowId, nullable=False),
        sa.Column("epoch", RowId, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.ForeignKeyConstraint(["consumer_id"], ["consumer.id"], name=op.f("fk_sign_up_consumer_id_consumer")),
        sa.PrimaryKeyConstraint("consumer_id", "epoch", name=op.f("pk_sign_up")),
    )
    op.execute(
        "INSERT INTO sign_up (consumer_id, epoch, name, language, password_hash, at) "
        "SELECT id, session_epoch, name, language, password_hash, signed_up_at FROM consumer WHERE confirmed_at IS NULL"
    )
