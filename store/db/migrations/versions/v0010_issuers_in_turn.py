"""Deliveries know whose bill they are of, so that issuers take turns; what is due is found by issuer."""

import sqlalchemy as sa
from alembic import op

from store.base import RowId

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_BEFORE = "ix_delivery_state_channel_batch_id_due_at"
_NOW = "ix_delivery_state_channel_issuer_id_batch_id_due_at_id"

_bill = sa.table("bill", sa.column("id", RowId), sa.column("issuer_id", RowId))
_delivery = sa.table("delivery", sa.column("bill_id", RowId), sa.column("issuer_id", RowId))


def upgrade() -> None:
    op.drop_index(_BEFORE, table_name="delivery")
    op.add_column("delivery", sa.Column("issuer_id", RowId, nullable=True))
    whose = sa.select(_bill.c.issuer_id).where(_bill.c.id == _delivery.c.bill_id).scalar_subquery()
    op.execute(sa.update(_delivery).values(issuer_id=whose))
    with op.batch_alter_table("delivery") as delivery:
        delivery.alter_column("issuer_id", existing_type=RowId, nullable=False)
        delivery.create_foreign_key("fk_delivery_issuer_id_issuer", "issuer", ["issuer_id"], ["id"])
    op.create_index(_NOW, "delivery", ["state", "channel", "issuer_id", "batch_id", "due_at", "id"])


def downgrade() -> None:
    op.drop_index(_NOW, table_name="delivery")
    with op.batch_alter_table("delivery") as delivery:
        delivery.drop_constraint("fk_delivery_issuer_id_issuer", type_="foreignkey")
        delivery.drop_column("issuer_id")
    op.create_index(_BEFORE, "delivery", ["state", "channel", "batch_id", "due_at"])
