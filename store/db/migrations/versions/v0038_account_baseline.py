"""The baseline of an account: name and address before they changed, and the day of the last change. What an account is
called today is the baseline of those that are there."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("baseline_holder", sa.String(300), nullable=True))
    op.add_column("account", sa.Column("baseline_address", sa.LargeBinary(), nullable=True))
    op.add_column("account", sa.Column("drifted_on", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("account") as account:
        account.drop_column("drifted_on")
        account.drop_column("baseline_address")
        account.drop_column("baseline_holder")
