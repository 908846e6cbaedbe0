"""Access grants: who may read a holder's bills besides them. When a holder last opened a bill of an account."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None

_OPEN = sa.text("state IN ('invited', 'accepted')")
_STATES = "state IN ('invited', 'accepted', 'declined', 'returned', 'revoked', 'ended')"
_RELATIONS = "relation IN ('spouse', 'carer', 'accountant', 'other')"


def upgrade() -> None:
    op.create_table(
        "access_grant",
        sa.Column("id", RowId, nullable=False),
        sa.Column("owner_id", RowId, nullable=False),
        sa.Column("reader_id", RowId, nullable=True),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("relation", sa.String(12), nullable=False),
        sa.Column("looks_for_owner", sa.Boolean(), nullable=False),
        sa.Column("covers_all", sa.Boolean(), nullable=False),
        sa.Column("sees_invoices", sa.Boolean(), nullable=False),
        sa.Column("sees_credit_notes", sa.Boolean(), nullable=False),
        sa.Column("sees_correctives", sa.Boolean(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("invited_at", Moment(), nullable=False),
        sa.Column("mailed_at", Moment(), nullable=True),
        sa.Column("accepted_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("last_seen_on", sa.Date(), nullable=True),
        sa.CheckConstraint(_STATES, name=op.f("ck_access_grant_state")),
        sa.CheckConstraint(_RELATIONS, name=op.f("ck_access_grant_relation")),
        sa.CheckConstraint("state <> 'accepted' OR reader_id IS NOT NULL", name=op.f("ck_access_grant_reader")),
        sa.ForeignKeyConstraint(["owner_id"], ["consumer.id"], name=op.f("fk_access_grant_owner_id_consumer")),
        sa.ForeignKeyConstraint(["reader_id"], ["consumer.id"], name=op.f("fk_access_grant_reader_id_consumer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_grant")),
    )
    op.create_index(
        "uq_access_grant_open", "access_grant", ["owner_id", "email"], unique=True, sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )  # fmt: skip
    op.create_index("ix_access_grant_reader_id_state", "access_grant", ["reader_id", "state"])
    op.create_index("ix_access_grant_email_state", "access_grant", ["email", "state"])
    op.create_index("ix_access_grant_state_id", "access_grant", ["state", "id"])
    op.create_table(
        "access_grant_account",
        sa.Column("grant_id", RowId, nullable=False),
        sa.Column("account_id", RowId, nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["access_grant.id"], name=op.f("fk_access_grant_account_grant_id_access_grant")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_access_grant_account_account_id_account")
        ),
        sa.PrimaryKeyConstraint("grant_id", "account_id", name=op.f("pk_access_grant_account")),
    )
    op.create_index("ix_access_grant_account_account_id", "access_grant_account", ["account_id"])
    op.add_column("enrolment", sa.Column("last_seen_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("enrolment", "last_seen_on")
    op.drop_table("access_grant_account")
    op.drop_table("access_grant")
