"""The demo's issuers: what they drop is what their profiles say, whole and right to the cent, and always the same."""

import hashlib
import io
from collections import Counter
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from msgspec.structs import replace
from stdnum import iban
from stdnum.fr import siren, tva

from bill import Bill, Money, as_issued
from bill.change import reading_of
from demo import draw_logos
from demo.billing.billing_calendar import Billing, billings
from demo.billing.feed_calendar import feeds_until
from demo.billing.feed_file import write
from demo.billing.feed_mishaps import in_cents
from demo.billing.tariffs import electricity
from demo.formats import cii, facturx, ubl
from demo.issuer import BANK, ELECTRICITY, FOLDER, ISSUERS, TELECOM, WATER, DemoIssuer
from demo.month_arithmetic import later
from demo.people.contract import Contract, contracts
from demo.people.person import Person
from demo.people.population import people
from feeds.holds.drift_check import drift_hold_reasons
from ingest import open_feed
from issuers.profile import read_logo
from store.feeds.feed_counts_as_read import FeedCounts

#: What the clerks of the demo get wrong, which keeps no bill back.
TYPED = {"DQ-NAME-CASE", "DQ-NAME-ORDER", "DQ-ADDRESS-LENGTH", "DQ-BUYER-COMPANY"}
FIRST, LAST = date(2025, 10, 1), date(2026, 11, 20)


def crowd(count: int = 30, seed: int = 7) -> list[Person]:
    return people(seed, count, FIRST)


@pytest.fixture(scope="module")
def held() -> list[Contract]:
    return contracts(crowd())


def billing_of(issuer: DemoIssuer, turn: int) -> Billing:
    return next(each for each in billings(FIRST, LAST) if each.issuer is issuer and each.turn == turn)


def bills_of(person: str, held: list[Contract], issuer: DemoIssuer, turn: int) -> list[Bill]:
    return [bill for bill in billing_of(issuer, turn).bills(held) if bill.buyer.name.startswith(person)]


def digest_of_everything(seed: int) -> str:
    held = contracts(crowd(12, seed))
    return hashlib.sha256(b"".join(feed.write() for feed in feeds_until(held, FIRST, LAST))).hexdigest()


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert digest_of_everything(7) == digest_of_everything(7)


def test_another_seed_is_another_world() -> None:
    assert digest_of_everything(7) != digest_of_everything(8)


def test_a_new_person_changes_nobody_elses_bills() -> None:
    fewer, more = contracts(crowd(20)), contracts(crowd(25))
    billing = billing_of(TELECOM, 4)
    assert [bill.totals for bill in billing.bills(fewer)] == [
        bill.totals for bill in billing.bills(more)[: len(billing.bills(fewer))]
    ]


def test_every_feed_is_read_and_only_the_mishaps_are_refused(held: list[Contract]) -> None:
    outcomes: Counter[tuple[str, bool]] = Counter()
    for feed in feeds_until(held, FIRST, LAST):
        reading = open_feed(io.BytesIO(feed.write()), feed.name, feed.issuer.profile)
        entries = list(reading)
        rules = {finding.rule for entry in entries for finding in entry.findings}
        assert rules <= {"BR-CO-15", *TYPED}, (feed.name, rules)
        outcomes[feed.issuer.slug, reading.whole] += 1
    cut_off = {slug: number for (slug, whole), number in outcomes.items() if not whole}
    assert cut_off == {"lumiere-ouest": 2}
    assert {slug for slug, _ in outcomes} == {issuer.slug for issuer in ISSUERS}


@pytest.mark.parametrize("issuer", [ELECTRICITY, WATER, BANK], ids=lambda issuer: issuer.slug)
def test_what_is_written_is_what_is_read(issuer: DemoIssuer, held: list[Contract]) -> None:
    bills = billing_of(issuer, 2).bills(held)
    reading = open_feed(io.BytesIO(write(issuer, bills)), "feed", issuer.profile)
    read = [entry.bill and replace(entry.bill, pages_sha256="") for entry in reading]
    assert read == bills


def test_a_delimited_file_keeps_what_it_has_columns_for(held: list[Contract]) -> None:
    bills = billing_of(TELECOM, 2).bills(held)
    found = [entry.bill for entry in open_feed(io.BytesIO(write(TELECOM, bills)), "feed", TELECOM.profile)]
    for sent, read in zip(bills, found, strict=True):
        assert read is not None
        for term in ("number", "issue_date", "due_date", "totals", "vat", "buyer", "payment", "period", "object_id"):
            assert getattr(read, term) == getattr(sent, term), term
        assert [line.name for line in read.lines] == [line.name for line in sent.lines]


def test_cents_for_euros_are_right_in_every_bill_and_wrong_in_all(held: list[Contract]) -> None:
    bills = billing_of(TELECOM, 13).bills(held)
    figures, usual = FeedCounts(), FeedCounts()
    for bill, meant in zip(in_cents(bills), bills, strict=True):
        assert bill.totals.net == (meant.totals.net or 0) * 100
        figures.add(Money(bill.totals.payable, "EUR"), is_taken=True)
        usual.add(Money(meant.totals.payable, "EUR"), is_taken=True)
    assert [doubt.rule for doubt in drift_hold_reasons(figures, [usual] * 12, TELECOM.profile.breaker)] == [
        "DRIFT-AMOUNT"
    ]


def test_sums_agree_to_the_cent(held: list[Contract]) -> None:
    for issuer in ISSUERS:
        for bill in billing_of(issuer, 1).bills(held):
            totals = bill.totals
            assert totals.net == totals.lines == sum(line.net_amount or 0 for line in bill.lines)  # BR-CO-10, 13
            assert totals.vat == sum(row.vat or 0 for row in bill.vat)  # BR-CO-14
            assert totals.payable == totals.gross == (totals.net or 0) + (totals.vat or 0)  # BR-CO-15, 16
            for row in bill.vat:  # BR-CO-17
                exact = (row.taxable or Decimal(0)) * (row.rate or Decimal(0)) / 100
                assert abs(exact - (row.vat or Decimal(0))) <= Decimal("0.005")


def test_alice_heats_with_electricity_and_her_winter_costs_more_than_her_summer(held: list[Contract]) -> None:
    [january], [july] = (bills_of("Alice", held, ELECTRICITY, turn) for turn in (4, 10))
    assert january.period is not None
    assert january.period.start == date(2026, 1, 1)
    assert january.totals.payable > Decimal("1.5") * july.totals.payable


def test_a_meter_goes_on_where_it_stood() -> None:
    held = contracts(crowd(5))
    contract = next(each for each in held if each.issuer is ELECTRICITY)
    for month in (date(2025, 11, 1), date(2026, 2, 1), date(2026, 9, 1)):
        used = electricity.consumption(contract, month)
        assert electricity.reading(contract, month) + used == electricity.reading(contract, later(month, 1))


def test_an_estimated_month_is_corrected_by_the_next_reading() -> None:
    contract = next(each for each in contracts(crowd(5)) if each.issuer is ELECTRICITY)
    months = [later(FIRST, n) for n in range(1, 13)]
    estimated = [month for month in months if electricity.is_estimated(contract, month)]
    assert len(estimated) == 3
    for month, following in pairwise(months):
        assert electricity.billed_readings(contract, month)[1] == electricity.billed_readings(contract, following)[0]
        assert (electricity.billed_readings(contract, month)[1] == electricity.reading(contract, following)) is (
            month not in estimated
        )


@pytest.mark.parametrize("issuer", [ELECTRICITY, WATER], ids=lambda issuer: issuer.slug)
def test_bills_say_whether_the_meter_was_read(issuer: DemoIssuer, held: list[Contract]) -> None:
    said = Counter(
        reading_of(bill)
        for billing in billings(FIRST, LAST)
        if billing.issuer is issuer
        for bill in billing.bills(held)
    )
    assert not said[""]
    assert 0.1 < said["estimated"] / said.total() < 0.4


def test_no_bill_of_a_meter_counts_backwards(held: list[Contract]) -> None:
    for billing in billings(FIRST, LAST):
        if billing.issuer in (ELECTRICITY, WATER):
            assert all((line.quantity or 0) > 0 for bill in billing.bills(held) for line in bill.lines)


def test_prices_change_in_february(held: list[Contract]) -> None:
    [january], [february] = (bills_of("Charlie", held, ELECTRICITY, turn) for turn in (4, 5))
    before, after = (bill.lines[0] for bill in (january, february))
    assert before.name == after.name
    assert before.net_price is not None
    assert after.net_price is not None
    assert before.net_price < after.net_price
    assert not january.notes
    assert "1er février 2026" in february.notes[0].text


def test_bob_moves_house_and_has_another_contract_there(held: list[Contract]) -> None:
    [april], [may] = (bills_of("Bob", held, ELECTRICITY, turn) for turn in (7, 8))
    assert (april.buyer.address.city, may.buyer.address.city) == ("Rennes", "Lorient")
    assert april.contract != may.contract
    [before], [after] = (bills_of("Bob", held, TELECOM, turn) for turn in (6, 8))
    assert (before.buyer.address.city, after.buyer.address.city) == ("Rennes", "Lorient")
    assert before.buyer.identifiers == after.buyer.identifiers


def test_camille_and_louis_share_their_electricity(held: list[Contract]) -> None:
    [shared] = bills_of("Camille et Louis", held, ELECTRICITY, 1)
    assert not bills_of("Louis Petit", held, ELECTRICITY, 1)
    assert bills_of("Louis Petit", held, TELECOM, 1)
    assert shared.totals.payable > 0


def test_some_bills_are_debited_some_paid_by_hand_and_some_cost_nothing() -> None:
    held = contracts(crowd(120))
    electricity_bills, fees = billing_of(ELECTRICITY, 1).bills(held), billing_of(BANK, 1).bills(held)
    by_hand = [bill for bill in electricity_bills if as_issued(bill).is_asking]
    debited = [bill for bill in electricity_bills if as_issued(bill).is_collected]
    assert len(by_hand) + len(debited) == len(electricity_bills)
    assert all(iban.is_valid(bill.payment.transfers[0].iban) for bill in by_hand)
    assert all(iban.is_valid(bill.payment.debited_iban) and bill.payment.mandate for bill in debited)
    assert any(bill.totals.payable == 0 for bill in fees)
    assert {row.category for bill in fees for row in bill.vat} == {"E", "S"}


def test_creditor_identifiers_have_right_check_digits() -> None:
    for issuer in ISSUERS:
        ics = issuer.creditor_id
        digits = "".join(str(int(sign, 36)) for sign in ics[7:] + ics[:4])  # EPC262-08: the business code is left out
        assert int(digits) % 97 == 1


def test_credit_notes_take_a_bill_back(held: list[Contract]) -> None:
    feed = next(each for each in feeds_until(held, FIRST, LAST) if each.name.startswith("avoirs"))
    notes = [entry.bill for entry in open_feed(io.BytesIO(feed.write()), feed.name, feed.issuer.profile)]
    assert notes
    for note in notes:
        assert note is not None
        assert note.is_credit_note
        assert note.number == f"{note.preceding[0].number}A"
        assert as_issued(note).kind == "credit"


def test_profiles_are_those_of_the_issuers() -> None:
    for issuer in ISSUERS:
        profile = issuer.profile
        assert siren.is_valid(profile.sender.legal_id)
        assert tva.is_valid(profile.sender.vat_id)
        assert profile.legal_ids == [profile.sender.legal_id, profile.sender.vat_id]
        assert read_logo(FOLDER, profile.brand.logo).startswith(b"\x89PNG")


@pytest.mark.parametrize("slug", list(draw_logos.MARKS))
def test_marks_are_drawn_by_our_own_code(slug: str) -> None:
    from PIL import Image, ImageChops

    with Image.open(FOLDER / f"{slug}.png") as kept:
        difference = ImageChops.difference(kept.convert("RGBA"), draw_logos.draw(slug).convert("RGBA"))
    assert max(difference.tobytes()) < 48  # another Pillow rounds edges otherwise


def test_other_peoples_tools_take_the_bank_for_factur_x(held: list[Contract]) -> None:
    library = pytest.importorskip("facturx")
    [bill, *_] = billing_of(BANK, 1).bills(held)
    name, content = library.get_xml_from_pdf(facturx.document(bill), check_xsd=True)
    assert (name, content) == ("factur-x.xml", cii.document(bill))


def test_the_official_rules_find_nothing(held: list[Contract], tmp_path: Path) -> None:
    library, saxon = pytest.importorskip("facturx"), pytest.importorskip("saxonche")
    rules = Path(library.__file__).parent / "xsd_and_schematron"
    powered = billing_of(ELECTRICITY, 5).bills(held)[:3]
    written = {
        "ubl-2.1/EN16931-UBL-validation.xslt": [ubl.document(bill) for bill in powered],
        "facturx-en16931/FACTUR-X_EN16931.xslt": [
            cii.document(bill).decode() for issuer in (WATER, BANK) for bill in billing_of(issuer, 1).bills(held)[:2]
        ],
    }
    with saxon.PySaxonProcessor(license=False) as processor:
        for sheet, documents in written.items():
            executable = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(rules / sheet))
            for document in documents:
                report = executable.transform_to_string(xdm_node=processor.parse_xml(xml_text=document))
                broken = [part for part in report.split("<svrl:failed-assert")[1:] if 'flag="warning"' not in part]
                assert broken == []
