"""Two people on one account: the earlier may suspend the later, a named person decides, each is told of the other."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_STATES = "state IN ('open', 'lifted', 'restored', 'removed', 'replaced')"
_KINDS = (
    "kind IN ('joined', 'paperless', 'paper', 'asks', 'welcomed', 'lifted', 'restored', 'kept', 'removed')"
)  # fmt: skip


def upgrade() -> None:
    op.add_column("enrolment", sa.Column("suspended_at", Moment, nullable=True))
    _disputes()
    _notices()


def _disputes() -> None:
    op.create_table(
        "dispute",
        sa.Column("id", RowId, nullable=False),
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("account_id", RowId, nullable=False),
        sa.Column("earlier_id", RowId, nullable=False),
        sa.Column("later_id", RowId, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("opened_at", Moment, nullable=False),
        sa.Column("asked_at", Moment, nullable=True),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("decided_by", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("settled_at", Moment, nullable=True),
        sa.CheckConstraint(_STATES, name=op.f("ck_dispute_state")),
        sa.CheckConstraint("state = 'open' OR decided_by <> ''", name=op.f("ck_dispute_decided")),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_dispute_issuer_id_issuer")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_dispute_account_id_account")),
        sa.ForeignKeyConstraint(["earlier_id"], ["consumer.id"], name=op.f("fk_dispute_earlier_id_consumer")),
        sa.ForeignKeyConstraint(["later_id"], ["consumer.id"], name=op.f("fk_dispute_later_id_consumer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
    )
    op.create_index("ix_dispute_state_issuer_id", "dispute", ["state", "issuer_id"])
    op.create_index("ix_dispute_account_id", "dispute", ["account_id"])
    is_open = sa.text("state = 'open'")
    op.create_index(
        "uq_dispute_account_id_later_id", "dispute", ["account_id", "later_id"], unique=True, sqlite_where=is_open,
        postgresql_where=is_open,
    )  # fmt: skip


def _notices() -> None:
    op.create_table(
        "holder_notice",
        sa.Column("id", RowId, nullable=False),
        sa.Column("consumer_id", RowId, nullable=False),
        sa.Column("account_id", RowId, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("asker_id", RowId, nullable=True),
        sa.Column("at", Moment, nullable=False),
        sa.Column("seen_at", Moment, nullable=True),
        sa.CheckConstraint(_KINDS, name=op.f("ck_holder_notice_kind")),
        sa.ForeignKeyConstraint(["consumer_id"], ["consumer.id"], name=op.f("fk_holder_notice_consumer_id_consumer")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_holder_notice_account_id_account")),
        sa.ForeignKeyConstraint(["asker_id"], ["consumer.id"], name=op.f("fk_holder_notice_asker_id_consumer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holder_notice")),
    )
    op.create_index("ix_holder_notice_consumer_id_seen_at", "holder_notice", ["consumer_id", "seen_at"])
