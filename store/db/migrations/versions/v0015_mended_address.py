"""An account's address may be mended by a person, for its letters."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("mended_address", sa.LargeBinary, nullable=True))
