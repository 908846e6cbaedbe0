"""The reasons of deliveries, attempts and events, and the print house's answers, are codes and values; sentences in old
rows are read back. What was written of an event or an attempt stays beside, as it was written."""

import sqlalchemy as sa
from alembic import op

from store.base import RowId
from store.db.migrations.french_reasons import in_own_words, read_back, read_back_column, reason_clauses, reason_columns

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_delivery = sa.table("delivery", sa.column("reason", sa.Text), sa.column("replaces_id", RowId), *reason_clauses())
_event = sa.table(
    "event", sa.column("subject", sa.String), sa.column("subject_id", RowId), sa.column("by", sa.String),
    sa.column("why", sa.Text), *reason_clauses(),
)  # fmt: skip
_attempt = sa.table(
    "attempt", sa.column("delivery_id", RowId), sa.column("n", RowId), sa.column("outcome", sa.String),
    sa.column("answer", sa.Text), *reason_clauses()[:2],
)  # fmt: skip
_batch = sa.table("print_batch", sa.column("answer", sa.Text), *reason_clauses("answer"))
#: Who wrote our sentences; any other wrote their own.
_OURS = ("road", "print house")


def upgrade() -> None:
    for table in ("delivery", "event", "attempt"):
        for column in reason_columns():
            op.add_column(table, column)
    for column in reason_columns("answer"):
        op.add_column("print_batch", column)
    read_back_column(_delivery, _delivery.c.reason, in_own_words)
    _tell_what_people_wrote()
    ours = (_event.c.subject.in_(["delivery", "bill", "print_batch"]), _event.c.by.in_(_OURS))
    read_back_column(_event, _event.c.why, read_back, *ours)
    read_back_column(_attempt, _attempt.c.answer, read_back, _attempt.c.outcome == "refused")
    read_back_column(_batch, _batch.c.answer, in_own_words, prefix="answer")
    op.drop_column("delivery", "reason")
    op.drop_column("print_batch", "answer")


def _tell_what_people_wrote() -> None:
    """A person's words are no old sentence of ours: an event of the delivery, or of the one before, has them too."""
    theirs = sa.exists().where(
        _event.c.subject == "delivery", _event.c.subject_id.in_([_delivery.c.id, _delivery.c.replaces_id]),
        _event.c.by.not_in(_OURS), _event.c.why == _delivery.c.reason,
    )  # fmt: skip
    legacy = sa.update(_delivery).where(_delivery.c.reason_code == "legacy", theirs)
    op.get_bind().execute(legacy.values(reason_code="words"))


def downgrade() -> None:
    op.add_column("delivery", sa.Column("reason", sa.Text(), nullable=False, server_default=""))
    op.add_column("print_batch", sa.Column("answer", sa.Text(), nullable=False, server_default=""))
    for column in reason_columns("answer"):
        op.drop_column("print_batch", column.name)
    for table in ("delivery", "event", "attempt"):
        for column in reason_columns():
            op.drop_column(table, column.name)
