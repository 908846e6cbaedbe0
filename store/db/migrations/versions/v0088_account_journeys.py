"""How far accounts have come from paper, kept by account and counted; letters found by their reason."""

import sqlalchemy as sa
from alembic import op

from store.base import RowId

revision = "0088"
down_revision = "0087"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account_journey",
        sa.Column("account_id", RowId, nullable=False, autoincrement=False),
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("began", sa.Date, nullable=False),
        sa.Column("step", sa.SmallInteger, nullable=False),
        sa.Column("settled", sa.Date, nullable=False),
        sa.Column("snag", sa.String(12), nullable=False),
        sa.Column("claimed", sa.Date, nullable=True),
        sa.Column("held", RowId, nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account_journey")),
    )
    op.create_index(
        "ix_account_journey_issuer_id_step_began", "account_journey", ["issuer_id", "step", "began", "account_id"]
    )
    op.create_index(
        "ix_account_journey_issuer_id_claimed", "account_journey", ["issuer_id", "claimed", "account_id", "held"]
    )
    op.create_table(
        "journey_count",
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("began", sa.Date, nullable=False),
        sa.Column("step", sa.SmallInteger, nullable=False),
        sa.Column("settled", sa.Date, nullable=False),
        sa.Column("snag", sa.String(12), nullable=False),
        sa.Column("number", RowId, nullable=False),
        sa.PrimaryKeyConstraint("issuer_id", "began", "step", "settled", "snag", name=op.f("pk_journey_count")),
    )
    op.create_table(
        "cohort_count",
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("claimed", sa.Date, nullable=False),
        sa.Column("held", RowId, nullable=False),
        sa.Column("number", RowId, nullable=False),
        sa.PrimaryKeyConstraint("issuer_id", "claimed", "held", name=op.f("pk_cohort_count")),
    )
    has_letter = sa.text("why <> ''")
    op.create_index(
        "ix_counted_bill_issuer_id_why_day", "counted_bill", ["issuer_id", "why", "day", "bill_id"],
        sqlite_where=has_letter, postgresql_where=has_letter,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_counted_bill_issuer_id_why_day", "counted_bill")
    for table in ("cohort_count", "journey_count", "account_journey"):
        op.drop_table(table)
