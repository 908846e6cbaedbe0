"""Questions about a bill, with what was written; what consumers call a member of staff."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("staff", sa.Column("name", sa.String(80), nullable=False, server_default=""))
    op.create_table(
        "enquiry",
        sa.Column("id", RowId, nullable=False),
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("bill_id", RowId, nullable=False),
        sa.Column("consumer_id", RowId, nullable=False),
        sa.Column("subject", sa.String(10), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("once", sa.String(40), nullable=False),
        sa.Column("entries", RowId, nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("waiting_since", Moment(), nullable=False),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("seen_at", Moment(), nullable=True),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("disputed_at", Moment(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'answered', 'closed')", name=op.f("ck_enquiry_state")),
        sa.CheckConstraint("subject IN ('amount', 'address', 'meter', 'other')", name=op.f("ck_enquiry_subject")),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_enquiry_issuer_id_issuer")),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name=op.f("fk_enquiry_bill_id_bill")),
        sa.ForeignKeyConstraint(["consumer_id"], ["consumer.id"], name=op.f("fk_enquiry_consumer_id_consumer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiry")),
        sa.UniqueConstraint("consumer_id", "once", name=op.f("uq_enquiry_consumer_id_once")),
    )
    in_line = ["state", "issuer_id", "waiting_since", "id"]
    op.create_index("ix_enquiry_state_issuer_id_waiting_since_id", "enquiry", in_line)
    op.create_index("ix_enquiry_state_waiting_since_id", "enquiry", ["state", "waiting_since", "id"])
    op.create_index("ix_enquiry_consumer_id_state", "enquiry", ["consumer_id", "state"])
    op.create_index("ix_enquiry_bill_id", "enquiry", ["bill_id"])
    op.create_table(
        "enquiry_entry",
        sa.Column("id", RowId, nullable=False),
        sa.Column("enquiry_id", RowId, nullable=False),
        sa.Column("n", RowId, nullable=False),
        sa.Column("staff_id", RowId, nullable=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("once", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(["enquiry_id"], ["enquiry.id"], name=op.f("fk_enquiry_entry_enquiry_id_enquiry")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_enquiry_entry_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiry_entry")),
        sa.UniqueConstraint("enquiry_id", "n", name=op.f("uq_enquiry_entry_enquiry_id_n")),
        sa.UniqueConstraint("enquiry_id", "once", name=op.f("uq_enquiry_entry_enquiry_id_once")),
    )


def downgrade() -> None:
    op.drop_table("enquiry_entry")
    op.drop_table("enquiry")
    op.drop_column("staff", "name")
