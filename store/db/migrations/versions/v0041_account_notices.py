"""Account notices and the wordings that were shown; the legal basis of each consent. Both are filled from the consents,
enrolments and returned letters of today."""

from typing import Final

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_BASES: Final = "('consent', 'default_on', 'objection', 'statement', 'decision', 'no_reader', 'information')"
#: The texts that this program's versions up to here have shown, by version and language.
_SHOWN: Final = {
    ("paperless-1", "fr"): (
        "Je reçois les prochaines factures de ce contrat dans mon espace, sans papier. Un e-mail m’annonce chaque "
        "facture, avec son montant et sa date. Je peux revenir au papier à tout moment, gratuitement. Si une facture "
        "n’est pas consultée à temps, elle m’est envoyée par la poste."
    ),
    ("paperless-1", "en"): (
        "I receive the next bills of this contract in my space, without paper. An e-mail tells me of each bill, with "
        "its amount and its date. I can go back to paper at any time, free of charge. A bill that nobody has looked at "
        "in time is sent to me by post."
    ),
    ("paper-1", "fr"): (
        "Je reçois de nouveau les factures de ce contrat par la poste, gratuitement, dès la prochaine facture."
    ),
    ("paper-1", "en"): "I receive the bills of this contract by post again, free of charge, from the next bill on.",
}
_LEFT_WITH_IT: Final = """
    UPDATE consent SET basis = 'no_reader' WHERE act = 'paper' AND EXISTS (
        SELECT 1 FROM enrolment WHERE enrolment.account_id = consent.account_id
        AND enrolment.consumer_id = consent.consumer_id AND enrolment.ended_at = consent.at)
"""
_WHO: Final = "UPDATE consent SET \"by\" = 'consumer ' || CAST(consumer_id AS VARCHAR(20))"
_LINKED: Final = """
    INSERT INTO account_notice (account_id, consumer_id, kind, "key", at, "by", channel, basis, wording, words)
    SELECT account_id, consumer_id, 'linked', 'enrolment ' || CAST(consumer_id AS VARCHAR(20)), enrolled_at,
        'consumer ' || CAST(consumer_id AS VARCHAR(20)), 'portal', 'consent', '', '' FROM enrolment
"""
_LEFT: Final = """
    INSERT INTO account_notice (account_id, consumer_id, kind, "key", at, "by", channel, basis, wording, words)
    SELECT account_id, consumer_id, 'left', 'enrolment ' || CAST(consumer_id AS VARCHAR(20)), ended_at,
        'consumer ' || CAST(consumer_id AS VARCHAR(20)), 'portal', 'consent', '', '' FROM enrolment
        WHERE ended_at IS NOT NULL
"""
_MOVED: Final = """
    INSERT INTO account_notice (account_id, consumer_id, kind, "key", at, "by", channel, basis, wording, words)
    SELECT bill.account_id, NULL, 'moved', 'delivery ' || CAST(delivery.id AS VARCHAR(20)), receipt.at, 'road', 'paper',
        'information', '', receipt.words FROM receipt
        JOIN delivery ON delivery.id = receipt.delivery_id JOIN bill ON bill.id = delivery.bill_id
        WHERE receipt.kind = 'returned'
"""
_MENDED: Final = """
    INSERT INTO account_notice (account_id, consumer_id, kind, "key", at, "by", channel, basis, wording, words)
    SELECT id, NULL, 'address_known', 'mended', mended_at, 'road', 'staff', 'decision', '', ''
        FROM account WHERE mended_at IS NOT NULL
"""
_PASSED_ON: Final = """
    INSERT INTO account_notice (account_id, consumer_id, kind, "key", at, "by", channel, basis, wording, words)
    SELECT subject_id, NULL, 'passed_on', 'question', MIN(at), MIN("by"), 'staff', 'decision', '', ''
        FROM event WHERE subject = 'account' AND what = 'number passed on' GROUP BY subject_id
"""


def upgrade() -> None:
    _create_tables()
    with op.batch_alter_table("consent") as batch:
        batch.alter_column("consumer_id", existing_type=RowId, nullable=True)
        batch.add_column(sa.Column("basis", sa.String(12), nullable=False, server_default="consent"))
        batch.add_column(sa.Column("by", sa.String(200), nullable=False, server_default=""))
        batch.create_check_constraint(op.f("ck_consent_basis"), f"basis IN {_BASES}")
    for statement in (_LEFT_WITH_IT, _WHO, _LINKED, _LEFT, _MOVED, _MENDED, _PASSED_ON):
        op.execute(statement)
    kept = sa.table(
        "shown_wording", sa.column("version"), sa.column("language"), sa.column("text"), sa.column("kept_at", Moment())
    )
    rows = sa.union_all(
        *(
            sa.select(sa.literal(version), sa.literal(language), sa.literal(text), sa.func.min(_consent.c.at)).where(
                _consent.c.wording == version
            )
            for (version, language), text in _SHOWN.items()
        )
    ).subquery("shown")
    first = list(rows.c)[3]
    op.execute(kept.insert().from_select(list(kept.c), sa.select(rows).where(first.is_not(None))))


_consent: Final = sa.table("consent", sa.column("wording"), sa.column("at", Moment()))


def _create_tables() -> None:
    op.create_table(
        "account_notice",
        sa.Column("id", RowId, nullable=False),
        sa.Column("account_id", RowId, nullable=False),
        sa.Column("consumer_id", RowId, nullable=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("basis", sa.String(12), nullable=False),
        sa.Column("wording", sa.String(40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint(f"basis IN {_BASES}", name=op.f("ck_account_notice_basis")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_notice_account_id_account")),
        sa.ForeignKeyConstraint(["consumer_id"], ["consumer.id"], name=op.f("fk_account_notice_consumer_id_consumer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_notice")),
        sa.UniqueConstraint("account_id", "kind", "key", name=op.f("uq_account_notice_account_id_kind_key")),
    )
    op.create_table(
        "shown_wording",
        sa.Column("version", sa.String(40), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kept_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("version", "language", name=op.f("pk_shown_wording")),
    )


def downgrade() -> None:
    op.drop_table("shown_wording")
    op.drop_table("account_notice")
    op.execute("DELETE FROM consent WHERE consumer_id IS NULL")
    with op.batch_alter_table("consent") as batch:
        batch.drop_constraint(op.f("ck_consent_basis"), type_="check")
        batch.drop_column("by")
        batch.drop_column("basis")
        batch.alter_column("consumer_id", existing_type=RowId, nullable=False)
