"""A delivery's person is a reference: a consumer, or nobody for a letter, which goes to the addressee. Until now the
addressee was the number 0, and the database did not know that the others were consumers."""

import sqlalchemy as sa
from alembic import op

from store.base import RowId

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_ADDRESSEE = "uq_delivery_bill_id_channel_purpose_addressee"
_delivery = sa.table("delivery", sa.column("person_id", RowId))


def upgrade() -> None:
    with op.batch_alter_table("delivery") as delivery:
        delivery.alter_column("person_id", existing_type=RowId, nullable=True)
    op.execute(sa.update(_delivery).where(_delivery.c.person_id == 0).values(person_id=None))
    with op.batch_alter_table("delivery") as delivery:
        delivery.create_foreign_key("fk_delivery_person_id_consumer", "consumer", ["person_id"], ["id"])
    # A unique constraint takes each NULL for another person.
    to_addressee = sa.text("person_id IS NULL")
    op.create_index(
        _ADDRESSEE, "delivery", ["bill_id", "channel", "purpose"], unique=True, sqlite_where=to_addressee,
        postgresql_where=to_addressee,
    )  # fmt: skip
