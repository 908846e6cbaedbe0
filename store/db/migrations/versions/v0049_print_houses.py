"""Print batches belong to print houses: those until now to the one that had no name. One batch of a house is open."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("print_batch", sa.Column("house", sa.String(40), nullable=False, server_default="main"))
    op.drop_index("uq_print_batch_open", "print_batch")
    is_open = sa.text("state = 'open'")
    op.create_index(
        "uq_print_batch_open", "print_batch", ["house"], unique=True, sqlite_where=is_open, postgresql_where=is_open
    )
