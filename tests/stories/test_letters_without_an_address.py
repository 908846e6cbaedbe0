"""Bob's issuer sends his address without a town: his letter waits, Mina mends it, and it stays mended until her firm's
program sends another one."""

import io
import json
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

import delivery
from bill import PostalAddress
from config import Config
from delivery.channels.email.smtp.smtp_client import SmtpClient
from doors.feed_drop import drop_feed
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from store import Store
from store.accounts.customer_account import CustomerAccount
from store.issuer import Issuer
from tests.sample_feeds import batch, ubl
from tests.spelled_reasons import french

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
NANTES = PostalAddress(line1="3 quai de la Fosse", postcode="44100", city="Nantes", country="FR")
WITHOUT_A_TOWN = ("Bob Le Goff", "3 quai de la Fosse", "", "")
MOVED = ("Bob Le Goff", "9 rue Neuve", "29200", "Brest")


@pytest.fixture
def pipeline(store: Store, config: Config) -> Pipeline:
    return Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender))


@pytest.fixture
def lumiere(store: Store) -> Issuer:
    with store.writing() as session:
        return add_issuer(session, "lumiere", "Lumière", NOW)


def bob_lives_at(store: Store) -> str:
    with store.reading() as session:
        return session.scalars(select(CustomerAccount)).one().postal_address.city


def test_the_mended_address_is_kept_until_the_issuer_sends_another(
    pipeline: Pipeline, store: Store, lumiere: Issuer, config: Config
) -> None:
    def send(number: str, person: tuple[str, str, str, str], day: int) -> None:
        feed = batch([ubl(number, "C-BOB", person=person, issued=f"2026-03-{day:02}")])
        at = NOW + timedelta(days=day)
        drop_feed(store, lumiere, io.BytesIO(feed), f"{number}.xml", "cli", at)
        pipeline.work_until_idle(at)

    send("B-1", WITHOUT_A_TOWN, 2)
    pipeline.close_batch(NOW + timedelta(days=2))
    with store.writing() as session:
        [held] = delivery.held_letters(session)
        assert french(held.delivery.reason) == "adresse incomplète : il manque la ville, le code postal"
        assert delivery.mend_address(session, held.delivery.id, NANTES, "mina@lumiere.example", "au téléphone", NOW)
    send("B-2", WITHOUT_A_TOWN, 3)
    assert bob_lives_at(store) == "Nantes"
    assert pipeline.close_batch(NOW + timedelta(days=4)) == 1
    [manifest] = [json.loads(path.read_text()) for path in config.outbox.glob("lot-*.json")]
    assert [piece["bill"] for piece in manifest["pieces"]] == ["B-1", "B-2"]
    lot = config.outbox / manifest["files"][0]["pdf"]
    page = subprocess.run(["pdftotext", "-layout", str(lot), "-"], capture_output=True, check=True, text=True).stdout
    assert "44100 NANTES" in page
    assert "Lumière de l'Ouest · 1 PLACE DE LA GARE · 35000 RENNES" in page, "the way home, from the bill's seller"
    send("B-3", MOVED, 5)
    assert bob_lives_at(store) == "Brest"
    send("B-4", WITHOUT_A_TOWN, 6)
    assert bob_lives_at(store) == ""
    assert pipeline.close_batch(NOW + timedelta(days=7)) == 1
    with store.reading() as session:  # B-3 goes where the account's letters go, and that is nowhere now
        assert [held.bill.number for held in delivery.held_letters(session)] == ["B-3", "B-4"]
    send("B-5", MOVED, 8)
    assert pipeline.close_batch(NOW + timedelta(days=9)) == 1
    with store.reading() as session:
        assert delivery.held_letters(session) == [], "they waited for a whole address, and B-5 brought one"
