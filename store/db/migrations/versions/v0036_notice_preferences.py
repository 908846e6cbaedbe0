"""How consumers want to hear of bills; and an index of the notices that a person's next digest takes along."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice_preference",
        sa.Column("id", RowId, nullable=False),
        sa.Column("consumer_id", RowId, nullable=False),
        sa.Column("account_id", RowId, nullable=True),
        sa.Column("channels", sa.String(40), nullable=False),
        sa.Column("digest", sa.String(10), nullable=False),
        sa.Column("digest_day", RowId, nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_until", sa.Time(), nullable=True),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("chosen_at", Moment(), nullable=False),
        sa.CheckConstraint("digest IN ('each', 'weekly')", name=op.f("ck_notice_preference_digest")),
        sa.CheckConstraint("digest_day BETWEEN 0 AND 6", name=op.f("ck_notice_preference_digest_day")),
        sa.CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name=op.f("ck_notice_preference_quiet")),
        sa.ForeignKeyConstraint(
            ["consumer_id"], ["consumer.id"], name=op.f("fk_notice_preference_consumer_id_consumer")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_notice_preference_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_preference")),
        sa.UniqueConstraint("consumer_id", "account_id", name=op.f("uq_notice_preference_consumer_id_account_id")),
    )
    for_all = sa.text("account_id IS NULL")
    op.create_index(
        "uq_notice_preference_for_all", "notice_preference", ["consumer_id"], unique=True, sqlite_where=for_all,
        postgresql_where=for_all,
    )  # fmt: skip
    in_digest = sa.text(
        "reason_code = 'announced_in_digest' AND state IN ('waiting', 'ready', 'attempting', 'in_doubt')"
    )
    op.create_index(
        "ix_delivery_person_id_digest", "delivery", ["person_id"], sqlite_where=in_digest, postgresql_where=in_digest
    )


def downgrade() -> None:
    op.drop_index("ix_delivery_person_id_digest", "delivery")
    op.drop_table("notice_preference")
