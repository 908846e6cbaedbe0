"""A place for the idempotency keys of requests that tell payments."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payment_request",
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("body_sha256", sa.String(64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_payment_request_issuer_id_issuer")),
        sa.PrimaryKeyConstraint("issuer_id", "key", name=op.f("pk_payment_request")),
    )


def downgrade() -> None:
    op.drop_table("payment_request")
