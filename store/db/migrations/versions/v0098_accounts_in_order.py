"""The accounts of an issuer are walked in the order of their ids."""

from alembic import op

revision = "0098"
down_revision = "0097"
branch_labels = None
depends_on = None

_INDEX = "ix_account_issuer_id_id"


def upgrade() -> None:
    op.create_index(_INDEX, "account", ["issuer_id", "id"])


def downgrade() -> None:
    op.drop_index(_INDEX, "account")
