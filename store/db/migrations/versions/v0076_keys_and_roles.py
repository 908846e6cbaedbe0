"""Names, scopes, last use and end of API keys; names and last use of SFTP credentials; roles of staff."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None

#: Keys that there are may do what they could.
_ALL_SCOPES = "read feeds payments accounts webhooks"


def upgrade() -> None:
    op.add_column("issuer_key", sa.Column("name", sa.String(80), nullable=False, server_default=""))
    op.add_column("issuer_key", sa.Column("scopes", sa.String(80), nullable=False, server_default=_ALL_SCOPES))
    op.add_column("issuer_key", sa.Column("tail", sa.String(8), nullable=False, server_default=""))
    op.add_column("issuer_key", sa.Column("last_used_at", Moment(), nullable=True))
    op.add_column("issuer_key", sa.Column("expires_at", Moment(), nullable=True))
    op.create_index("ix_issuer_key_issuer_id", "issuer_key", ["issuer_id"])
    op.add_column("sftp_key", sa.Column("name", sa.String(80), nullable=False, server_default=""))
    op.add_column("sftp_key", sa.Column("last_used_at", Moment(), nullable=True))
    op.create_index("ix_sftp_key_issuer_id", "sftp_key", ["issuer_id"])
    with op.batch_alter_table("staff") as batch:
        batch.add_column(sa.Column("role", sa.String(6), nullable=False, server_default="admin"))
        batch.create_check_constraint(op.f("ck_staff_role"), "role IN ('reader', 'editor', 'admin')")
    op.add_column(
        "issuer", sa.Column("team_needs_second_factor", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    op.drop_column("issuer", "team_needs_second_factor")
    with op.batch_alter_table("staff") as batch:
        batch.drop_constraint(op.f("ck_staff_role"), type_="check")
        batch.drop_column("role")
    op.drop_index("ix_sftp_key_issuer_id", "sftp_key")
    op.drop_column("sftp_key", "last_used_at")
    op.drop_column("sftp_key", "name")
    op.drop_index("ix_issuer_key_issuer_id", "issuer_key")
    for column in ("expires_at", "last_used_at", "tail", "scopes", "name"):
        op.drop_column("issuer_key", column)
