"""What staff find bills by: the parts of numbers and names, and an index of amounts."""

from alembic import op

from store.staff_search.part_index import PART_INDEXES, THREES, create_part_indexes

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_bill_issuer_id_payable_id", "bill", ["issuer_id", "payable", "id"])
    create_part_indexes(op.get_bind())


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for each in PART_INDEXES:
        op.execute(f"DROP {'TABLE' if is_sqlite else 'INDEX'} {each.name}")
    if not is_sqlite:
        op.execute(f"DROP FUNCTION {THREES}(text)")
    op.drop_index("ix_bill_issuer_id_payable_id", "bill")
