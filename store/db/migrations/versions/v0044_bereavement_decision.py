"""After a death a person decides about an account's bills once, for those to come too."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("bereavement", sa.LargeBinary, nullable=True))
