"""The sample town behind a real server, once for all tests of a file: they only look at it, or do not mind what
others changed."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from sqlalchemy import select

from config import Config, load
from store import Store, open_store
from store.accounts.consumer import Consumer
from store.bills.bill import BillRow
from store.vault.key_ring import KeyRing
from tests.conftest import SECRET, Clock
from tests.memory_folder import memory_folder
from tests.portal.browser.chromium_fixture import press
from tests.portal.browser.served_portal import serving


@dataclass(frozen=True)
class Town:
    """Where it is served, and who lives there: Alice holds an account of each of five issuers, Bob none, Charlie one
    with no bill to pay; Oscar is an operator and Mina works for Lumière."""

    address: str
    store: Store
    config: Config
    clock: Clock
    alice: Consumer
    bob: Consumer
    charlie: Consumer

    def bill(self, number: str) -> BillRow:
        with self.store.reading() as session:
            return session.scalars(select(BillRow).where(BillRow.number == number)).one()


@pytest.fixture(scope="module")
def town(sqlite_template: Path) -> Iterator[Town]:
    from portal.access.password_hash import hash_password
    from portal.app import make_app
    from store.staff_member import Staff
    from tests.portal.sample_town import PASSWORD, World, furnish, furnish_kinds

    with tempfile.TemporaryDirectory(dir=memory_folder(), ignore_cleanup_errors=True) as folder:
        config, clock = _home(Path(folder), sqlite_template), Clock(datetime(2026, 3, 3, 9, 0, tzinfo=UTC))
        store = open_store(config.database_url, config.blobs_url, KeyRing(config.secret), config.home / "incoming")
        world = World(store, clock())
        issuers = furnish(world)
        gaz = furnish_kinds(world)
        numbers = {"lumiere": "C-1001", "eaux": "R-1187", "mobile": "0612345678", "banque": "00412"}
        with store.writing() as session:
            for name, issuer in (("oscar", None), ("mina", issuers["lumiere"])):
                kept = hash_password(PASSWORD)
                session.add(
                    Staff(email=f"{name}@facteur.example", password_hash=kept, issuer_id=issuer, added_at=clock())
                )
        people = (
            world.consumer("Alice Martin", holds={issuers[each]: n for each, n in numbers.items()} | {gaz: "G-7"}),
            world.consumer("Bob Martin"),
            world.consumer("Charlie Faure", holds={issuers["mobile"]: numbers["mobile"]}),
        )
        with serving(make_app(store, config, clock)) as address:
            yield Town(address, store, config, clock, *people)
        store.close()


def _home(folder: Path, template: Path) -> Config:
    (folder / "secret").write_bytes(SECRET)
    copy(template, folder / "facteur.db")
    return load(
        {
            "FACTEUR_HOME": str(folder / "home"),
            "FACTEUR_SECRET_FILE": str(folder / "secret"),
            "FACTEUR_DATABASE_URL": f"sqlite:///{folder / 'facteur.db'}",
            "FACTEUR_PUBLIC_URL": "http://127.0.0.1:8080",
        }
    )


def sign_in(page: Any, address: str, consumer: Consumer) -> None:
    """Type the consumer's address and password, as everybody's are in tests; ends on their home page."""
    from tests.portal.sample_town import PASSWORD

    page.goto(f"{address}/connexion")
    page.get_by_label("Votre adresse").fill(consumer.email)
    page.get_by_label("Votre mot de passe").fill(PASSWORD)
    press(page, "Se connecter")


def sign_in_staff(page: Any, address: str, name: str) -> None:
    """Sign in the member of the staff of this name (`oscar`, `mina`)."""
    from tests.portal.sample_town import PASSWORD

    page.goto(f"{address}/equipe/connexion")
    page.get_by_label("Adresse").fill(f"{name}@facteur.example")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    press(page, "Se connecter")
