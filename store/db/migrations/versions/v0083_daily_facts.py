"""Adoption facts by day, relationship state and arm: what bills and accounts contribute is counted anew.

The figures by month are shown as they were until the worker's next full count is done (as of v0013).
"""

from collections import defaultdict
from datetime import date

import sqlalchemy as sa
from alembic import op

from store.base import RowId

revision = "0083"
down_revision = "0082"
branch_labels = None
depends_on = None

_LASTING = ("accounts", "enrolled", "paperless")


def upgrade() -> None:
    _keep_what_is_shown()
    for table in ("counted_bill", "counted_account"):
        op.drop_table(table)
    op.create_table(
        "counted_bill",
        sa.Column("bill_id", RowId, nullable=False, autoincrement=False),
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("account_id", RowId, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("arm", sa.String(20), nullable=False),
        sa.Column("figures", RowId, nullable=False),
        sa.Column("why", sa.String(40), nullable=False),
        sa.Column("coded_on", sa.Date, nullable=True),
        sa.PrimaryKeyConstraint("bill_id", name=op.f("pk_counted_bill")),
    )
    op.create_index("ix_counted_bill_account_id_day", "counted_bill", ["account_id", "day"])
    op.create_table(
        "counted_account",
        sa.Column("account_id", RowId, nullable=False, autoincrement=False),
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("arm", sa.String(20), nullable=False),
        sa.Column("changes", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_counted_account")),
    )
    op.create_table(
        "daily_step",
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("arm", sa.String(20), nullable=False),
        sa.Column("measure", sa.String(60), nullable=False),
        sa.Column("value", RowId, nullable=False),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_daily_step_issuer_id_issuer")),
        sa.PrimaryKeyConstraint("issuer_id", "day", "state", "arm", "measure", name=op.f("pk_daily_step")),
    )
    op.create_index("ix_daily_step_issuer_id_measure_day", "daily_step", ["issuer_id", "measure", "day"])
    op.add_column("channel_choice", sa.Column("relationship", sa.String(16), nullable=False, server_default=""))


def _keep_what_is_shown() -> None:
    """Move the figures that are shown from the steps into `fact`, and empty the steps."""
    connection = op.get_bind()
    until = connection.scalar(sa.select(sa.column("month", sa.Date)).select_from(sa.table("fact_count")))
    step = sa.table(
        "fact_step", sa.column("issuer_id"), sa.column("month", sa.Date), sa.column("measure"), sa.column("value")
    )
    fact = sa.table(
        "fact", sa.column("issuer_id"), sa.column("month", sa.Date), sa.column("measure"), sa.column("value")
    )
    if until is not None:
        shown = connection.execute(
            sa.select(step.c.issuer_id, step.c.month, step.c.measure, step.c.value).where(step.c.month <= until)
        )
        rows = _levels([(row[0], row[1], row[2], row[3]) for row in shown], until)
        connection.execute(sa.delete(fact))
        if rows:
            connection.execute(sa.insert(fact), rows)
    connection.execute(sa.delete(step))
    connection.execute(sa.text("UPDATE fact_count SET month = NULL"))


def _levels(steps: list[tuple[int, date, str, int]], until: date) -> list[dict[str, object]]:
    """The figures of each month up to *until*: steps, and lasting measures added up."""
    by_month: dict[tuple[int, str], dict[date, int]] = defaultdict(dict)
    for issuer_id, month, measure, value in steps:
        by_month[issuer_id, measure][month] = value
    rows: list[dict[str, object]] = []
    for (issuer_id, measure), values in by_month.items():
        month, level = min(values), 0
        while month <= until:
            level = values.get(month, 0) + (level if measure in _LASTING else 0)
            if level:
                rows.append({"issuer_id": issuer_id, "month": month, "measure": measure, "value": level})
            month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return rows


def downgrade() -> None:
    op.drop_column("channel_choice", "relationship")
    op.drop_table("daily_step")
