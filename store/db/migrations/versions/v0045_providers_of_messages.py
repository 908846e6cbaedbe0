"""Deliveries go by push as well; an attempt keeps the provider's own id of the message, its segments and its cost."""

import sqlalchemy as sa
from alembic import op

from store.base import Amount

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

_BEFORE = "channel IN ('portal', 'email', 'sms', 'paper')"
_NOW = "channel IN ('portal', 'email', 'sms', 'push', 'paper')"


def upgrade() -> None:
    _check_channel(_NOW)
    op.add_column("attempt", sa.Column("provider_id", sa.String(200), nullable=False, server_default=""))
    op.add_column("attempt", sa.Column("segments", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("attempt", sa.Column("cost", Amount(), nullable=True))


def downgrade() -> None:
    for column in ("cost", "segments", "provider_id"):
        op.drop_column("attempt", column)
    _check_channel(_BEFORE)


def _check_channel(condition: str) -> None:
    with op.batch_alter_table("delivery") as delivery:
        delivery.drop_constraint(op.f("ck_delivery_channel"), type_="check")
        delivery.create_check_constraint(op.f("ck_delivery_channel"), condition)
