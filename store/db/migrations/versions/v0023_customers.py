"""Tables of what issuers say of their customers, and when a mended address was mended."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_MENDED = """
UPDATE account SET mended_at = (
    SELECT MAX(event.at) FROM event
    WHERE event.subject = 'account' AND event.subject_id = account.id AND event.what = 'address mended'
) WHERE mended_address IS NOT NULL
"""


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
    op.create_table(
        "staged_customer",
        sa.Column("feed_id", RowId, autoincrement=False, nullable=False),
        sa.Column("seq", RowId, autoincrement=False, nullable=False),
        sa.Column("place", sa.String(300), nullable=False),
        sa.Column("number", sa.String(200), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("outcome", sa.String(10), nullable=True),
        sa.Column("account_id", RowId, nullable=True),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome IN ('created', 'changed', 'unchanged', 'older', 'rejected')",
            name="ck_staged_customer_outcome",
        ),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name="fk_staged_customer_feed_id_feed"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_staged_customer_account_id_account"),
        sa.PrimaryKeyConstraint("feed_id", "seq", name="pk_staged_customer"),
    )
    op.create_index("ix_staged_customer_account_id", "staged_customer", ["account_id"])
    op.add_column("account", sa.Column("mended_at", Moment(), nullable=True))
    op.execute(sa.text(_MENDED))


def downgrade() -> None:
    op.drop_column("account", "mended_at")
    op.drop_table("staged_customer")
    op.drop_table("customer_reference")
