"""Who decides about a campaign is another than its author, however either address is typed."""

import sqlalchemy as sa
from alembic import op

revision = "0096"
down_revision = "0095"
branch_labels = None
depends_on = None

_ANOTHER = "decided_by = '' OR {by} <> {author}"
#: Whoever approved their own campaign by another spelling is named by its events alone.
_UNNAMED = "UPDATE campaign SET decided_by = '' WHERE lower(decided_by) = lower(author)"


def upgrade() -> None:
    op.execute(_UNNAMED)
    _say(_ANOTHER.format(by="lower(decided_by)", author="lower(author)"))


def downgrade() -> None:
    _say(_ANOTHER.format(by="decided_by", author="author"))


def _say(condition: str) -> None:
    name = op.f("ck_campaign_decided_by_another")
    with op.batch_alter_table("campaign") as campaign:
        campaign.drop_constraint(name, type_="check")
        campaign.create_check_constraint(name, sa.text(condition))
