"""The first day of a move that a holder states, and when letters were told of it."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

_GIVEN = "UPDATE stated_move SET given_at = ended_at WHERE state IN ('confirmed', 'applied')"
_TO_GIVE = sa.text("state = 'confirmed' AND given_at IS NULL")


def upgrade() -> None:
    op.add_column("stated_move", sa.Column("from_day", sa.Date(), nullable=True))
    op.add_column("stated_move", sa.Column("given_at", Moment(), nullable=True))
    op.execute(sa.text(_GIVEN))
    op.create_index("ix_stated_move_account_id_id", "stated_move", ["account_id", "id"])
    op.create_index(
        "ix_stated_move_to_give", "stated_move", ["from_day"], sqlite_where=_TO_GIVE, postgresql_where=_TO_GIVE
    )


def downgrade() -> None:
    op.drop_index("ix_stated_move_to_give", "stated_move")
    op.drop_index("ix_stated_move_account_id_id", "stated_move")
    op.drop_column("stated_move", "given_at")
    op.drop_column("stated_move", "from_day")
