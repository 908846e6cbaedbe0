"""Direct debit mandates end by themselves, with a reason; the creditor is kept as the signer read it."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_NAMED = "UPDATE debit_mandate SET creditor = (SELECT name FROM issuer WHERE issuer.id = debit_mandate.issuer_id)"


def upgrade() -> None:
    op.add_column("debit_mandate", sa.Column("reason_code", sa.String(40), nullable=False, server_default=""))
    op.add_column("debit_mandate", sa.Column("reason_values", sa.Text(), nullable=True))
    op.add_column("debit_mandate", sa.Column("creditor", sa.String(300), nullable=True))
    op.execute(sa.text(_NAMED))
    with op.batch_alter_table("debit_mandate") as mandate:
        mandate.alter_column("creditor", existing_type=sa.String(300), nullable=False)
    _check_states("'signed', 'revoked', 'ended'")


def downgrade() -> None:
    op.execute(sa.text("UPDATE debit_mandate SET state = 'revoked' WHERE state = 'ended'"))
    _check_states("'signed', 'revoked'")
    with op.batch_alter_table("debit_mandate") as mandate:
        for name in ("creditor", "reason_values", "reason_code"):
            mandate.drop_column(name)


def _check_states(states: str) -> None:
    with op.batch_alter_table("debit_mandate") as mandate:
        mandate.drop_constraint(op.f("ck_debit_mandate_state"), type_="check")
        mandate.create_check_constraint(op.f("ck_debit_mandate_state"), f"state IN ({states})")
