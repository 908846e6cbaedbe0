"""When a holder last opened a bill of an account, as far as it was kept: the last bill that they opened first."""

from alembic import op

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Along the indexes of bill (account_id) and delivery (bill_id, person_id, channel, purpose).
    op.execute(
        """
        UPDATE enrolment SET last_seen_on = (
            SELECT DATE(MAX(delivery.delivered_at))
            FROM bill JOIN delivery ON delivery.bill_id = bill.id
            WHERE bill.account_id = enrolment.account_id AND delivery.person_id = enrolment.consumer_id
            AND delivery.channel = 'portal' AND delivery.purpose = 'present' AND delivery.state = 'delivered'
        )
        WHERE last_seen_on IS NULL
        """
    )


def downgrade() -> None:
    """What was filled in is as good as what is kept since."""
