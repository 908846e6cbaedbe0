"""Second factors of consumers and staff: passkeys, apps that show codes, recovery codes, removals that wait."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "passkey",
        *_owned("passkey"),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", RowId, nullable=False),
        sa.Column("user_handle", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("is_synced", sa.Boolean(), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("last_used_at", Moment(), nullable=True),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index("ix_passkey_consumer_id", "passkey", ["consumer_id"])
    op.create_index("ix_passkey_staff_id", "passkey", ["staff_id"])
    op.create_table(
        "authenticator_app",
        *_owned("authenticator_app"),
        sa.Column("encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("begun_at", Moment(), nullable=False),
        sa.Column("confirmed_at", Moment(), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.UniqueConstraint("consumer_id", name=op.f("uq_authenticator_app_consumer_id")),
        sa.UniqueConstraint("staff_id", name=op.f("uq_authenticator_app_staff_id")),
    )
    op.create_table(
        "recovery_code",
        *_owned("recovery_code"),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
    )
    op.create_index("ix_recovery_code_consumer_id", "recovery_code", ["consumer_id"])
    op.create_index("ix_recovery_code_staff_id", "recovery_code", ["staff_id"])
    op.create_table(
        "used_challenge",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_used_challenge")),
    )
    op.create_index("ix_used_challenge_until", "used_challenge", ["until"])
    op.create_table(
        "factor_removal",
        sa.Column("id", RowId, nullable=False),
        sa.Column("consumer_id", RowId, nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.ForeignKeyConstraint(["consumer_id"], ["consumer.id"], name=op.f("fk_factor_removal_consumer_id_consumer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factor_removal")),
        sa.CheckConstraint("state IN ('waiting', 'cancelled', 'done')", name=op.f("ck_factor_removal_state")),
    )
    op.create_index("ix_factor_removal_consumer_id", "factor_removal", ["consumer_id"])


def _owned(table: str) -> tuple[Any, ...]:
    """The columns and keys of a table whose rows are a consumer's or a member's of staff."""
    return (
        sa.Column("id", RowId, nullable=False),
        sa.Column("consumer_id", RowId, nullable=True),
        sa.Column("staff_id", RowId, nullable=True),
        sa.ForeignKeyConstraint(["consumer_id"], ["consumer.id"], name=op.f(f"fk_{table}_consumer_id_consumer")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f(f"fk_{table}_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    for table in ("factor_removal", "used_challenge", "recovery_code", "authenticator_app", "passkey"):
        op.drop_table(table)
