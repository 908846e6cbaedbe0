"""Endpoints of issuers with their secrets, deliveries of events to them, and the attempts at each."""

import sqlalchemy as sa
from alembic import op

from store.base import Blanks, Moment, RowId

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "webhook_endpoint",
        sa.Column("id", RowId, nullable=False),
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("types", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("given_upto", RowId, nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("accepted_at", Moment(), nullable=True),
        sa.Column("failing_since", Moment(), nullable=True),
        sa.Column("disabled_at", Moment(), nullable=True),
        sa.Column("reason_code", sa.String(40), nullable=False, server_default=""),
        sa.Column("reason_values", Blanks(), nullable=True),
        sa.CheckConstraint("state IN ('enabled', 'disabled')", name=op.f("ck_webhook_endpoint_state")),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_webhook_endpoint_issuer_id_issuer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoint")),
    )
    op.create_index("ix_webhook_endpoint_issuer_id", "webhook_endpoint", ["issuer_id"])
    op.create_table(
        "webhook_secret",
        sa.Column("id", RowId, nullable=False),
        sa.Column("endpoint_id", RowId, nullable=False),
        sa.Column("encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("retires_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["webhook_endpoint.id"], name=op.f("fk_webhook_secret_endpoint_id_webhook_endpoint")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_secret")),
    )
    op.create_index("ix_webhook_secret_endpoint_id", "webhook_secret", ["endpoint_id"])
    _deliveries()


def _deliveries() -> None:
    op.create_table(
        "webhook_delivery",
        sa.Column("id", RowId, nullable=False),
        sa.Column("endpoint_id", RowId, nullable=False),
        sa.Column("event_id", RowId, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", RowId, nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("lease_owner", sa.String(120), nullable=True),
        sa.Column("lease_until", sa.Float(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'attempting', 'delivered', 'failed')", name=op.f("ck_webhook_delivery_state")
        ),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["webhook_endpoint.id"], name=op.f("fk_webhook_delivery_endpoint_id_webhook_endpoint")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["outbox_event.id"], name=op.f("fk_webhook_delivery_event_id_outbox_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
        sa.UniqueConstraint("endpoint_id", "event_id", name=op.f("uq_webhook_delivery_endpoint_id_event_id")),
    )
    in_line = ["state", "endpoint_id", "due_at", "id"]
    op.create_index("ix_webhook_delivery_state_endpoint_id_due_at_id", "webhook_delivery", in_line)
    op.create_index("ix_webhook_delivery_event_id", "webhook_delivery", ["event_id"])
    is_leased = sa.text("lease_owner IS NOT NULL")
    op.create_index(
        "ix_webhook_delivery_lease_owner", "webhook_delivery", ["lease_owner"], sqlite_where=is_leased,
        postgresql_where=is_leased,
    )  # fmt: skip
    op.create_table(
        "webhook_attempt",
        sa.Column("delivery_id", RowId, nullable=False),
        sa.Column("n", RowId, nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("outcome", sa.String(10), nullable=True),
        sa.Column("status", RowId, nullable=True),
        sa.Column("failure", sa.String(12), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["webhook_delivery.id"], name=op.f("fk_webhook_attempt_delivery_id_webhook_delivery")
        ),
        sa.PrimaryKeyConstraint("delivery_id", "n", name=op.f("pk_webhook_attempt")),
    )


def downgrade() -> None:
    for table in ("webhook_attempt", "webhook_delivery", "webhook_secret", "webhook_endpoint"):
        op.drop_table(table)
