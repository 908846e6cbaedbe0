"""A lot as the print house finds it: bills of ours and issuers' own pages in one batch, read back by camera and eye."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pikepdf
import pytest
from click.testing import CliRunner
from sqlalchemy import select

from audit.run_all_checks import check
from cli.main import main
from config import Config
from delivery.channels.email.smtp.dev_inbox import open_inbox
from delivery.channels.email.smtp.smtp_client import SmtpClient
from delivery.channels.paper.print_manifest import PrintManifest
from doors.feed_drop import drop_feed
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from store import Store
from store.db.event import events_of
from store.delivery import Delivery
from tests.print_manifest_sums import disagreements
from tests.render.sample_bills import codes_on, margin_of, text_of
from tests.sample_feeds import batch, ubl
from tests.sample_print_streams import index, printed, profile

pytestmark = pytest.mark.beside_any_database

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
EAUX = [("EV-1", "Alice"), ("EV-2", "Bob"), ("EV-3", "Charlie")]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A print house that prints on both sides and wants small files."""
    path = tmp_path / "house.toml"
    path.write_text("duplex = true\nmost_letters = 4\n")
    return path


@pytest.fixture
def pipeline(store: Store, config: Config, house: Path) -> Iterator[Pipeline]:
    with open_inbox(config.inbox) as url:
        post = SmtpClient(url, config.sender)
        yield Pipeline(store, msgspec.structs.replace(config, print_house=house), post)
        post.hang_up()


@pytest.fixture
def lot(pipeline: Pipeline) -> tuple[PrintManifest, Path]:
    """Five bills of Lumière and three of Eaux du Val, one of them of thirty pages, on paper."""
    with pipeline.store.writing() as session:
        lumiere = add_issuer(session, "lumiere", "Lumière de l'Ouest", NOW)
        eaux = add_issuer(session, "eaux", "Eaux du Val", NOW, profile('by = "file"'))
    bills = [ubl(f"L-{n}", account) for n, account in enumerate(("C-ALICE", "C-BOB", "C-CHARLIE", "C-4", "C-5"), 1)]
    drop_feed(pipeline.store, lumiere, io.BytesIO(batch(bills)), "mars.xml", "cli", NOW)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as members:
        members.writestr("index.csv", index(EAUX))
        for number, person in EAUX:
            members.writestr(f"{number}.pdf", printed(number, person, 30 if number == "EV-2" else 2))
    drop_feed(pipeline.store, eaux, io.BytesIO(archive.getvalue()), "mars.zip", "cli", NOW)
    pipeline.work_until_idle(NOW)
    assert pipeline.close_batch(NOW) == 1
    [path] = pipeline.config.outbox.glob("*.json")
    return msgspec.json.decode(path.read_bytes(), type=PrintManifest), pipeline.config.outbox


def test_a_camera_finds_every_sheet_in_its_place(lot: tuple[PrintManifest, Path]) -> None:
    manifest, outbox = lot
    assert disagreements(manifest) == []
    assert manifest.letters == 8
    assert [(file.ticket.envelope, file.letters, file.pages) for file in manifest.files] == [
        ("DL", 4, 8), ("DL", 3, 10), ("C4", 1, 32),
    ]  # fmt: skip
    for number, file in enumerate(manifest.files, 1):
        content = (outbox / file.pdf).read_bytes()
        with pikepdf.open(io.BytesIO(content)) as pdf:
            assert pdf.check_pdf_syntax() == []
            assert len(pdf.pages) == file.pages
        expected = [
            b"%06d%06d%06d%03d%03d" % (manifest.lot, piece.n, 8, sheet, piece.sheets)
            for piece in manifest.pieces
            if piece.file == number
            for sheet in range(1, piece.sheets + 1)
        ]
        fronts = range(1, file.pages + 1, 2)
        assert [codes_on(margin_of(content, page), "DataMatrix") for page in fronts] == [[each] for each in expected]


def test_each_letter_begins_with_its_person_and_shows_its_own_pages(lot: tuple[PrintManifest, Path]) -> None:
    manifest, outbox = lot
    names = {"L-1": "Alice Martin", "L-2": "Bob Le Goff", "L-3": "Charlie Moreau", "EV-1": "Alice", "EV-2": "Bob"}
    for number, file in enumerate(manifest.files, 1):
        pages = text_of((outbox / file.pdf).read_bytes()).split("\f")[:-1]
        for piece in (piece for piece in manifest.pieces if piece.file == number):
            letter = pages[piece.first_page - 1 : piece.first_page - 1 + piece.pages]
            assert f"pli {piece.n}/8 · feuille 1/{piece.sheets}" in letter[0]
            assert names.get(piece.bill, "") in letter[0]
            if piece.issuer == "eaux":
                assert piece.bill not in letter[0], "a carrier page says nothing of the bill"
                assert letter[1].strip() == "", "its back is blank"
                assert all(piece.bill in page for page in letter[2 : 2 + (30 if piece.bill == "EV-2" else 2)])
            else:
                assert piece.bill in letter[0]


def test_nothing_that_must_always_hold_is_broken(lot: tuple[PrintManifest, Path], store: Store) -> None:
    assert not any(check(store).invariants.values())


def facteur(config: Config, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, str]:
    monkeypatch.setenv("FACTEUR_HOME", str(config.home))
    monkeypatch.setenv("FACTEUR_DATABASE_URL", config.database_url)
    monkeypatch.setenv("FACTEUR_SECRET_FILE", str(config.home / "its-secret"))
    (config.home / "its-secret").write_bytes(config.secret)
    done = CliRunner().invoke(main, arguments)
    return done.exit_code, done.stdout


def test_sets_are_cut_out_once_more_for_the_machine(
    lot: tuple[PrintManifest, Path], store: Store, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Set 4 ends one file, set 5 begins the next; who took them is in the trail."""
    manifest, outbox = lot
    out = tmp_path / "again.pdf"
    assert facteur(config, monkeypatch, "print", "sets", "1", "4-5", "-o", str(out), "--by", "Oscar")[0] == 0
    with store.reading() as session:
        taken = [each for each in events_of(session, "print_batch", 1) if each.what == "cut out"]
    assert [(each.by, each.why) for each in taken] == [("Oscar", "4-5")]
    pages = [
        page
        for piece in manifest.pieces[3:5]
        for page in text_of((outbox / manifest.files[piece.file - 1].pdf).read_bytes()).split("\f")[
            piece.first_page - 1 : piece.first_page - 1 + piece.pages
        ]
    ]
    assert text_of(out.read_bytes()).split("\f")[:-1] == pages
    assert facteur(config, monkeypatch, "print", "sets", "1", "9", "-o", str(out))[0] == 1
    assert facteur(config, monkeypatch, "print", "sets", "2", "1", "-o", str(out))[0] == 1


def test_letters_that_were_lost_are_made_anew(
    lot: tuple[PrintManifest, Path], store: Store, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("print", "again", "1", "2,7", "--by", "olga@facteur.example", "--reason", "perdus", "--json")
    code, said = facteur(config, monkeypatch, *asked)
    assert (code, json.loads(said)) == (0, {"batch": 1, "sets": [2, 7]})
    assert facteur(config, monkeypatch, *asked)[0] == 1
    with store.reading() as session:
        anew = session.scalars(select(Delivery).where(Delivery.purpose == "print-2")).all()
    manifest, _ = lot
    assert {each.replaces_id for each in anew} == {manifest.pieces[1].delivery, manifest.pieces[6].delivery}
    assert not any(check(store).invariants.values())


def test_a_house_that_cannot_be_read_is_told_in_a_line(
    config: Config, monkeypatch: pytest.MonkeyPatch, house: Path
) -> None:
    house.write_text("duplex = maybe")
    monkeypatch.setenv("FACTEUR_PRINT_HOUSE", str(house))
    assert facteur(config, monkeypatch, "print", "close")[0] == 1
