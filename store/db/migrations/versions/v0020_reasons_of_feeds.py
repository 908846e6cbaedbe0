"""The reasons of feeds, conflicts and disputes are codes and values; sentences in old rows are read back, and what a
person wrote stays as it was written. The findings of a held feed tell the figures, as before."""

import sqlalchemy as sa
from alembic import op

from store.db.migrations.french_reasons import (
    OldReason,
    in_own_words,
    read_back,
    read_back_column,
    reason_clauses,
    reason_columns,
)

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_TABLES = ("feed", "conflict", "dispute")
_event = sa.table(
    "event", sa.column("subject", sa.String), sa.column("by", sa.String), sa.column("why", sa.Text), *reason_clauses()
)


def upgrade() -> None:
    for name in _TABLES:
        for column in reason_columns():
            op.add_column(name, column)
        table = sa.table(name, sa.column("reason", sa.Text), sa.column("decided_by", sa.String), *reason_clauses())
        by_us = table.c.decided_by.in_(["", "road"])
        read_back_column(table, table.c.reason, in_own_words, by_us)
        read_back_column(table, table.c.reason, _what_a_person_wrote, sa.not_(by_us))
        op.drop_column(name, "reason")
    of_these = _event.c.subject.in_([*_TABLES, "account"])
    joined = _event.c.why == "comptes réunis"
    read_back_column(_event, _event.c.why, read_back, of_these, sa.or_(_event.c.by == "road", joined))


def _what_a_person_wrote(text: str) -> OldReason:
    return "words", {"words": text}


def downgrade() -> None:
    for name in _TABLES:
        op.add_column(name, sa.Column("reason", sa.Text(), nullable=False, server_default=""))
        for column in reason_columns():
            op.drop_column(name, column.name)
