"""Invitations of staff to an address that is of another team."""

import sqlalchemy as sa
from alembic import op

revision = "0091"
down_revision = "0090"
branch_labels = None
depends_on = None

#: Each row but the one that keeps its address: whoever signs in by it, else the latest that left.
_WITHOUT_ADDRESS = """
UPDATE staff SET email = id || ' left', closed_at = COALESCE(closed_at, added_at)
WHERE is_elsewhere OR EXISTS (
  SELECT 1 FROM staff AS kept WHERE kept.email = staff.email AND kept.id <> staff.id AND NOT kept.is_elsewhere
  AND (kept.closed_at IS NULL OR (staff.closed_at IS NOT NULL AND kept.id > staff.id))
)
"""
_SIGNS_IN = sa.text("closed_at IS NULL AND NOT is_elsewhere")


def upgrade() -> None:
    with op.batch_alter_table("staff") as batch:
        batch.add_column(sa.Column("is_elsewhere", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.drop_constraint(op.f("uq_staff_email"), type_="unique")
        batch.create_unique_constraint(op.f("uq_staff_email_issuer_id"), ["email", "issuer_id"])
    op.create_index(
        "uq_staff_email", "staff", ["email"], unique=True, sqlite_where=_SIGNS_IN, postgresql_where=_SIGNS_IN
    )


def downgrade() -> None:
    """An address has one row again."""
    op.drop_index("uq_staff_email", "staff")
    op.execute(_WITHOUT_ADDRESS)
    with op.batch_alter_table("staff") as batch:
        batch.drop_constraint(op.f("uq_staff_email_issuer_id"), type_="unique")
        batch.create_unique_constraint(op.f("uq_staff_email"), ["email"])
        batch.drop_column("is_elsewhere")
