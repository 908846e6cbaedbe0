"""What rows said in French before reasons had codes is read back, and spelled in French says the same."""

from typing import Any

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from bill import Reason
from store.base import Blanks
from store.db.database_engine import writing_engine
from store.db.migrations.french_reasons import (
    LONGEST_TOLD_APART,
    in_own_words,
    read_back,
    read_back_column,
    reason_clauses,
    reason_columns,
)
from store.store import Store
from tests.spelled_reasons import french


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("personne n’a encore réclamé ce compte", "account_unclaimed"),
        ("sans papier : par la poste si personne ne l’a vue le 1er mars 2026", "printed_if_unread"),
        ("rappel 2 : 10 jours ouvrés après l’annonce, si personne ne l’a vue", "reminder_if_unread"),
        ("versement 3 : à payer au plus tard le 31 décembre 2026", "instalment_due"),
        ("vue le 9 août 2026", "viewed"),
        ("annulée par l’avoir A-1", "credited"),
        ("annulée par les avoirs A-1, A-2 et A-3", "credited"),
        ("remplacée par la facture B-1", "replaced"),
        ("le message est revenu : 550 5.1.1 no such user\nask postmaster", "email_bounced"),
        ("le message n’a pu être remis après 8 essais : 450 busy", "email_refused"),
        ("le message n’a pu être remis après 8 essais", "email_given_up"),
        ("adresse suspendue : 550 gone", "address_suspended"),
        ("adresse suspendue : non confirmée", "address_unconfirmed"),
        ("adresse incomplète : il manque la ville, le code postal, la rue", "address_incomplete"),
        ("500 pages : aucune enveloppe ne les contient", "too_many_pages"),
        ("3010 g : trop lourd pour une lettre", "too_heavy"),
        ("le PDF archivé ne peut être relu : a page has no size", "pdf_unreadable"),
        ("le pli ne peut être composé : ValueError: x", "letter_not_composed"),
        ("lot 9", "in_print_batch"),
        ("13 plis, 1 feuille", "lot_printed"),
        ("12 plis, 12 feuilles, 1 à refaire", "lot_printed_in_part"),
        ("annoncé : 2 plis, 2 feuilles ; imprimé : 1 pli, 1 feuille", "lot_differs"),
        ("annoncé : 2 plis, 2 feuilles ; imprimé : 1 pli, 1 feuille, 3 à refaire", "lot_differs_in_part"),
        ("réponse illisible : JSON is malformed", "answer_unreadable"),
        ("Il n’a pas pu être lu, et c’est notre faute : OSError: gone", "reading_failed"),
        ("personne n’a décidé en 60 jours", "nobody_decided"),
        ("comptes réunis", "accounts_joined"),
    ],
)
def test_a_sentence_of_ours_is_read_back(said: str, code: str) -> None:
    found = read_back(said)
    assert found is not None
    assert found[0] == code
    assert french(Reason(*found)) == said


def test_a_held_feed_names_the_rules_of_its_lines() -> None:
    said = "Volume : 3 factures, d’habitude 12 (-75 %)\nTotaux de contrôle : 9 factures annoncées (API), 4 lues"
    assert read_back(said) == ("feed_doubted", {"rules": ["CONTROL-TOTALS", "DRIFT-VOLUME"]})


@pytest.mark.parametrize(
    "said", ["vu avec eux", "vue le 9 brumaire 2026", "lot neuf", "Volume : 3\nvu avec eux", "payé"]
)
def test_any_other_text_stays_word_for_word(said: str) -> None:
    assert read_back(said) is None
    assert in_own_words(said) == ("legacy", {"words": said})


def test_a_column_is_read_back_long_texts_too(store: Store) -> None:
    """Texts that are too long for an index are read one by one; empty ones say nothing."""
    long = "le message est revenu : " + "x" * LONGEST_TOLD_APART
    texts = ["personne n’a encore réclamé ce compte"] * 3 + [long, "vu avec eux", ""]
    old = sa.table("old", sa.column("said", sa.Text), *reason_clauses())
    with writing_engine(store.engine).begin() as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.context(MigrationContext.configure(connection)):
            columns: list[sa.Column[Any]] = [sa.Column("id", sa.Integer, primary_key=True), sa.Column("said", sa.Text)]
            operations.create_table("old", *columns, *reason_columns())
            operations.bulk_insert(old, [{"id": n, "said": text} for n, text in enumerate(texts)])
            read_back_column(old, old.c.said, in_own_words)
            rows = connection.execute(sa.select(old.c.reason_code, old.c.reason_values).order_by(old.c.id)).all()
            operations.drop_table("old")
    codes = ["account_unclaimed"] * 3 + ["email_bounced", "legacy", ""]
    assert [row.reason_code for row in rows] == codes
    assert rows[3].reason_values == {"answer": "x" * LONGEST_TOLD_APART}
    assert isinstance(old.c.reason_values.type, Blanks)
