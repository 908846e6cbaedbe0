"""A bill whose fallback letter has left counts as one without a letter by choice, and its letter as a fallback letter:
each bill is counted again, beside the work."""

import sqlalchemy as sa
from alembic import op

revision = "0094"
down_revision = "0093"
branch_labels = None
depends_on = None


def upgrade() -> None:
    progress = sa.table("fact_count", sa.column("is_full"), sa.column("bills_upto"))
    op.execute(progress.update().values(is_full=False, bills_upto=0))
