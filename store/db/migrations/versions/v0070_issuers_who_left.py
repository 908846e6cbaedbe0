"""When an issuer has left the service."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("issuer", sa.Column("closed_at", Moment(), nullable=True))


def downgrade() -> None:
    op.drop_column("issuer", "closed_at")
