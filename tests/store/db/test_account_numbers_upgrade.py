"""A store from before account numbers were compared without their looks: every account is found by its number, those
that were split are asked about, and none is joined by itself."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config as Alembic
from sqlalchemy import MetaData, text

from audit.invariants import INVARIANTS
from delivery.decide_account_question import decide_account
from feeds.accounts.account_question_resolution import QuestionDecision
from store import open_store
from store.accounts.account_question import waiting_questions
from store.accounts.customer_account import CustomerAccount
from store.db import migrations
from store.db.database_engine import make_engine, writing_engine
from store.vault.key_ring import KeyRing

NOW = datetime(2026, 11, 3, 9, tzinfo=UTC)
#: (scheme, number as printed, paperless), in the order in which the accounts were opened.
OLD = [
    ("", "CL 1001", True), ("", "cl-1001", False), ("0088", "CL1001", False), ("", "77", False),
    ("0002", "88", False), ("0003", "88", False), ("", "0012", False), ("", "12", False),
]  # fmt: skip
_ACCOUNT = text(
    "INSERT INTO account (issuer_id, term, scheme, value, holder, address, as_of, paperless, sealed_key, "
    "claim_failures, person_key) VALUES (1, 'BT-46', :scheme, :value, 'Alice Martin', :address, :day, :paperless, "
    ":address, 0, '')"
)


@pytest.fixture
def old_url(new_database: Callable[[], str]) -> str:
    """A store at the revision before, with these accounts."""
    url = new_database()
    engine = make_engine(url)
    folder = Alembic()
    folder.set_main_option("script_location", str(Path(migrations.__file__).parent))
    tables = MetaData()
    tables.reflect(engine)
    tables.drop_all(engine)
    with writing_engine(engine).connect() as connection:
        with connection.begin():
            folder.attributes["connection"] = connection
            command.upgrade(folder, "0003")
        with connection.begin():
            connection.execute(
                text("INSERT INTO issuer (slug, name, profile, added_at, changed_at) VALUES ('l', 'L', '', :at, :at)"),
                {"at": NOW.replace(tzinfo=None) if connection.dialect.name == "sqlite" else NOW},
            )
            for scheme, value, paperless in OLD:
                row = {"scheme": scheme, "value": value, "paperless": paperless, "address": b"\x90"}
                connection.execute(_ACCOUNT, {**row, "day": date(2026, 1, 2)})
    engine.dispose()
    return url


def test_accounts_that_were_split_are_asked_about(old_url: str, tmp_path: Path) -> None:
    store = open_store(old_url, f"file://{tmp_path}/blobs", KeyRing(b"a secret for tests, long enough"), tmp_path)
    with store.reading() as session:
        rows = session.query(CustomerAccount).order_by(CustomerAccount.id).all()
        assert [(each.scheme, each.value, each.paperless) for each in rows] == OLD
        assert [each.number_key for each in rows] == ["cl1001"] * 3 + ["77", "88", "88", "0012", "12"]
        assert [each.standing for each in rows] == ["own", "split", "split", "own", "own", "own", "own", "own"]
        asked = [(each.kind, each.held_id, each.other_id) for each in waiting_questions(session)]
        assert asked == [("split", 1, 2), ("split", 1, 3)]
        for name in ("account_questions_of_nothing", "provisional_accounts_unasked", "bills_of_joined_accounts"):
            assert session.execute(INVARIANTS[name]()).all() == [], name
    for question, decision in ((1, "same"), (2, "other")):
        with store.writing() as session:
            verdict = QuestionDecision(decision, "lea@l.example", "vu", NOW)  # type: ignore[arg-type]
            assert decide_account(session, question, verdict) == "done"
    with store.reading() as session:
        rows = session.query(CustomerAccount).order_by(CustomerAccount.id).limit(3).all()
        assert [(each.standing, each.joined_id) for each in rows] == [("own", None), ("joined", 1), ("apart", None)]
        assert rows[0].paperless
    store.close()
