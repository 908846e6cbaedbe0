"""A town where all that facts are counted from happens, by chance from a seed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from adoption.monthly_facts import PARIS
from consumers.holder_suspension import lift_suspension, suspend_holder
from consumers.leave_account import leave_account
from consumers.paperless_consent import back_to_paper, go_paperless
from delivery.feedback.views_bounces_returns import bill_viewed, mail_bounced
from store.accounts.account_notice import AccountNoticeKind, NewNotice, append_notice
from store.accounts.consent import Consent
from store.accounts.consumer import Consumer, Enrolment, enrol, holders_of
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.db.state_change import change_state
from store.delivery import THE_ADDRESSEE, Delivery, Receipt
from store.feeds.feed import Feed
from tests.adoption.sample_accounts import World

BEGIN = datetime(2026, 1, 28, 9, tzinfo=UTC)


class Town:
    """Two issuers, some accounts and people, and all that can happen to them, by chance from a seed."""

    def __init__(self, session: Session, seed: int) -> None:
        self.session = session
        self.chance = Random(seed)
        self.now = BEGIN
        self.world = World(session)
        self.issuers = [self.world.issuer(slug) for slug in ("eaux", "lumiere")]
        self.accounts = [self.world.account(issuer, str(n)) for issuer in self.issuers for n in range(4)]
        self.people = [self.world.consumer(name) for name in ("Alice", "Bob", "Charlie")]
        self.bills: list[BillRow] = []
        self.feeds = [self.world.feed(issuer, self.now, state="reading") for issuer in self.issuers]
        session.commit()

    def acts(self) -> list[Callable[[], object]]:
        return [
            self.bill, self.bill, self.bill, self.bill_of_a_feed_being_read, self.release, self.choose, self.choose,
            self.present, self.present, self.notify, self.letter, self.letter, self.post, self.post, self.cancel,
            self.view, self.view, self.bounce, self.enrol, self.enrol, self.leave, self.suspend, self.lift,
            self.consent, self.consent, self.withdraw, self.end, self.join, self.redate, self.forget, self.wait,
            self.wait, self.new_month, self.back_in_time, self.in_the_past, self.coded_letter, self.look,
            self.begin_claim,
        ]  # fmt: skip

    def act(self) -> str:
        """Something happens; its name."""
        act = self.chance.choice(self.acts())
        act()
        self.session.commit()
        return act.__name__

    # -- bills -------------------------------------------------------------------------------------------------

    def bill(self) -> None:
        account = self.chance.choice(self.accounts)
        issued = self.now.date() + timedelta(days=self.chance.choice([-800, -400, -40, -3, 0, 0, 0, 20, 70]))
        channel = self.chance.choice([None, "portal", "paper"])
        self.bills.append(
            self.world.bill(account, issued, channel=channel, state=self.chance.choice(["chosen", "failed"]))
        )

    def bill_of_a_feed_being_read(self) -> None:
        account = self.chance.choice(self.accounts)
        [feed] = [feed for feed in self.feeds if feed.issuer_id == account.issuer_id]
        self.bills.append(self.world.bill(account, self.now.date(), channel=None, feed=feed))

    def release(self) -> None:
        n = self.chance.randrange(2)
        change_state(self.session, Feed, self.feeds[n].id, "reading", "released", self.now, released_at=self.now)
        if self.chance.random() < 0.5:
            change_state(self.session, Feed, self.feeds[n].id, "released", "settled", self.now)
        self.feeds[n] = self.world.feed(self.issuers[n], self.now, state="reading")

    def choose(self) -> None:
        if bill := self._a_bill():
            values = {"channel": self.chance.choice(["portal", "paper"])}
            self.session.execute(update(BillRow).where(BillRow.id == bill.id).values(values))

    def view(self) -> None:
        if bill := self._a_bill():
            bill_viewed(self.session, bill, self.chance.choice(self.people).id, self.now)

    def end(self) -> None:
        if bill := self._a_bill():
            state = self.chance.choice(["recalled", "superseded", "erased"])
            change_state(self.session, BillRow, bill.id, ["released", "rendered", "chosen", "failed"], state, self.now)

    def redate(self) -> None:
        if bill := self._a_bill():
            bill.issue_date += timedelta(days=self.chance.choice([-31, 31]))

    # -- deliveries --------------------------------------------------------------------------------------------

    def present(self) -> None:
        self._delivery("portal", "present", self.chance.choice(["waiting", "sent"]))

    def notify(self) -> None:
        self._delivery("email", "notify", self.chance.choice(["waiting", "sent"]))

    def letter(self) -> None:
        self._delivery("paper", self.chance.choice(["print", "print-2"]), self.chance.choice(["waiting", "sent"]))

    def post(self) -> None:
        """Whatever waits, letters of a batch among it, is sent in one statement."""
        self.session.execute(update(Delivery).where(Delivery.state == "waiting").values(state="sent", sent_at=self.now))
        posted = select(Delivery.bill_id).where(Delivery.purpose == "print", Delivery.state == "sent")
        self.session.execute(update(BillRow).where(BillRow.id.in_(posted)).values(channel="paper"))

    def cancel(self) -> None:
        if delivery := self._any(Delivery):
            delivery.state = "cancelled"

    def bounce(self) -> None:
        if delivery := self._any(Delivery, Delivery.channel == "email"):
            mail_bounced(self.session, delivery.id, "550 5.1.1", self.now)

    def forget(self) -> None:
        """Rows go: a receipt, a delivery without any, a consent."""
        if receipt := self._any(Receipt):
            self.session.execute(delete(Receipt).where(Receipt.id == receipt.id))
        if consent := self._any(Consent):
            self.session.execute(delete(Consent).where(Consent.id == consent.id))

    # -- accounts ----------------------------------------------------------------------------------------------

    def enrol(self) -> None:
        enrol(self.session, self.chance.choice(self.people).id, self.chance.choice(self.accounts).id, self.now)

    def leave(self) -> None:
        leave_account(self.session, self.chance.choice(self.accounts), self.chance.choice(self.people), self.now)

    def suspend(self) -> None:
        earlier, later = self.chance.sample(self.people, 2)
        suspend_holder(self.session, self.chance.choice(self.accounts), earlier, later.id, self.now)

    def lift(self) -> None:
        earlier, later = self.chance.sample(self.people, 2)
        lift_suspension(self.session, self.chance.choice(self.accounts), earlier, later.id, self.now)

    def consent(self) -> None:
        self._consent(go_paperless)

    def withdraw(self) -> None:
        self._consent(back_to_paper)

    def join(self) -> None:
        """All of one account is another's, as when a question about a number is answered."""
        held, other = self.chance.sample(self.accounts, 2)
        if held.issuer_id == other.issuer_id:
            self.session.execute(update(BillRow).where(BillRow.account_id == other.id).values(account_id=held.id))
            self.session.execute(update(Consent).where(Consent.account_id == other.id).values(account_id=held.id))
            self.session.execute(
                update(Enrolment).where(Enrolment.account_id == other.id, Enrolment.ended_at.is_(None))
                .values(ended_at=self.now)
            )  # fmt: skip

    def in_the_past(self) -> None:
        """Somebody mends when an account was claimed."""
        if enrolment := self._any(Enrolment):
            enrolment.enrolled_at -= timedelta(days=40)

    def coded_letter(self) -> None:
        """A letter with a claim code leaves."""
        if letter := self._any(Delivery, Delivery.channel == "paper", Delivery.claim_digest.is_(None)):
            letter.claim_digest, letter.state, letter.sent_at = f"{letter.id:064}", "sent", self.now

    def look(self) -> None:
        """Somebody opens the link of a letter, or is asked by other means."""
        kind: AccountNoticeKind = self.chance.choice(["opened_by_link", "invited"])
        append_notice(self.session, NewNotice(account_id=self.chance.choice(self.accounts).id, kind=kind, at=self.now))

    def begin_claim(self) -> None:
        """Somebody types a wrong code, or signs up with a right one."""
        account, key = self.chance.choice(self.accounts), self.chance.choice(["delivery 1", "consumer 1 2026-01-01"])
        append_notice(self.session, NewNotice(account_id=account.id, kind="claim_started", at=self.now, key=key))

    # -- time --------------------------------------------------------------------------------------------------

    def wait(self) -> None:
        self.now += timedelta(days=self.chance.choice([1, 5, 12]), minutes=self.chance.randrange(900))

    def new_month(self) -> None:
        """Half an hour before or after the month ends in Paris, which is not when it ends in London."""
        first = (self.now.astimezone(PARIS).date().replace(day=1) + timedelta(days=32)).replace(day=1)
        midnight = datetime(first.year, first.month, 1, tzinfo=PARIS)
        self.now = midnight.astimezone(UTC) + timedelta(minutes=self.chance.choice([-30, 0, 30]))

    def back_in_time(self) -> None:
        """`facteur work --as-of`, a month ago."""
        if self.chance.random() < 0.3:
            self.now -= timedelta(days=30)

    # -- by chance ---------------------------------------------------------------------------------------------

    def _delivery(self, channel: str, purpose: str, state: str) -> None:
        bill, person = self._a_bill(), self.chance.choice(self.people)
        if bill is None:
            return
        taken = select(func.count()).where(
            Delivery.bill_id == bill.id, Delivery.channel == channel, Delivery.purpose == purpose,
            Delivery.person_id == (THE_ADDRESSEE if channel == "paper" else person.id),
        )  # fmt: skip
        if not self.session.scalar(taken):
            sent_at = self.now if state == "sent" else None
            person_or_nobody = None if channel == "paper" else person
            self.world.delivery(bill, channel, purpose, sent_at, state=state, person=person_or_nobody)

    def _consent(self, verb: Callable[[Session, CustomerAccount, Consumer, datetime], bool]) -> None:
        account = self.chance.choice(self.accounts)
        for holder in holders_of(self.session, [account.id]).get(account.id, [])[:1]:
            verb(self.session, account, holder, self.now)

    def _a_bill(self) -> BillRow | None:
        bill = self.chance.choice(self.bills) if self.bills else None
        if bill is not None:
            self.session.refresh(bill)
        return bill

    def _any(self, row: Any, *conditions: Any) -> Any:
        rows = self.session.scalars(select(row).where(*conditions).order_by(*row.__table__.primary_key)).all()
        return self.chance.choice(rows) if rows else None
