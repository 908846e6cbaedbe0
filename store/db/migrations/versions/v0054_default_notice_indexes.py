"""Indexes of the notices and consents of bills without paper by default, which the adoption page counts."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    told = sa.text("kind IN ('default_planned', 'default_sent', 'default_refused', 'objected')")
    op.create_index(
        "ix_account_notice_default", "account_notice", ["kind", "account_id"], sqlite_where=told, postgresql_where=told
    )
    begun = sa.text("basis = 'default_on'")
    op.create_index("ix_consent_default_on", "consent", ["account_id"], sqlite_where=begun, postgresql_where=begun)


def downgrade() -> None:
    op.drop_index("ix_consent_default_on", "consent")
    op.drop_index("ix_account_notice_default", "account_notice")
