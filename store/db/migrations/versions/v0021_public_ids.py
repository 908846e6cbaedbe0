"""A place for the key of public ids."""

import sqlalchemy as sa
from alembic import op

from store.base import RowId

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "public_id_key",
        sa.Column("id", RowId, nullable=False),
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_public_id_key"),
    )
