"""What issuers knew of their customers before is looked for as what they say now: the migration reads it."""

from datetime import UTC, date, datetime
from importlib import import_module
from typing import Any

from bill.customer.known_customer import KnownCustomer
from store import Store
from store.customers.customer_reference import CustomerReference, reference_row
from tests.portal.sample_town import World, a_bill

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
migration: Any = import_module("store.db.migrations.versions.v0062_known_contacts")


def test_older_rows_have_the_keys_of_new_ones(store: Store, monkeypatch: Any) -> None:
    monkeypatch.setattr(migration, "_AT_A_TIME", 2)
    world = World(store, NOW)
    lumiere = world.issuer("lumiere", "Lumière")
    world.drop(lumiere, [a_bill(f"B-{n}", f"C-{n}", date(2026, 3, 1)) for n in range(3)])
    said = [
        KnownCustomer(email="Alice@Exemple.FR", phone="06 12 34 56 78", clocks={"email": NOW, "phone": NOW}),
        KnownCustomer(phone="02 40 12 34 56", clocks={"phone": NOW}),
        KnownCustomer(language="fr", clocks={"language": NOW}),
    ]
    ids = [world.account_id(lumiere, f"C-{n}") for n in range(3)]
    with store.writing() as session:
        for account_id, known in zip(ids, said, strict=True):
            session.add(CustomerReference(**reference_row(account_id, lumiere, known, NOW.date())))
    with store.reading() as session:
        kept = {each.account_id: (each.email_key, each.phone_key) for each in session.query(CustomerReference)}
        read = [row for rows in migration._known(session.connection()) for row in rows]
    assert {row["id"]: (row["email"], row["phone"]) for row in read} == kept
    assert kept[ids[0]] == ("alice@exemple.fr", "+33612345678")
    assert kept[ids[1]] == kept[ids[2]] == ("", "")
