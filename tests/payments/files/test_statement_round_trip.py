"""Any payments, written as a statement of any version, are read back as they were: to the cent, to the letter."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from bill import minor_units
from bill.payment.payment_entry import PaymentEntry, PaymentShare
from tests.payments.files.camt_writer import CODES, CamtWriter
from tests.payments.files.read_in_full import entries_of

ACCOUNT = "FR7630006000011234567890189"
ACCOUNTS = ["", "FR1420041010050500013M02606", "DE12500105170648489890", "AT611904300234573201", "000123456789"]
LETTERS = "abcdefghijklmnopqrstuvwxyzéèàçœüßñABCDEFGH0123456789 <>&'\"/.,-€"


def words(most: int, least: int = 1) -> st.SearchStrategy[str]:
    """A text on one line."""
    texts = st.text(LETTERS, min_size=least, max_size=most).map(lambda text: " ".join(text.split()))
    return texts.filter(lambda text: len(text) >= least and not text.startswith("/"))


def identifiers(first: str) -> st.SearchStrategy[str]:
    return st.text("ABCDEFGHJK0123456789-", min_size=1, max_size=20).map(lambda text: first + text)


@st.composite
def payments(draw: DrawFn, currency: str, is_booked: bool, day: date) -> PaymentEntry:
    step = Decimal(1).scaleb(-minor_units(currency))
    kind = draw(st.sampled_from(sorted(CODES)))
    amount = draw(st.integers(100, 10**11)) * step
    goes_back = kind in ("returned", "refund_returned")
    references = tuple(draw(st.lists(identifiers("RF"), max_size=3, unique=True)))
    end_to_end_id = draw(identifiers("E") if goes_back else st.one_of(st.just(""), identifiers("E")))
    charges = draw(st.sampled_from([Decimal(0), step, 12 * step])) if kind in ("received", "returned") else Decimal(0)
    other = draw(st.one_of(st.none(), st.integers(1, 10**6))) if not charges else None
    account = draw(st.sampled_from(ACCOUNTS))
    return PaymentEntry(
        kind=kind,
        amount=amount,
        currency=currency,
        booked_on=day,
        entry_id=draw(identifiers("B")),
        creditor_iban=ACCOUNT,
        debtor_iban=account,
        debtor_name=draw(words(70)),
        references=references,
        remittance=draw(st.one_of(st.just(""), words(40), words(400, 150))),
        end_to_end_id=end_to_end_id,
        mandate_id=draw(identifiers("M")) if kind in ("collected", "returned") else "",
        original_id=end_to_end_id if goes_back else "",
        reason=draw(st.sampled_from(["AC04", "AM04", "MD06", "MS03"])) if goes_back else "",
        is_booked=is_booked,
        shares=_shares(references, amount, step) if draw(st.booleans()) else (),
        charges=charges,
        instructed_amount=Decimal(other).scaleb(-2) if other else None,
        instructed_currency="GBP" if other else "",
        bank_code="/".join(("PMNT", *CODES[kind][:2])),
    )


def _shares(references: Sequence[str], amount: Decimal, step: Decimal) -> tuple[PaymentShare, ...]:
    """The whole and a credit note of the rest: as much as was paid."""
    if len(references) < 2:
        return ()
    more = PaymentShare(reference=references[0], amount=amount + 7 * step)
    return (more, PaymentShare(reference=references[1], amount=-7 * step))


@st.composite
def statements(draw: DrawFn) -> tuple[CamtWriter, list[list[PaymentEntry]]]:
    message = draw(st.sampled_from(["052", "053", "054"]))
    currency = draw(st.sampled_from(["EUR", "CHF", "XPF", "TND"]))
    writer = CamtWriter(message, draw(st.integers(2, 13)), ACCOUNT, currency)
    bookings = []
    for number in range(draw(st.integers(0, 4))):
        is_booked = message != "052" and draw(st.booleans())
        day = draw(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
        first = draw(payments(currency, is_booked, day))
        size = draw(st.sampled_from([1, 1, 2, 5]))
        others = [draw(payments(currency, is_booked, day)) for _ in range(size - 1)]
        bookings.append(_booking([first, *others], number))
    return writer, bookings


def _booking(payments: list[PaymentEntry], number: int) -> list[PaymentEntry]:
    """One payment, or a batch of one kind under one reference."""
    first, *others = payments
    same = [first, *(each for each in others if each.kind == first.kind)]
    if len(same) == 1:
        return same
    return [
        msgspec.structs.replace(each, batch_id=f"BATCH-{number}", entry_id=f"{each.entry_id}-{n}")
        for n, each in enumerate(same)
    ]


@given(statements())
@settings(max_examples=150, deadline=None)
def test_payments_are_read_back_as_they_were_written(written: tuple[CamtWriter, list[list[PaymentEntry]]]) -> None:
    writer, bookings = written
    entries, findings, file = entries_of(writer.document(bookings))
    assert [msgspec.structs.replace(entry, place="") for entry in entries] == [
        entry for booking in bookings for entry in booking
    ]
    assert not findings
    assert file.is_whole
    assert file.format == f"camt.{writer.message}.001.{writer.version:02}"
