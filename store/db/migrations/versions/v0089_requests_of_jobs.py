"""Which request asked for a job."""

import sqlalchemy as sa
from alembic import op

revision = "0089"
down_revision = "0088"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("errand", sa.Column("request_id", sa.String(32), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("errand", "request_id")
