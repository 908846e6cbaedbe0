"""The article of law that a delivery is owed by. Deliveries of before name none."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("delivery", sa.Column("article", sa.String(200), nullable=True))


def downgrade() -> None:
    op.drop_column("delivery", "article")
