"""Shared parts: what many bills have in common in their own part, and no bill says."""

import zlib
from datetime import date
from decimal import Decimal
from itertools import chain

import msgspec

from bill import Bill, History, Span
from render.page.bill_layout import NO_HISTORY
from tests.render.sample_bills import BOB, BRAND, CHARLIE, bill, energy, template

ALICES = bill(12)
BOBS = bill(12, number="LO-2026-11-0002", buyer=BOB, issue_date=date(2026, 12, 9), contract="CT-7117")
LONG = bill(40, number="LO-2026-11-0003", buyer=CHARLIE)
USED = History(
    spans=tuple(
        Span(
            issued=date(2026, month, 4), gross=Decimal("61.37"), start=date(2026, month, 1), end=date(2026, month, 28),
            used=Decimal(317), unit="KWH",
        )
        for month in range(1, 10)
    )
)  # fmt: skip


def shared_parts_of(made: Bill, history: History = NO_HISTORY) -> list[bytes]:
    return template(BRAND).parts(made, history)[1::2]


def inflated(part: bytes) -> bytes:
    """All that is deflated in it: the blocks that it begins with, and the stream of an object."""
    said = b""
    for begin in (0, part.find(b"stream\n") + len(b"stream\n") + 2):
        try:
            said += zlib.decompressobj(-15).decompress(part[begin:])
        except zlib.error:
            continue
    return said


def said_by(made: Bill) -> set[bytes]:
    """Names, places, numbers, days and amounts of a bill, as words that no other text has."""
    home = made.buyer.address
    words = [made.buyer.name, *made.buyer.name.split(), home.line1, home.postcode, home.city, made.seller.name]
    words += [made.number, made.contract, made.buyer.identifiers[0].value, "317.406", "317,406", "61.37", "61,37"]
    words += [made.issue_date.isoformat(), made.issue_date.strftime("%Y%m%d"), made.due_date.isoformat()]
    amounts = [line.net_amount for line in made.lines] + [made.totals.payable, made.totals.net, made.totals.vat]
    words += chain.from_iterable((str(amount), str(amount).replace(".", ",")) for amount in amounts)
    words += [line.name for line in made.lines] + [made.payment.remittance, made.payment.transfers[0].iban]
    return {word.encode(code, "replace") for word in words for code in ("utf-8", "cp1252")}


def test_parts_joined_are_the_suffix():
    for made in (ALICES, BOBS, LONG):
        parts = template().parts(made)
        assert b"".join(parts) == template().suffix(made)
        assert len(parts) % 2 == 1


def test_alice_and_bob_have_the_same_leaves():
    assert shared_parts_of(ALICES) == shared_parts_of(BOBS)
    assert template().parts(ALICES)[::2] != template().parts(BOBS)[::2]
    assert sum(map(len, shared_parts_of(ALICES))) > 2_500


def test_a_longer_bill_has_another_tree_and_the_rest_is_the_same():
    assert len(set(shared_parts_of(LONG)) - set(shared_parts_of(ALICES))) == 3  # its pages, its tree, its rows


def test_nothing_that_a_bill_says_is_in_a_leaf():
    for made in (ALICES, BOBS, LONG):
        for part in shared_parts_of(made, USED):
            text = part + inflated(part)
            assert not {word for word in said_by(made) if word in text}


def test_the_search_would_find_it():
    """What is looked for stands in the bill's own parts, and deflated shared parts are looked into."""
    own = template().parts(ALICES, USED)[::2]
    assert any(ALICES.number.encode() in part for part in own)
    texts = list(map(inflated, shared_parts_of(ALICES, USED)))
    assert any(b"pdfaSchema" in text for text in texts)
    assert any(b"/S/TH" in text for text in texts)
    assert any(b"CrossIndustryInvoice" in text for text in texts)


def test_a_name_that_is_the_sellers_alone_stays_with_the_bill():
    """Who is billed on his behalf is a person, and the seller (EN 16931 BT-3, 389)."""
    seller = msgspec.structs.replace(ALICES.seller, name="Charlie Nguyễn")
    assert shared_parts_of(bill(12, type_code="389", seller=seller)) == shared_parts_of(ALICES)


def test_a_line_more_with_another_name_changes_no_word_of_a_leaf():
    lines = (msgspec.structs.replace(energy(1, Decimal("12.50")), name="Visite du docteur Ngo"), *ALICES.lines[1:])
    assert shared_parts_of(msgspec.structs.replace(ALICES, lines=lines)) == shared_parts_of(ALICES)
