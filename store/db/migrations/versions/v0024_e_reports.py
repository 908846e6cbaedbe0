"""E-reports, and bills found by their issuer and day."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "e_report",
        sa.Column("id", RowId, nullable=False),
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("flux", sa.String(4), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("end", sa.Date(), nullable=False),
        sa.Column("version", RowId, nullable=False),
        sa.Column("transmission_id", sa.String(50), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("declared", RowId, nullable=False),
        sa.Column("left_out", RowId, nullable=False),
        sa.Column("content_sha256", sa.String(64), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.CheckConstraint("flux IN ('10.3', '10.4')", name=op.f("ck_e_report_flux")),
        sa.CheckConstraint('"end" > start', name=op.f("ck_e_report_period")),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_e_report_issuer_id_issuer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_e_report")),
        sa.UniqueConstraint(
            "issuer_id", "flux", "start", "version", name=op.f("uq_e_report_issuer_id_flux_start_version")
        ),
        sa.UniqueConstraint("transmission_id", name=op.f("uq_e_report_transmission_id")),
    )
    op.create_index("ix_bill_issuer_id_issue_date_id", "bill", ["issuer_id", "issue_date", "id"])


def downgrade() -> None:
    op.drop_index("ix_bill_issuer_id_issue_date_id", "bill")
    op.drop_table("e_report")
