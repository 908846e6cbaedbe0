"""Which batch of its cut-off a print batch is."""

import sqlalchemy as sa
from alembic import op

from store.base import RowId

revision = "0095"
down_revision = "0094"
branch_labels = None
depends_on = None

_NUMBERED = """
UPDATE print_batch SET part = numbered.n
FROM (
  SELECT id, row_number() OVER (PARTITION BY house, cut_off_at ORDER BY id) AS n FROM print_batch
) AS numbered
WHERE numbered.id = print_batch.id AND numbered.n > 1
"""


def upgrade() -> None:
    op.add_column("print_batch", sa.Column("part", RowId, nullable=False, server_default="1"))
    op.execute(_NUMBERED)


def downgrade() -> None:
    op.drop_column("print_batch", "part")
