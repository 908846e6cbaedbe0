"""Alice takes her bill away: as PDF, XML, JSON and CSV, with what came beside it, and nobody takes another's."""

import csv
import io
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from lxml import etree
from werkzeug.http import parse_options_header

from bill import AllowanceCharge, Attachment, Bill, Identifier, Line, PostalAddress, Totals
from bill.bill_json import bill_terms
from export.cii import EN16931, write_cii
from export.saved_files.attachment_file import attachment_file
from ingest import open_feed
from issuers.profile import Profile
from portal.presenters.outside_link import outside_link
from store import Store
from store.bills.bill import BillRow
from tests.export.test_every_term import ALICES
from tests.export.test_factur_x import OWN
from tests.portal.conftest import Browser
from tests.portal.sample_town import World, a_bill

pytestmark = pytest.mark.beside_any_database

NewBrowser = Callable[[], Browser]
FILES = ("cii.xml", "ubl.xml", "json", "lignes.csv")
#: As a sender writes it who would like a spreadsheet to run it.
LESS = AllowanceCharge(amount=Decimal("10.00"), reason="=Fidélité", vat_category="S", vat_rate=Decimal(20))


def one_bill(world: World, browser: NewBrowser, bill: Bill) -> tuple[Browser, BillRow]:
    issuer = world.issuer("lumiere", "Lumière")
    row = world.drop(issuer, [bill])[bill.number]
    alice = browser()
    alice.sign_in(world.consumer("Alice Martin", holds={issuer: bill.buyer.identifiers[0].value}))
    return alice, row


def whole_bill(world: World) -> Bill:
    """A bill that says all that EN 16931 asks for."""
    bill = a_bill("F-1", "C-1", world.today)
    seller = msgspec.structs.replace(bill.seller, address=PostalAddress(city="Nantes", postcode="44000", country="FR"))
    return msgspec.structs.replace(bill, seller=seller)


def read_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def sum_of(rows: list[dict[str, str]]) -> Decimal:
    """What a reader gets who adds up the column without the rows in brackets."""
    amounts = [row["Montant"].replace(",", ".") for row in rows if not row["Nature"].startswith("(")]
    return sum((Decimal(each) for each in amounts if each), Decimal(0))


def test_each_file_is_the_bill_under_its_name(world: World, browser: NewBrowser) -> None:
    bill = whole_bill(world)
    alice, row = one_bill(world, browser, bill)
    page = alice.get(f"/factures/{row.uid}").text
    answers = {each: alice.get(f"/factures/{row.uid}/{each}") for each in FILES}
    assert all(f"/factures/{row.uid}/{each}" in page for each in FILES)
    names = [parse_options_header(each.headers["Content-Disposition"])[1]["filename"] for each in answers.values()]
    assert names == [f"Lumière 2026-03-03 F-1{each}" for each in (" CII.xml", " UBL.xml", ".json", ".csv")]
    for answer in answers.values():
        assert answer.headers["Cache-Control"] == "no-store"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answers["cii.xml"].data == write_cii(row.bill, EN16931), "the very XML of the PDF"
    assert etree.fromstring(answers["ubl.xml"].data).tag.endswith("Invoice-2}Invoice")
    [again] = open_feed(io.BytesIO(answers["ubl.xml"].data), "bill.xml", Profile())
    assert again.bill is not None
    assert again.bill.lines == bill.lines


@pytest.mark.parametrize("file", FILES)
def test_to_save_a_file_is_to_have_seen_the_bill(
    file: str, world: World, browser: NewBrowser, store: Store
) -> None:  # fmt: skip
    alice, row = one_bill(world, browser, whole_bill(world))
    alice.client.head(f"/factures/{row.uid}/{file}")
    with store.reading() as session:
        assert session.get_one(BillRow, row.id).viewed_at is None, "HEAD is a program's"
    alice.get(f"/factures/{row.uid}/{file}")
    with store.reading() as session:
        assert session.get_one(BillRow, row.id).viewed_at is not None


def test_nobody_else_is_given_a_file(world: World, browser: NewBrowser) -> None:
    _, row = one_bill(world, browser, whole_bill(world))
    charlie = browser()
    charlie.sign_in(world.consumer("Charlie Moreau"))
    nowhere = charlie.get("/factures/there-is-no-such")
    for file in FILES:
        answer = charlie.get(f"/factures/{row.uid}/{file}")
        assert (answer.status_code, answer.data) == (404, nowhere.data), file
        assert browser().client.get(f"/factures/{row.uid}/{file}").status_code == 303, "whoever is nobody signs in"


def test_a_bill_that_says_less_is_not_offered_as_what_it_is_not(world: World, browser: NewBrowser) -> None:
    """Its seller has no country: the CII is of a lesser profile and says so, UBL has none."""
    alice, row = one_bill(world, browser, a_bill("F-1", "C-1", world.today))
    page = alice.get(f"/factures/{row.uid}").text
    assert "pas tout ce que la norme européenne demande" in page
    assert "ubl.xml" not in page
    assert alice.get(f"/factures/{row.uid}/ubl.xml").status_code == 404
    cii = alice.get(f"/factures/{row.uid}/cii.xml").text
    assert "urn:factur-x.eu:1p0:minimum" in cii


def test_the_json_says_all_and_what_is_due_today(world: World, browser: NewBrowser) -> None:
    alice, row = one_bill(world, browser, whole_bill(world))
    said = json.loads(alice.get(f"/factures/{row.uid}/json").data)
    assert {key: said[key] for key in ("format", "version", "account", "as_of")} == {
        "format": "facteur.bill", "version": 1, "account": "C-1", "as_of": "2026-03-03",
    }  # fmt: skip
    assert said["issuer"] == {"slug": "lumiere", "name": "Lumière"}
    assert said["pdf_sha256"] == row.pdf_sha256
    assert said["bill"]["totals"]["payable"] == "84.00"
    assert said["bill"]["lines"][0]["period"]["start"] == "2026-02-01"
    assert not said["bill"].keys() & {"payee", "notes", "contract"}, "absent, not empty"
    assert (said["due_now"]["kind"], said["due_now"]["amount"]) == ("asks", "84.00")


def test_figures_in_json_are_plain_and_bytes_stay_out() -> None:
    terms = bill_terms(msgspec.structs.replace(ALICES, attachments=(Attachment(id="a", content=b"secret"),)))
    assert terms["lines"][0]["quantity"] == "100", "sent as 1E+2"
    assert terms["attachments"] == [{"id": "a", "size": 0}]
    assert "secret" not in json.dumps(terms)


def test_every_name_of_the_json_is_documented() -> None:
    told = (Path(__file__).parents[4] / "docs" / "bill-json.md").read_text()
    structs, seen = [Bill], set[type]()
    while structs:
        struct = structs.pop()
        seen.add(struct)
        for field in msgspec.structs.fields(struct):
            assert f"`{field.name}`" in told, f"{struct.__name__}.{field.name}"
            structs += [each for each in _structs_in(field.type) if each not in seen]
    assert len(seen) > 10


def _structs_in(kind: object) -> list[type[msgspec.Struct]]:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return [kind]
    return [found for each in getattr(kind, "__args__", ()) for found in _structs_in(each)]


@pytest.mark.parametrize("made", OWN.values(), ids=OWN.keys())
def test_the_column_of_amounts_adds_up_to_what_is_asked(made: Bill, world: World, browser: NewBrowser) -> None:
    buyer = msgspec.structs.replace(made.buyer, identifiers=(Identifier(value="C-1"),))
    alice, row = one_bill(world, browser, msgspec.structs.replace(made, buyer=buyer))
    rows = read_csv(alice.get(f"/factures/{row.uid}/lignes.csv").data)
    assert sum_of(rows) == made.totals.payable
    assert (rows[-1]["Nature"], rows[-1]["Désignation"]) == ("(total)", "À payer")
    assert "autre" not in [row["Nature"] for row in rows], "the bill explains itself"


def test_the_lines_are_for_a_french_spreadsheet_that_runs_nothing(world: World, browser: NewBrowser) -> None:
    meter = msgspec.structs.replace(
        whole_bill(world).lines[0], name='=HYPERLINK("http://x")', object_id=Identifier("09")
    )
    group = Line(id="2", name="Abonnement", kind="GROUP", net_amount=Decimal("70.00"))
    totals = Totals(payable=Decimal("75.00"), gross=Decimal("74.00"), net=Decimal("60.00"), vat=Decimal("14.00"))
    bill = msgspec.structs.replace(whole_bill(world), lines=(meter, group), allowances_charges=(LESS,), totals=totals)
    alice, row = one_bill(world, browser, bill)
    content = alice.get(f"/factures/{row.uid}/lignes.csv").data
    assert content.startswith(b"\xef\xbb\xbfNature;Ligne;")
    rows = read_csv(content)
    assert rows[0]["Désignation"] == '\'=HYPERLINK("http://x")'
    assert [rows[0][name] for name in ("Du", "Quantité", "Unité", "Prix unitaire", "Montant")] == [
        "2026-02-01", "350", "kWh", "0,2000", "70,00",
    ]  # fmt: skip
    assert [(row["Nature"], row["Montant"]) for row in rows[1:]] == [
        ("(dont)", "70,00"), ("remise", "-10,00"), ("TVA", "14,00"), ("autre", "1,00"), ("(total)", "75,00"),
    ]  # fmt: skip
    assert rows[2]["Désignation"] == "'=Fidélité"
    assert sum_of(rows) == Decimal("75.00")


def test_the_lines_in_english_are_for_an_english_spreadsheet(world: World, browser: NewBrowser) -> None:
    alice, row = one_bill(world, browser, whole_bill(world))
    alice.post("/langue", language="en")
    assert alice.get(f"/factures/{row.uid}/lignes.csv").data.startswith(b"\xef\xbb\xbfKind,Line,")


@pytest.mark.parametrize(
    ("name", "media_type", "saved", "served"),
    [
        ("releve.pdf", "application/pdf", "releve.pdf", "application/pdf"),
        ("releve.PDF", "application/pdf", "releve.PDF", "application/pdf"),
        ("releve.pdf", "Application/PDF; charset=x", "releve.pdf", "application/pdf"),
        ("facture.pdf.exe", "application/pdf", "facture.pdf.exe.pdf", "application/pdf"),
        ("facture.pdf. ", "application/pdf", "facture.pdf. ", "application/pdf"),
        ("photo", "image/jpeg", "photo.jpg", "image/jpeg"),
        ("x.html", "text/html", "x.html", "application/octet-stream"),
        ("x.svg", "image/svg+xml", "x.svg", "application/octet-stream"),
        ("x", "text/html\r\nSet-Cookie: a=b", "x", "application/octet-stream"),
        ("", "application/pdf", "z.pdf", "application/pdf"),
        ("", "no/such", "z", "application/octet-stream"),
    ],
)
def test_a_senders_words_make_no_program_of_a_file(name: str, media_type: str, saved: str, served: str) -> None:
    file = attachment_file(Attachment(id="z", filename=name, media_type=media_type, content=b"x"), 1)
    assert (file.name, file.media_type) == (saved, served)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("https://lumiere.example/doc?id=1", "lumiere.example"),
        ("http://doc.lumiere.example:8080/a", "doc.lumiere.example"),
        ("HTTPS://Lumiere.Example/a", "lumiere.example"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//lumiere.example/", None),
        ("https://lumiere.example@evil.example/", None),
        ("https://lumiere.example\\@evil.example/", None),
        ("https://lumière.example/", None),
        ("https://lumiere.example/\u202egpj", None),
        ("https://127.0.0.1/", None),
        ("https://localhost/", None),
        ("https:///etc/passwd", None),
        ("https://[::1", None),
        ('https://lumiere.example/"onclick=', None),
        ("https://lumiere.example/" + "a" * 1000, None),
        ("", None),
    ],
)
def test_a_link_is_one_where_people_see_where_it_leads(text: str, host: str | None) -> None:
    found = outside_link(text)
    assert (found and found.host) == host


def test_what_came_beside_a_bill_is_listed_with_its_kind_and_size(world: World, browser: NewBrowser) -> None:
    given = (
        Attachment(
            id="a", filename="releve.pdf", media_type="application/pdf", content=b"x" * 3200, description="Juin"
        ),
        Attachment(id="b", link="javascript:alert(1)"),
        Attachment(id="c", link="https://lumiere.example/conditions"),
    )
    alice, row = one_bill(world, browser, a_bill("F-1", "C-1", world.today, attachments=given))
    page = " ".join(alice.get(f"/factures/{row.uid}").text.split())
    assert 'releve.pdf</a> <span class="quiet">(PDF, 3,2 ko)</span> <span class="quiet">Juin</span>' in page
    assert "b javascript:alert(1)" in page
    assert 'href="javascript' not in page
    assert "ouvrir sur lumiere.example" in page
    assert 'rel="noopener noreferrer nofollow"' in page
