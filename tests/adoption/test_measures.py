"""What single measures say, counted by hand; each is told once, by the registry."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Any

import pytest
from sqlalchemy.orm import Session

from adoption.bill_contribution import bill_figures, daily_measures_of
from adoption.costs.ledger import NOTHING, PUBLIC_PRICES, Ledger, LedgerPrices, ledger_of
from adoption.measures.daily_facts import counts_of_days, values_of_days
from adoption.measures.registry import MEASURES
from adoption.monthly_facts import PARIS, measure
from bill import Reason
from consumers.claim_start import note_stale_code, note_wrong_code
from consumers.paperless_consent import back_to_paper, go_paperless
from store import Store
from store.accounts.account_notice import NewNotice, append_notice
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.bills.channel_choice import ChannelChoice
from store.issuer import Issuer
from store.payments.payment import PaymentRow
from store.payments.payment_allocation import PaymentAllocation
from tests.adoption.adoption_document import PAGE, page_with
from tests.adoption.sample_accounts import World, moment

MARCH, JUNE = date(2026, 3, 1), date(2026, 6, 30)


class Street:
    """Alice has contracts with four issuers, Bob one with the first of them."""

    def __init__(self, store: Store, session: Session) -> None:
        self.store, self.session, self.world = store, session, World(session)
        self.issuers = [self.world.issuer(slug) for slug in ("banque", "commune", "eaux", "lumiere")]
        self.alice, self.bob = self.world.consumer("Alice"), self.world.consumer("Bob")
        self.alices = [self.world.account(issuer, "1") for issuer in self.issuers]
        self.bobs = self.world.account(self.issuers[0], "2")
        self.bills = [self.world.bill(each, date(2026, 3, 10)) for each in (*self.alices, self.bobs)]

    def value(self, code: str, first: date = MARCH, last: date = JUNE, issuer: Issuer | None = None) -> Any:
        """A measure of one issuer, of these days."""
        self.session.commit()
        measure(self.store, moment(date(2026, 7, 1)))
        issuer_id = (issuer or self.issuers[0]).id
        found = counts_of_days(self.session, [issuer_id], first, last, [code])[issuer_id]
        self.session.commit()
        return MEASURES[code].value(found)


@pytest.fixture
def street(store: Store) -> Iterator[Street]:
    with Session(store.engine, expire_on_commit=False) as session:
        yield Street(store, session)


def test_who_follows_four_issuers_is_counted_with_each(street: Street) -> None:
    street.world.holds(street.bob, street.bobs, date(2026, 3, 2))
    for account in street.alices[:3]:
        street.world.holds(street.alice, account, date(2026, 3, 5))
    assert street.value("wide") == 0
    street.world.holds(street.alice, street.alices[3], date(2026, 5, 5))
    assert street.value("wide") == 1
    assert street.value("wide", last=date(2026, 5, 4)) == 0
    assert street.value("critical_mass") == Decimal("0.5")


def paid(street: Street, bill: BillRow, amount: str, booked_on: date) -> PaymentAllocation:
    """The bank tells a payment of a bill."""
    payment = street.world.add(
        PaymentRow(
            issuer_id=bill.issuer_id, identity=f"{bill.id} {amount} {booked_on}", told_by="bank",
            told_at=moment(booked_on), kind="credit", amount=Decimal(amount), currency="EUR", booked_on=booked_on,
            content=b"-", outcome="matched", reason=Reason(),
        )
    )  # fmt: skip
    return street.world.add(
        PaymentAllocation(
            payment_id=payment.id, bill_id=bill.id, amount=Decimal(amount), since=moment(booked_on), by="bank"
        )
    )


def test_a_bill_is_paid_on_time_when_all_of_it_was_booked_by_its_due_date(street: Street) -> None:
    alices, bobs = street.bills[0], street.bills[-1]
    alices.due_date = bobs.due_date = date(2026, 3, 24)
    assert (street.value("payable"), street.value("on_time")) == (2, 0)
    last = paid(street, alices, "44.20", date(2026, 3, 24))
    assert street.value("paid_on_time") == 0
    paid(street, alices, "40.00", date(2026, 3, 12))
    paid(street, bobs, "84.20", date(2026, 3, 25))
    assert (street.value("paid_on_time"), street.value("on_time")) == (1, Decimal("0.5"))
    last.until = moment(date(2026, 4, 1))
    assert street.value("paid_on_time") == 0
    bobs.is_collected = True
    assert street.value("payable") == 1


def test_time_to_claim_is_from_the_first_letter_with_a_code(street: Street) -> None:
    account = street.alices[0]
    street.world.letter(street.bills[0], "code", date(2026, 3, 12))
    again = street.world.bill(account, date(2026, 4, 10))
    street.world.letter(again, "edoc", date(2026, 4, 12))
    street.world.holds(street.alice, account, date(2026, 4, 20))
    street.world.holds(street.bob, street.bobs, date(2026, 4, 20))
    assert (street.value("claims"), street.value("claim_days_p50"), street.value("claim_days_p90")) == (2, 39, 39)
    assert street.value("claim_days_p50", last=date(2026, 4, 19)) is None


def test_a_claim_that_fails_is_counted_by_its_reason(street: Street) -> None:
    """Alice types a wrong code twice a day, and a stale one; Bob signs up with a code, and gets as far as the contract
    two days later."""
    street.value("bills")  # the street has been counted before
    mine, bobs = street.alices[0], street.bobs
    for hour in (8, 9):
        note_wrong_code(street.session, [mine.id], street.alice.id, moment(date(2026, 4, 2)).replace(hour=hour))
    note_stale_code(street.session, mine.id, street.alice.id, moment(date(2026, 4, 2)))
    signed_up = NewNotice(account_id=bobs.id, kind="claim_started", at=moment(date(2026, 4, 3)), key="delivery 1")
    append_notice(street.session, signed_up)
    assert street.value("claim_failures") == 3
    street.world.holds(street.bob, bobs, date(2026, 4, 5))
    assert street.value("claim_failures") == 2
    counts = counts_of_days(street.session, [street.issuers[0].id], MARCH, JUNE, ["claim_failures"])
    assert MEASURES["claim_failures"].parts(counts[street.issuers[0].id]) == {"stale_code": 1, "wrong_code": 1}


def test_who_comes_back_to_paper_is_counted_on_the_day_of_the_consent(street: Street) -> None:
    account = street.alices[0]
    street.world.holds(street.alice, account, date(2026, 3, 2))
    go_paperless(street.session, account, street.alice, moment(date(2026, 3, 20)))
    assert (street.value("consents"), street.value("back30")) == (1, 0)
    back_to_paper(street.session, account, street.alice, moment(date(2026, 4, 20)))
    assert [street.value(f"churn{days}") for days in (30, 90, 365)] == [0, 1, 1]
    assert street.value("churn90", first=date(2026, 4, 1)) is None


def test_an_account_with_a_right_to_paper_is_not_eligible(street: Street) -> None:
    assert (street.value("accounts"), street.value("eligible")) == (2, 2)
    account = street.session.get_one(CustomerAccount, street.bobs.id)
    account.standing = "former"
    assert (street.value("accounts"), street.value("eligible")) == (2, 1)


def test_a_letter_that_is_sent_again_is_a_second_letter_and_its_return_is_counted(street: Street) -> None:
    bill = street.bills[0]
    street.world.add(ChannelChoice(bill_id=bill.id, at=moment(MARCH), channel="portal", version=2, inputs=b"-"))
    for purpose, day in (("print", 12), ("print-2", 20)):
        street.world.delivery(bill, "paper", purpose, moment(date(2026, 3, day)))
    bill.channel = "paper"  # as the handover says of every bill that it posts
    assert (street.value("spared"), street.value("euros_avoided")) == (1, PUBLIC_PRICES.letter)
    assert street.value("euros_fallback") == 2 * PUBLIC_PRICES.letter
    assert (street.value("letters"), street.value("posted"), street.value("fallback_letters")) == (1, 2, 2)
    assert street.value("letters_by_reason") == 1


def test_the_ledger_of_many_bills_is_the_ledger_of_each(street: Street) -> None:
    """Alice's bill is read in the portal, Bob's is not and goes by post, twice; another goes on paper at once."""
    alices, bobs, papers = street.bills[0], street.bills[-1], street.world.bill(street.bobs, date(2026, 3, 10))
    alices.channel = bobs.channel = "portal"
    for bill, who in ((alices, street.alice), (bobs, street.bob)):
        street.world.delivery(bill, "email", "notify", moment(date(2026, 3, 11)), person=who)
    street.world.delivery(bobs, "sms", "remind-1", moment(date(2026, 3, 15)), person=street.bob)
    for bill, purpose in ((bobs, "print"), (bobs, "print-2"), (papers, "print")):
        street.world.delivery(bill, "paper", purpose, moment(date(2026, 3, 20)))
    street.session.flush()
    counted = bill_figures(street.session, [alices.id, bobs.id, papers.id], PARIS)
    prices = LedgerPrices(Decimal("2.00"), email=Decimal("0.01"), sms=Decimal("0.10"))
    each = [ledger_of(dict(daily_measures_of(bill.what_it_adds())), prices) for _, bill in sorted(counted.items())]
    assert [line.saved for line in each] == [Decimal("1.99"), Decimal("-2.11"), Decimal(0)]
    assert [line.sheets for line in each] == [1, -1, 0]
    together = reduce(Ledger.and_also, each, NOTHING)
    assert (street.value("sheets_saved"), street.value("euros_messages")) == (0, Decimal("0.064"))
    issuer_id = street.issuers[0].id
    sums = counts_of_days(street.session, [issuer_id], MARCH, JUNE, ["euros_saved"])[issuer_id]
    assert ledger_of(sums, prices) == together
    assert together.carbon_low < 0 < together.carbon_high + 1
    of_issuer = values_of_days(street.session, {issuer_id: prices}, MARCH, JUNE, ["euros_saved", "on_time"])
    assert of_issuer == {issuer_id: {"euros_saved": together.saved, "on_time": None}}


@pytest.mark.beside_any_database
def test_codes_are_told_once_and_counts_are_of_one_kind() -> None:
    kinds: dict[str, set[str]] = {}
    for each in MEASURES.values():
        for name in each.kept:
            kinds.setdefault(name, set()).add(each.kind)
    assert {name: found for name, found in kinds.items() if len(found) > 1} == {}
    assert {(each.unit == "share") == bool(each.denominator) for each in MEASURES.values()} == {True}


@pytest.mark.beside_any_database
def test_the_page_of_documentation_is_written_from_the_registry() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == page_with(page), "python -m tests.adoption.adoption_document"


@pytest.mark.beside_any_database
def test_a_quantile_is_the_least_number_up_to_which_so_many_lie() -> None:
    counts = {"claim_days:3": 5, "claim_days:10": 4, "claim_days:40": 1}
    assert [MEASURES[f"claim_days_{each}"].value(counts) for each in ("p50", "p90")] == [3, 10]
    assert MEASURES["claim_days_p90"].value({**counts, "claim_days:40": 2}) == 40
