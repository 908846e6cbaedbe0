"""A mandate does not stay in force silently: Alice leaves, moves out, dies, or nothing is collected for three years."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bill.customer.known_customer import KnownCustomer, pack_known
from bill.payment.payment_entry import PaymentEntry
from consumers.leave_account import leave_account
from consumers.mandate_endings import end_mandates, is_over
from store import Store
from store.accounts.consumer import Enrolment
from store.customers.customer_reference import CustomerReference
from store.job import Job
from store.outbox.outbox_event import OutboxEvent
from store.payments.bill_key import BillKey
from store.payments.debit_mandate import DebitMandate
from store.payments.payment import PaymentRow, pack_entry
from store.payments.payment_key import keep_payment_keys
from tests.adoption.sample_accounts import World

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
TODAY = NOW.date()
UMR = "FCTABCDEFGHJKLMNPQRSTUV"


class Contract:
    """Alice's account at Lumière, with a mandate that she signed."""

    def __init__(self, session: Session, signed_at: datetime = NOW) -> None:
        self.session, self.world = session, World(session)
        self.lumiere = self.world.issuer("lumiere")
        self.alice, self.bob = self.world.consumer("Alice"), self.world.consumer("Bob")
        self.account = self.world.account(self.lumiere, "C-1")
        for each in (self.alice, self.bob):
            self.world.holds(each, self.account, date(2025, 1, 2))
        self.mandate = self.world.add(
            DebitMandate(
                issuer_id=self.lumiere.id, account_id=self.account.id, consumer_id=self.alice.id, umr=UMR,
                creditor_id="FR72ZZZ123456", creditor="Lumière", holder_name="Alice Martin", encrypted_iban=b"-",
                last_four="0189", signed_name="Alice", wording="sepa-core-1", language="fr", session_sha256="-",
                signed_at=signed_at,
            )
        )  # fmt: skip

    def is_known(self, **of: date) -> None:
        content = pack_known(KnownCustomer())
        mine = {"account_id": self.account.id, "issuer_id": self.lumiere.id}
        self.world.add(CustomerReference(**mine, content=content, as_of=NOW, **of))

    def ends(self, today: date = TODAY) -> str:
        """Why the mandate has ended, "" while it is in force."""
        while end_mandates(self.session, NOW, today):
            pass
        self.session.refresh(self.mandate)
        assert (self.mandate.state == "ended") == bool(self.mandate.reason.code)
        return self.mandate.reason.code


@pytest.fixture
def contract(store: Store) -> Iterator[Contract]:
    with store.writing() as session:
        yield Contract(session)


@pytest.fixture
def old(store: Store) -> Iterator[Contract]:
    """Signed 37 months ago."""
    with store.writing() as session:
        yield Contract(session, datetime(2023, 2, 3, 9, tzinfo=UTC))


def test_it_stays_while_its_signer_holds_the_account(contract: Contract) -> None:
    assert contract.ends() == ""
    assert leave_account(contract.session, contract.account, contract.bob, NOW)
    assert contract.ends() == ""


def test_who_leaves_ends_it_at_once_and_both_are_told(contract: Contract) -> None:
    assert leave_account(contract.session, contract.account, contract.alice, NOW)
    contract.session.refresh(contract.mandate)
    assert (contract.mandate.state, contract.mandate.revoked_at) == ("ended", NOW)
    told = contract.session.scalars(select(OutboxEvent).where(OutboxEvent.type == "mandate.revoked")).one()
    assert (told.data["reason"], told.data["umr"]) == ("mandate_signer_left", UMR)
    job = contract.session.scalars(select(Job).where(Job.kind == "mandate")).one()
    assert job.particulars == {"mandate_id": contract.mandate.id, "state": "ended"}
    assert contract.ends() == "mandate_signer_left"
    assert len(contract.session.scalars(select(Job)).all()) == 1


def test_who_was_suspended_signs_for_nobody(contract: Contract) -> None:
    mine = (Enrolment.account_id == contract.account.id, Enrolment.consumer_id == contract.alice.id)
    contract.session.execute(update(Enrolment).where(*mine).values(suspended_at=NOW))
    assert contract.ends() == "mandate_signer_left"


def test_the_last_bill_of_a_closed_account_is_still_collected(contract: Contract) -> None:
    contract.is_known(closed_on=TODAY)
    assert is_over(contract.session, contract.account, TODAY)
    assert contract.ends(TODAY + timedelta(days=89)) == ""
    assert contract.ends(TODAY + timedelta(days=90)) == "mandate_account_closed"


def test_an_account_that_closes_later_is_not_over(contract: Contract) -> None:
    contract.is_known(closed_on=TODAY + timedelta(days=1))
    assert not is_over(contract.session, contract.account, TODAY)
    assert contract.ends() == ""


def test_a_death_ends_it(contract: Contract) -> None:
    contract.is_known(died_on=date(2026, 3, 1))
    assert is_over(contract.session, contract.account, TODAY)
    assert contract.ends() == "mandate_holder_died"


def test_a_number_that_passed_on_takes_no_mandate_along(contract: Contract) -> None:
    contract.account.standing = "former"
    contract.session.flush()
    assert contract.ends() == "mandate_number_passed_on"


def collection(contract: Contract, on: date) -> None:
    entry = PaymentEntry(kind="collected", amount=Decimal(1), currency="EUR", booked_on=on, mandate_id=UMR)
    row = contract.world.add(
        PaymentRow(
            issuer_id=contract.lumiere.id, identity=on.isoformat(), told_by="bank", kind="collected", amount=Decimal(1),
            currency="EUR", booked_on=on, content=pack_entry(entry), told_at=NOW,
        )
    )  # fmt: skip
    keep_payment_keys(contract.session, contract.lumiere.id, [(row.id, entry)])


def test_36_months_without_a_collection_end_it(old: Contract) -> None:
    collection(old, date(2023, 3, 2))
    assert old.ends() == "mandate_unused"


def test_a_collection_since_then_keeps_it(old: Contract) -> None:
    collection(old, date(2023, 3, 4))
    assert old.ends() == ""


def test_so_does_a_bill_that_names_it(old: Contract) -> None:
    bill = old.world.bill(old.account, date(2025, 6, 1))
    old.session.add(BillKey(bill_id=bill.id, kind="mandate", key=UMR, issuer_id=old.lumiere.id))
    old.session.flush()
    assert old.ends() == ""
