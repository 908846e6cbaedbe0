"""Deliveries are found and counted by their reason from an index, among a hundred thousand of another reason."""

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, event, insert, select, text

from cli.main import main
from config import Config
from store import Store
from store.bills.bill import BillRow
from store.deliveries_by_reason import count_by_reason, deliveries_by_reason
from store.delivery import Delivery
from tests.sample_feeds import ubl
from tests.stories.test_replaced_secret import print_bills

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
MANY = 100_000


@pytest.fixture
def big(store: Store, config: Config) -> Store:
    """Alice's letter, and as many of Bob's as a year has."""
    print_bills(store, config, ubl("L-1"), ubl("L-2", "C-BOB"))
    with store.writing() as session:
        bob = session.scalars(select(BillRow).where(BillRow.number == "L-2")).one()
        row = {
            "bill_id": bob.id, "issuer_id": bob.issuer_id, "channel": "email", "state": "delivered", "due_at": NOW,
            "made_at": NOW, "attempts": 1, "lease_until": 0.0, "decided_by": "", "reason_code": "announced_by_email",
            "person_id": None,
        }  # fmt: skip
        rows = [row | {"purpose": f"p{n}"} for n in range(MANY)]
        session.execute(insert(Delivery), rows)
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if store.is_sqlite else "VACUUM ANALYZE delivery"))
    return store


def plans(store: Store, ask: object) -> str:
    """How the database answers what is asked."""
    asked: list[tuple[str, object]] = []

    def note(_connection: object, _cursor: object, statement: str, values: object, *_: object) -> None:
        asked.append((statement, values))

    engine: Engine = store.engine
    event.listen(engine, "before_cursor_execute", note)
    with store.reading() as session:
        ask(session)  # type: ignore[operator]
    event.remove(engine, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN" if store.is_sqlite else "EXPLAIN"
    with engine.connect() as connection:
        return "\n".join(
            str(line)
            for statement, values in asked
            if statement.lstrip().startswith("SELECT")
            for line in connection.exec_driver_sql(f"{explain} {statement}", values)
        )


def test_they_are_read_from_the_index(big: Store) -> None:
    index = "ix_delivery_reason_code_issuer_id_id"
    few = plans(big, lambda session: deliveries_by_reason(session, "account_unclaimed", [1], 10))
    many = plans(big, lambda session: deliveries_by_reason(session, "announced_by_email", [1], 10))
    counted = plans(big, lambda session: count_by_reason(session))
    assert index in few
    assert index in counted or not big.is_sqlite, "PostgreSQL may read the whole table at once, since all is counted"
    assert index in many or "pk_delivery" in many, "where most have the reason, the newest rows are the newest of it"
    assert "TEMP B-TREE" not in many
    assert "Sort" not in many
    with big.reading() as session:
        assert count_by_reason(session) == {"announced_by_email": MANY, "account_unclaimed": 2}
        newest = deliveries_by_reason(session, "announced_by_email", [1], 3)
    assert [bill.number for _, bill in newest] == ["L-2"] * 3
    assert [row.id for row, _ in newest] == sorted((row.id for row, _ in newest), reverse=True)


def test_the_command_line_lists_and_counts_by_reason(
    store: Store, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    print_bills(store, config, ubl("L-1"), ubl("L-2", "C-BOB"))
    for name, value in {
        "FACTEUR_HOME": config.home, "FACTEUR_DATABASE_URL": config.database_url,
        "FACTEUR_SECRET_FILE": config.home / "secret-of-test",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, str(value))
    (config.home / "secret-of-test").write_bytes(config.secret)

    def facteur(*words: str) -> list[dict[str, object]]:
        done = CliRunner().invoke(main, ["delivery", *words, "--json"])
        assert done.exit_code == 0, done.output
        return [json.loads(line) for line in done.stdout.splitlines()]

    assert facteur("reasons") == [{"reason": "account_unclaimed", "deliveries": 2}]
    listed = facteur("list", "--reason", "account_unclaimed", "--state", "sent")
    assert [(each["issuer"], each["number"], each["channel"]) for each in listed] == [
        ("lumiere", "L-2", "paper"), ("lumiere", "L-1", "paper"),
    ]  # fmt: skip
    assert facteur("list", "lumiere", "--reason", "account_unclaimed", "--channel", "email") == []
    assert [each["state"] for each in facteur("list", "lumiere", "L-1")] == ["sent"]
    assert CliRunner().invoke(main, ["delivery", "list", "lumiere"]).exit_code == 2
