"""What waits because the outside is down: feeds and print batches count their attempts, and all that is put back its
setbacks."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_COUNT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for table in ("feed", "print_batch"):
        op.add_column(table, sa.Column("attempts", _COUNT, nullable=False, server_default="0"))
        op.add_column(table, sa.Column("not_before", sa.Float(), nullable=False, server_default="0"))
    for table in ("feed", "print_batch", "chunk", "errand"):
        op.add_column(table, sa.Column("setbacks", _COUNT, nullable=False, server_default="0"))


def downgrade() -> None:
    for table in ("feed", "print_batch", "chunk", "errand"):
        op.drop_column(table, "setbacks")
    for table in ("feed", "print_batch"):
        op.drop_column(table, "not_before")
        op.drop_column(table, "attempts")
