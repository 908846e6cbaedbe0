"""Payments found by their issuer and day, and by what they undo."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_payment_issuer_id_booked_on_id", "payment", ["issuer_id", "booked_on", "id"])
    undoes = sa.text("undoes_id IS NOT NULL")
    op.create_index(
        "ix_payment_undoes_id", "payment", ["undoes_id"], sqlite_where=undoes, postgresql_where=undoes
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_payment_undoes_id", "payment")
    op.drop_index("ix_payment_issuer_id_booked_on_id", "payment")
