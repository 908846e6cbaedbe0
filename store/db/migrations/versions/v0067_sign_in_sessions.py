"""Sessions are rows, in place of the list of ended ones; when somebody first signed in; which browser signed up."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_in_session",
        sa.Column("id", RowId, nullable=False),
        sa.Column("cookie_id", sa.String(32), nullable=False),
        sa.Column("consumer_id", RowId, nullable=True),
        sa.Column("staff_id", RowId, nullable=True),
        sa.Column("device", sa.String(60), nullable=False),
        sa.Column("began_at", Moment(), nullable=False),
        sa.Column("last_seen_on", sa.Date(), nullable=False),
        sa.CheckConstraint("(consumer_id IS NULL) <> (staff_id IS NULL)", name=op.f("ck_sign_in_session_one_person")),
        sa.ForeignKeyConstraint(["consumer_id"], ["consumer.id"], name=op.f("fk_sign_in_session_consumer_id_consumer")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_sign_in_session_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("cookie_id", name=op.f("uq_sign_in_session_cookie_id")),
    )
    op.create_index("ix_sign_in_session_consumer_id", "sign_in_session", ["consumer_id"])
    op.create_index("ix_sign_in_session_staff_id", "sign_in_session", ["staff_id"])
    op.create_index("ix_sign_in_session_last_seen_on", "sign_in_session", ["last_seen_on"])
    op.drop_table("ended_session")
    op.add_column("consumer", sa.Column("first_signed_in_at", Moment(), nullable=True))
    op.add_column("staff", sa.Column("first_signed_in_at", Moment(), nullable=True))
    op.execute("UPDATE consumer SET first_signed_in_at = confirmed_at WHERE confirmed_at IS NOT NULL")
    op.execute("UPDATE staff SET first_signed_in_at = added_at WHERE password_hash IS NOT NULL")
    op.add_column("sign_up", sa.Column("browser_digest", sa.String(64), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("sign_up", "browser_digest")
    op.drop_column("staff", "first_signed_in_at")
    op.drop_column("consumer", "first_signed_in_at")
    op.create_table(
        "ended_session",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ended_session")),
    )
    op.drop_table("sign_in_session")
