"""What issuers say of their customers, the outcomes of entries of their files, and when an address was mended."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_MENDED = """
UPDATE account SET mended_at = (
    SELECT MAX(event.at) FROM event
    WHERE event.subject = 'account' AND event.subject_id = account.id AND event.what = 'address mended'
) WHERE mended_address IS NOT NULL
"""

_BEFORE = (
    "outcome IS NULL OR outcome IN "
    "('bill', 'duplicate', 'conflict', 'rejected', 'waiting_parent', 'taken', 'known')"
)  # fmt: skip
_NOW = (
    "outcome IS NULL OR outcome IN "
    "('bill', 'duplicate', 'conflict', 'rejected', 'waiting_parent', 'taken', 'known', 'created', 'changed', "
    "'unchanged', 'older')"
)


def upgrade() -> None:
    op.create_table(
        "customer_reference",
        sa.Column("account_id", RowId, autoincrement=False, nullable=False),
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("as_of", Moment(), nullable=False),
        sa.Column("next_change_on", sa.Date(), nullable=True),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("large_print", sa.Boolean(), nullable=False),
        sa.Column("paper_by_right", sa.String(12), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("died_on", sa.Date(), nullable=True),
        sa.Column("household", sa.String(100), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_customer_reference_account_id_account"),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name="fk_customer_reference_issuer_id_issuer"),
        sa.PrimaryKeyConstraint("account_id", name="pk_customer_reference"),
    )
    op.create_index("ix_customer_reference_next_change_on", "customer_reference", ["next_change_on"])
    op.create_index("ix_customer_reference_issuer_id_household", "customer_reference", ["issuer_id", "household"])
    _check_outcomes(_NOW)
    op.add_column("account", sa.Column("mended_at", Moment(), nullable=True))
    op.execute(sa.text(_MENDED))


def downgrade() -> None:
    op.drop_column("account", "mended_at")
    _check_outcomes(_BEFORE)
    op.drop_table("customer_reference")


def _check_outcomes(condition: str) -> None:
    with op.batch_alter_table("item") as item:
        item.drop_constraint(op.f("ck_item_outcome"), type_="check")
        item.create_check_constraint(op.f("ck_item_outcome"), condition)
