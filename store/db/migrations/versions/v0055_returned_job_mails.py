"""E-mails that bring no bill come back to their job, and a yearly question that came back was not asked."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

_ACTS_BEFORE = "act IN ('asked', 'suits', 'paper', 'seen', 'unseen')"
_ACTS = "act IN ('asked', 'suits', 'paper', 'seen', 'unseen', 'not_asked')"


def upgrade() -> None:
    op.add_column("errand", sa.Column("sent_at", Moment(), nullable=True))
    with op.batch_alter_table("heard_mail") as batch:
        batch.add_column(sa.Column("job_id", RowId, nullable=True))
        batch.create_foreign_key(op.f("fk_heard_mail_job_id_errand"), "errand", ["job_id"], ["id"])
    _check_acts(_ACTS)


def downgrade() -> None:
    op.execute("DELETE FROM suitability_event WHERE act = 'not_asked'")
    _check_acts(_ACTS_BEFORE)
    with op.batch_alter_table("heard_mail") as batch:
        batch.drop_constraint(op.f("fk_heard_mail_job_id_errand"), type_="foreignkey")
        batch.drop_column("job_id")
    op.drop_column("errand", "sent_at")


def _check_acts(condition: str) -> None:
    with op.batch_alter_table("suitability_event") as batch:
        batch.drop_constraint(op.f("ck_suitability_event_act"), type_="check")
        batch.create_check_constraint(op.f("ck_suitability_event_act"), condition)
