"""Deliveries are found by their reason, an issuer's in the order in which they came."""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_BEFORE = "ix_delivery_reason_code_state_channel_id"
_NOW = "ix_delivery_reason_code_issuer_id_id"


def upgrade() -> None:
    op.drop_index(_BEFORE, "delivery")
    op.create_index(_NOW, "delivery", ["reason_code", "issuer_id", "id"])


def downgrade() -> None:
    op.drop_index(_NOW, "delivery")
    op.create_index(_BEFORE, "delivery", ["reason_code", "state", "channel", "id"])
