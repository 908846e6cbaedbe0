"""Campaigns, whom each invited, the arm of each household, and who wants no more invitations."""

import sqlalchemy as sa
from alembic import op

from store.base import Amount, Moment, RowId

revision = "0086"
down_revision = "0085"
branch_labels = None
depends_on = None

_IS_LIVING = sa.text("state IN ('approved', 'running')")
_HAS_CONTACT = sa.text("contact_digest <> ''")
_IS_ON_LETTER = sa.text("delivery_id IS NOT NULL")


def upgrade() -> None:
    _campaign()
    _campaign_invitation()
    op.create_table(
        "household_arm",
        sa.Column("account_id", RowId, autoincrement=False, nullable=False),
        sa.Column("drawn_for", RowId, nullable=False),
        sa.Column("arm", sa.String(8), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint("arm IN ('holdout', 'open')", name=op.f("ck_household_arm_arm")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_household_arm_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_household_arm")),
    )
    op.create_table(
        "invitation_stop",
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("why", sa.String(10), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint("why IN ('asked', 'came_back', 'unwanted')", name=op.f("ck_invitation_stop_why")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_invitation_stop")),
    )


def downgrade() -> None:
    for table in ("invitation_stop", "household_arm", "campaign_invitation", "campaign"):
        op.drop_table(table)


def _campaign() -> None:
    op.create_table(
        "campaign",
        sa.Column("id", RowId, nullable=False),
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("lever", sa.String(10), nullable=False),
        sa.Column("occasion", sa.String(12), nullable=False),
        sa.Column("wordings", sa.JSON(), nullable=False),
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("most_invitations", RowId, nullable=False),
        sa.Column("budget", Amount(), nullable=False),
        sa.Column("unit_cost", Amount(), nullable=False),
        sa.Column("cap_days", RowId, nullable=False),
        sa.Column("cap_year", RowId, nullable=False),
        sa.Column("paper_code", sa.String(20), nullable=False),
        sa.Column("author", sa.String(254), nullable=False),
        sa.Column("written_at", Moment(), nullable=False),
        sa.Column("decided_by", sa.String(254), nullable=False),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("began_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("invited", RowId, nullable=False),
        sa.Column("spent", Amount(), nullable=False),
        sa.Column("after_account_id", RowId, nullable=False),
        sa.Column("swept_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'approved', 'refused', 'running', 'stopped', 'ended')",
            name=op.f("ck_campaign_state"),
        ),
        sa.CheckConstraint(
            "lever IN ('email', 'sms', 'letter', 'envelope', 'insert', 'default_on')", name=op.f("ck_campaign_lever")
        ),
        sa.CheckConstraint(
            "occasion IN ('any_day', 'contract', 'first_paper', 'payment', 'yearly')", name=op.f("ck_campaign_occasion")
        ),
        sa.CheckConstraint("decided_by = '' OR decided_by <> author", name=op.f("ck_campaign_decided_by_another")),
        sa.CheckConstraint("invited <= most_invitations", name=op.f("ck_campaign_within_number")),
        sa.CheckConstraint("spent <= budget", name=op.f("ck_campaign_within_budget")),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_campaign_issuer_id_issuer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    op.create_index(op.f("ix_campaign_issuer_id_id"), "campaign", ["issuer_id", "id"])
    op.create_index("ix_campaign_living", "campaign", ["id"], sqlite_where=_IS_LIVING, postgresql_where=_IS_LIVING)


def _campaign_invitation() -> None:
    op.create_table(
        "campaign_invitation",
        sa.Column("id", RowId, nullable=False),
        sa.Column("campaign_id", RowId, nullable=False),
        sa.Column("account_id", RowId, nullable=False),
        sa.Column("household_id", RowId, nullable=False),
        sa.Column("consumer_id", RowId, nullable=True),
        sa.Column("contact_digest", sa.String(64), nullable=False),
        sa.Column("arm", sa.String(40), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason_code", sa.String(40), server_default="", nullable=False),
        sa.Column("reason_values", sa.Text(), nullable=True),
        sa.Column("chosen_at", Moment(), nullable=False),
        sa.Column("again_on", sa.Date(), nullable=True),
        sa.Column("delivery_id", RowId, nullable=True),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.Column("opened_at", Moment(), nullable=True),
        sa.Column("claimed_at", Moment(), nullable=True),
        sa.Column("paperless_at", Moment(), nullable=True),
        sa.CheckConstraint(
            "state IN ('held_out', 'left_out', 'planned', 'sending', 'sent', 'failed', 'in_doubt', 'cancelled')",
            name=op.f("ck_campaign_invitation_state"),
        ),
        sa.CheckConstraint("(arm = 'holdout') = (state = 'held_out')", name=op.f("ck_campaign_invitation_holdout")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_invitation_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_campaign_invitation_account_id_account")),
        sa.ForeignKeyConstraint(
            ["consumer_id"], ["consumer.id"], name=op.f("fk_campaign_invitation_consumer_id_consumer")
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_campaign_invitation_delivery_id_delivery")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_invitation")),
        sa.UniqueConstraint("campaign_id", "account_id", name=op.f("uq_campaign_invitation_campaign_id_account_id")),
    )
    op.create_index(
        op.f("ix_campaign_invitation_account_id_chosen_at"), "campaign_invitation", ["account_id", "chosen_at"]
    )
    op.create_index(
        op.f("ix_campaign_invitation_campaign_id_state_id"), "campaign_invitation", ["campaign_id", "state", "id"]
    )
    op.create_index(
        "ix_campaign_invitation_contact_digest", "campaign_invitation", ["contact_digest", "chosen_at"],
        sqlite_where=_HAS_CONTACT, postgresql_where=_HAS_CONTACT,
    )  # fmt: skip
    op.create_index(
        "ix_campaign_invitation_delivery_id", "campaign_invitation", ["delivery_id"],
        sqlite_where=_IS_ON_LETTER, postgresql_where=_IS_ON_LETTER,
    )  # fmt: skip
