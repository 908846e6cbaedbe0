"""Adoption plans of issuers, and their kept forecasts."""

import sqlalchemy as sa
from alembic import op

from store.base import Amount, Moment, RowId

revision = "0082"
down_revision = "0081"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "adoption_plan",
        sa.Column("id", RowId, nullable=False),
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("number", RowId, nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("months", RowId, nullable=False),
        sa.Column("begins_at", Amount(), nullable=False),
        sa.Column("target", Amount(), nullable=False),
        sa.Column("milestones", sa.Text(), nullable=True),
        sa.Column("by", sa.String(254), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_adoption_plan_issuer_id_issuer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adoption_plan")),
        sa.UniqueConstraint("issuer_id", "number", name=op.f("uq_adoption_plan_issuer_id_number")),
    )
    op.create_table(
        "adoption_forecast",
        sa.Column("issuer_id", RowId, autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_adoption_forecast_issuer_id_issuer")),
        sa.PrimaryKeyConstraint("issuer_id", name=op.f("pk_adoption_forecast")),
    )


def downgrade() -> None:
    op.drop_table("adoption_forecast")
    op.drop_table("adoption_plan")
