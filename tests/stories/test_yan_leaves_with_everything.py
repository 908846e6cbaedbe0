"""Yan has his electricity at Lumière, and adds two foreign bills: a German tram ticket (Factur-X) and a plumber's PDF,
which does not say its amount for sure. He leaves with everything: one archive, which he opens elsewhere, on a machine
that knows nothing of Facteur, and his own data. Marc, whose bills he may read, goes nowhere with him."""

import json
import re
import shutil
import subprocess
import sys
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask

from config import Config
from delivery.channels.email.smtp.smtp_client import SmtpClient
from pipeline.feed_pipeline import Pipeline
from portal.app import make_app
from store import Store
from tests.conftest import Clock
from tests.portal.conftest import Browser
from tests.portal.sample_town import World, a_bill
from tests.sample_documents import PLUMBER, document, plain_pdf

TRAM = "electronic-tram-tickets.facturx.pdf"
SCRIPT = Path(__file__).parents[2] / "docs" / "read_bill_archive.py"


@pytest.fixture
def app(store: Store, config: Config, clock: Clock) -> Flask:
    return make_app(store, config, clock)


@pytest.fixture
def pipeline(store: Store, config: Config) -> Pipeline:
    return Pipeline(store, config, SmtpClient("smtp://localhost:9", config.sender))


@pytest.fixture
def yan(app: Flask, store: Store, clock: Clock) -> Browser:
    """Yan at his screen; Marc has bills of the same issuer."""
    world = World(store, clock())
    lumiere = world.issuer("lumiere", "Lumière de l’Ouest")
    day = world.today - timedelta(days=3)
    world.drop(lumiere, [a_bill("L-1", "C-1", day, buyer="Yan Petit"), a_bill("L-2", "C-2", day, buyer="Marc Roy")])
    world.consumer("Marc Roy", holds={lumiere: "C-2"})
    mine = Browser(app.test_client())
    mine.sign_in(world.consumer("Yan Petit", holds={lumiere: "C-1"}))
    return mine


def test_yan_leaves_with_everything(yan: Browser, pipeline: Pipeline, clock: Clock, tmp_path: Path) -> None:
    adds_two_foreign_bills(yan, pipeline, clock)

    yan.get("/emporter")
    assert "L’archive se prépare." in yan.post("/emporter", quoi="tout").text
    work(pipeline, clock)
    assert "Votre archive est prête" in yan.get("/emporter").text
    (tmp_path / "factures.zip").write_bytes(yan.client.get("/emporter/factures.zip").data)
    data = json.loads(yan.client.get("/mes-donnees.json").data)
    records = {each["key"]: each["records"] for each in data["categories"]}
    assert {TRAM, "plombier.pdf"} <= {each.get("name") for each in records["imports"]}
    assert "Marc" not in json.dumps(data)

    opens_it_elsewhere(tmp_path)


def adds_two_foreign_bills(yan: Browser, pipeline: Pipeline, clock: Clock) -> None:
    unsure = [line for line in PLUMBER if "Total TTC" not in line and "HT" not in line]
    yan.get("/factures/ajouter")
    files = [(BytesIO(document(TRAM)), TRAM), (BytesIO(plain_pdf(unsure)), "plombier.pdf")]
    yan.post("/factures/ajouter", fichiers=files)  # type: ignore[arg-type]
    work(pipeline, clock)
    asked = re.findall(r"/factures/ajouter/([\w-]+)\"", yan.get("/factures/ajouter").text)[0]
    assert "De qui est cette facture" in yan.get(f"/factures/ajouter/{asked}").text
    answers = {
        "choix-issuer": "Martin Plomberie SARL", "choix-number": "2026-117", "choix-kind": "invoice",
        "choix-issue_date": "2026-03-02", "choix-due_date": "2026-04-01", "choix-amount": "autre", "amount": "180,00",
        "choix-currency": "EUR", "choix-iban": "FR7630006000011234567890189", "choix-legal_id": "303265045",
    }  # fmt: skip
    assert "en cours de lecture" in yan.post(f"/factures/ajouter/{asked}", **answers).text
    work(pipeline, clock)


def work(pipeline: Pipeline, clock: Clock) -> None:
    while pipeline.run_job(clock()):
        pass


def opens_it_elsewhere(folder: Path) -> None:
    """A fresh folder, a fresh Python without any of our packages, and the script of the documentation."""
    shutil.copy(SCRIPT, folder / "read.py")
    read = [sys.executable, "-I", "-S", "read.py", "factures.zip"]
    said = subprocess.run(read, cwd=folder, env={}, check=True, capture_output=True, text=True).stdout
    assert said.startswith("3 documents, all as they were")
    with ZipFile(folder / "factures.zip") as archive:
        archive.extractall(folder / "out")
    index = json.loads((folder / "out" / "index.json").read_text("utf-8"))
    numbers = {each["number"]: each for each in index["documents"]}
    assert set(numbers) == {"L-1", "E2018092011804", "2026-117"}
    assert numbers["2026-117"]["amount"] == "180.00"
    tram = next(each["path"] for each in numbers["E2018092011804"]["files"] if each["path"].endswith(".pdf"))
    assert (folder / "out" / tram).read_bytes() == document(TRAM), "what he brought in, bit for bit"
    assert "Marc" not in (folder / "out" / "index.html").read_text("utf-8")
