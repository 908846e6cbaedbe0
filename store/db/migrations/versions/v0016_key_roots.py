"""Letters say which root makes their codes; those that joined a print batch before were printed before roots had ids.
*Sealed* is said of e-seals alone: what is encrypted is called encrypted."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_PRINTED = sa.text("UPDATE delivery SET code_root = '0' WHERE channel = 'paper' AND batch_id IS NOT NULL")
#: Plain SQL: Alembic would make SQLite's tables anew.
_RENAMED = (
    "ALTER TABLE account RENAME COLUMN sealed_key TO encrypted_key",
    "ALTER TABLE enclosure RENAME COLUMN is_sealed TO is_encrypted",
)


def upgrade() -> None:
    op.add_column("delivery", sa.Column("code_root", sa.String(8), nullable=True))
    op.execute(_PRINTED)
    for statement in _RENAMED:
        op.execute(statement)
