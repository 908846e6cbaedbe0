"""Alice brings in bills of issuers who are not on board: electronic ones are hers at once, byte for byte; of others she
is asked what they do not say for sure; what cannot be read says why; what she has already is not doubled."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from audit.invariants import INVARIANTS
from config import Config
from consumers.imports.answered_terms import AnsweredTerm
from consumers.imports.import_document import import_document
from consumers.imports.kept_reading import KeptReading, pack_reading, unpack_reading
from delivery.channels.email.smtp.smtp_client import SmtpClient
from pipeline.feed_pipeline import Pipeline
from store import Store
from store.accounts.consumer import Consumer, enrol
from store.bills.bill import BillRow
from store.bills.bill_filter import BillFilter
from store.bills.bills_of_consumer import listed_bills
from store.imports.imported_document import READ_DOCUMENT, ImportedDocument
from store.imports.private_issuer import private_issuers_of
from store.issuer import Issuer
from store.job import request_job
from tests.conftest import Clock
from tests.portal.sample_town import World, a_bill
from tests.sample_documents import PLUMBER, document, plain_pdf, with_script

pytestmark = pytest.mark.beside_any_database

Bring = Callable[..., ImportedDocument]


@pytest.fixture
def pipeline(store: Store, config: Config) -> Pipeline:
    return Pipeline(store, config, SmtpClient("smtp://localhost:9", config.sender))


@pytest.fixture
def alice(store: Store, clock: Clock) -> Consumer:
    return World(store, clock()).consumer("Alice Martin")


@pytest.fixture
def bring(store: Store, clock: Clock, pipeline: Pipeline, alice: Consumer) -> Bring:
    """Bring a document in and read it; returns its row."""

    def brought(content: bytes, name: str = "facture.pdf", who: Consumer = alice) -> ImportedDocument:
        taken = import_document(store, who.id, name, content, clock()).document
        while pipeline.run_job(clock()):
            pass
        with store.reading() as session:
            return session.get_one(ImportedDocument, taken.id)

    return brought


@pytest.fixture
def answer(store: Store, clock: Clock, pipeline: Pipeline) -> Callable[..., ImportedDocument]:
    """Answer what is asked about a document, and read it again."""

    def answered(asked: ImportedDocument, **terms: str) -> ImportedDocument:
        with store.writing() as session:
            row = session.get_one(ImportedDocument, asked.id)
            kept = unpack_reading(row.reading)
            answers = {name: AnsweredTerm(value, "chosen") for name, value in terms.items()}
            row.reading, row.state = pack_reading(KeptReading(kept.reading, answers, kept.pictures)), "waiting"
            request_job(session, READ_DOCUMENT, {"document_id": row.id, "consumer_id": row.consumer_id}, clock())
        while pipeline.run_job(clock()):
            pass
        with store.reading() as session:
            return session.get_one(ImportedDocument, asked.id)

    return answered


def bill_of(store: Store, brought: ImportedDocument) -> BillRow:
    with store.reading() as session:
        row = session.get_one(BillRow, brought.bill_id)
        assert row.bill
        return row


@pytest.mark.parametrize(
    ("name", "number", "payable", "seller"),
    [
        ("electronic-tram-tickets.facturx.pdf", "E2018092011804", "9.00", "Verkehrsbetriebe GmbH"),
        ("electronic-tram-tickets.ubl.xml", "E2018092011804", "9.00", "Verkehrsbetriebe GmbH"),
        ("electronic-energy.cii.xml", "1100512149", "1099.78", "Enexis B.V."),
    ],
)
def test_an_electronic_invoice_is_her_bill_and_lies_there_as_it_came(
    name: str, number: str, payable: str, seller: str, bring: Bring, store: Store, alice: Consumer
) -> None:
    came = document(name)
    brought = bring(came, name)
    assert (brought.state, brought.blob_sha256) == ("bill", None)
    row = bill_of(store, brought)
    assert (row.number, row.payable, row.state) == (number, Decimal(payable), "rendered")
    with store.reading() as session:
        [listed] = listed_bills(session, alice.id)
        assert listed.id == row.id
        assert [each.id for each in listed_bills(session, alice.id, BillFilter(asked=number))] == [row.id]
        issuer = session.get_one(Issuer, row.issuer_id)
        assert (issuer.name, issuer.private_to) == (seller, alice.id)
        archive = store.archive(session)
        if name.endswith(".pdf"):
            assert archive.pdf(row) == came
        else:
            assert archive.pdf(row).startswith(b"%PDF-")
            original = row.bill.attachments[-1]
            assert (archive.attachment(row, len(row.bill.attachments)), original.filename) == (came, name)
        assert came[:200] not in store.blobs.read(row.segment_sha256 or "")
        assert [each for each in INVARIANTS if session.execute(INVARIANTS[each]()).first()] == []


def test_the_next_bill_of_the_same_issuer_is_kept_with_the_first(bring: Bring, store: Store, alice: Consumer) -> None:
    bring(document("electronic-tram-tickets.ubl.xml"), "1.xml")
    bring(document("electronic-tram-tickets.ubl.xml").replace(b"E2018092011804", b"E2018092011805"), "2.xml")
    with store.reading() as session:
        [mine] = private_issuers_of(session, alice.id)
        assert mine.vat_id == "DE123456789"
        assert {each.account_id for each in session.scalars(select(BillRow))} == {mine.account_id}


def test_a_plain_pdf_is_asked_about_and_then_it_is_her_bill(
    bring: Bring, answer: Callable[..., ImportedDocument], store: Store, alice: Consumer
) -> None:
    came = plain_pdf()
    asked = bring(came)
    kept = unpack_reading(asked.reading)
    assert (asked.state, kept.reading.asked) == ("asked", ["issuer"])
    assert "Martin Plomberie SARL" in [each.value for each in kept.reading.term("issuer").found]
    assert kept.pictures is not None
    assert store.blobs.exists(kept.pictures.blob_sha256)
    filed = answer(asked, issuer="Martin Plomberie SARL", legal_id="303265045")
    assert filed.state == "bill"
    assert not store.blobs.exists(kept.pictures.blob_sha256)
    row = bill_of(store, filed)
    assert (row.number, row.issue_date, row.due_date) == ("2026-117", date(2026, 3, 2), date(2026, 4, 1))
    assert (row.payable, row.to_pay, row.currency) == (Decimal(180), Decimal(180), "EUR")
    assert row.bill.payment.transfers[0].iban == "FR7630006000011234567890189"
    origins = {name: each.origin for name, each in unpack_reading(filed.reading).answers.items()}
    assert (origins["issuer"], origins["amount"], origins["due_date"]) == ("chosen", "read", "read")
    with store.reading() as session:
        assert store.archive(session).pdf(row) == came
        assert [each.id for each in listed_bills(session, alice.id, BillFilter(asked="mitigeur"))] == [row.id]


def test_once_her_issuer_is_known_its_next_plain_bill_needs_no_word(
    bring: Bring, answer: Callable[..., ImportedDocument], store: Store
) -> None:
    answer(bring(plain_pdf()), issuer="Martin Plomberie", legal_id="303265045")
    april = [line.replace("2026-117", "2026-131").replace("02/03/2026", "03/03/2026") for line in PLUMBER]
    brought = bring(plain_pdf(april))
    assert brought.state == "bill"
    assert bill_of(store, brought).number == "2026-131"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(document("locked-by-a-password.pdf"), "document_encrypted", id="password"),
        pytest.param(with_script(plain_pdf()), "document_active", id="script"),
        pytest.param(plain_pdf()[:300], "document_broken", id="cut"),
        pytest.param(b"\x89PNG\r\n\x1a\n picture", "document_kind", id="picture"),
        pytest.param(b"PK\x03\x04 archive", "document_kind", id="archive"),
        pytest.param(b"<html><body>Facture</body></html>", "document_without_bill", id="page"),
        pytest.param(document("electronic-energy.cii.xml")[:-900], "document_without_bill", id="cut XML"),
    ],
)
def test_what_cannot_be_read_says_why_and_leaves_nothing(content: bytes, why: str, bring: Bring, store: Store) -> None:
    brought = bring(content)
    assert (brought.state, brought.reason.code, brought.blob_sha256) == ("refused", why, None)
    with store.reading() as session:
        assert session.scalars(select(BillRow)).all() == []


def test_the_same_bill_in_two_files_is_one(bring: Bring) -> None:
    first = bring(document("electronic-tram-tickets.ubl.xml"), "1.xml")
    again = bring(document("electronic-tram-tickets.facturx.pdf"), "1.pdf")
    assert (again.state, again.reason.code, again.bill_id) == ("known", "document_twice", first.bill_id)
    other = document("electronic-tram-tickets.ubl.xml").replace(b"9.00", b"8.00").replace(b">0.59<", b">-0.41<")
    assert bring(other, "3.xml").state == "refused"


def test_a_bill_that_an_issuer_on_board_delivered_is_told_and_not_doubled(
    bring: Bring, answer: Callable[..., ImportedDocument], store: Store, clock: Clock, alice: Consumer
) -> None:
    world = World(store, clock())
    lumiere = world.issuer("lumiere", "Martin Plomberie")
    bill = a_bill("2026-117", "C-1", date(2026, 3, 2), "150.00", seller="Martin Plomberie")
    row = world.drop(lumiere, [bill])["2026-117"]
    with store.writing() as session:
        enrol(session, alice.id, row.account_id, clock())
    told = answer(bring(plain_pdf()), issuer="Martin Plomberie SARL")
    assert (told.state, told.reason.code, told.bill_id) == ("known", "document_delivered", row.id)


def test_who_brings_very_many_keeps_nobody_waiting(
    store: Store, clock: Clock, pipeline: Pipeline, alice: Consumer
) -> None:
    bob, charlie = World(store, clock()).consumer("Bob"), World(store, clock()).consumer("Charlie")
    for n in range(12):
        import_document(store, alice.id, "x.pdf", b"%PDF-1.7 " + bytes([65 + n]), clock())
    for n in range(2):
        import_document(store, bob.id, "x.pdf", b"%PDF-1.7 " + bytes([65 + n]), clock())
    import_document(store, charlie.id, "x.pdf", b"%PDF-1.7", clock())
    for _ in range(5):
        pipeline.run_job(clock())
    with store.reading() as session:
        waiting = session.scalars(select(ImportedDocument.consumer_id).where(ImportedDocument.state == "waiting")).all()
    assert set(waiting) == {alice.id}
    while pipeline.run_job(clock()):
        pass
    with store.reading() as session:
        assert set(session.scalars(select(ImportedDocument.state)).all()) == {"refused"}
