"""When a webhook endpoint failed last. Of one that fails today it is not known: its next failure begins a row anew if
the first was days ago."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("webhook_endpoint", sa.Column("failed_at", Moment(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("webhook_endpoint") as endpoint:
        endpoint.drop_column("failed_at")
