"""The figures by day as somebody would count them by hand: from the rows, one after the other, and the written
definitions. It shares no code with what keeps them, but for the relationship of an account on a day."""

from collections import Counter
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from delivery.relationship.account_history import AccountHistory, GivenConsent, KnownNotice
from delivery.relationship.relationship_state import PAPERLESS_STATES, relationship_of
from store.accounts.account_notice import AccountNotice
from store.accounts.consent import Consent
from store.accounts.consumer import Enrolment
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.bills.channel_choice import ChannelChoice
from store.campaigns.campaign import Campaign
from store.campaigns.campaign_invitation import CampaignInvitation
from store.campaigns.household_arm import AccountArm
from store.customers.customer_reference import CustomerReference
from store.delivery import Delivery, Receipt
from store.feeds.feed import Feed
from store.payments.payment import PaymentRow
from store.payments.payment_allocation import PaymentAllocation

#: Issuer, day, state, arm, measure.
Cell = tuple[int, date, str, str, str]
_WEEK: Final = timedelta(days=7)
_MONTH: Final = timedelta(days=30)


class SlowCount:
    """All rows of a small store, counted."""

    def __init__(self, session: Session, zone: tzinfo) -> None:
        self.session, self.zone = session, zone
        self.accounts = list(session.scalars(select(CustomerAccount)))
        states = ("released", "rendered", "chosen", "failed", "erased")
        released = select(Feed.id).where(Feed.state.in_(("released", "settled")))
        self.bills = list(
            session.scalars(select(BillRow).where(BillRow.state.in_(states), BillRow.feed_id.in_(released)))
        )
        self.issuer_of = {account.id: account.issuer_id for account in self.accounts}

    def _all(self, row: Any, **where: Any) -> list[Any]:
        query = select(row).filter_by(**where).order_by(*row.__table__.primary_key)
        return list(self.session.scalars(query))

    def day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    # -- bills ---------------------------------------------------------------------------------------------------

    def bill_counts(self) -> Counter[Cell]:
        """What each bill adds to its day."""
        found: Counter[Cell] = Counter()
        for bill in self.bills:
            choices = self._all(ChannelChoice, bill_id=bill.id)
            state = choices[0].relationship if choices else ""
            for measure, value in self._counts_of(bill).items():
                found[bill.issuer_id, bill.issue_date, state, self._arm(bill.account_id), measure] += value
        return +found

    def _counts_of(self, bill: BillRow) -> Counter[str]:
        made = self._all(Delivery, bill_id=bill.id)
        sent = [each for each in made if each.sent_at is not None]
        letters = [each for each in sent if each.channel == "paper"]
        presented = [each.sent_at for each in sent if each.purpose == "present"]
        is_notified = any(each.purpose == "notify" for each in sent)
        heard = {(each.channel == "paper", receipt.kind) for each in made
                 for receipt in self._all(Receipt, delivery_id=each.id)}  # fmt: skip
        counts = Counter({"bills": 1, "presented": bool(presented), "notified": is_notified, "letters": bool(letters)})
        if presented and bill.viewed_at is not None:
            counts["read7"] = bill.viewed_at - min(presented) <= _WEEK
            counts["read30"] = bill.viewed_at - min(presented) <= _MONTH
        counts["fallbacks"] = bool(letters) and is_notified
        counts["double"] = bool(letters) and bool(presented) and not is_notified
        owed = [each for each in made if each.channel == "paper" and each.state != "cancelled"]
        counts["letters_saved"] = bill.channel is not None and not letters and not owed
        counts["bounced"] = (False, "bounced") in heard
        counts["returned"] = (True, "returned") in heard
        choices = self._all(ChannelChoice, bill_id=bill.id)
        counts["spared"] = (choices[-1].channel if choices else bill.channel) == "portal"
        counts["posted"] = min(len(letters), 15)
        counts["fallback_letters"] = counts["posted"] * counts["spared"]
        counts["reminders"] = min(sum(each.purpose.startswith("remind-") for each in sent), 15)
        counts["emails"] = min(sum(each.channel == "email" for each in sent), 15)
        counts["sms"] = min(sum(each.channel == "sms" for each in sent), 15)
        counts.update(f"letters:{each.reason_code}" for each in letters if each.purpose == "print")
        counts.update(self._payment(bill))
        return Counter({name: int(value) for name, value in counts.items()})

    def _payment(self, bill: BillRow) -> Counter[str]:
        due = bill.last_due_date or bill.due_date
        if due is None or bill.to_pay <= 0 or bill.is_collected:
            return Counter()
        parts = [each for each in self._all(PaymentAllocation, bill_id=bill.id) if each.until is None]
        booked = [self.session.get_one(PaymentRow, each.payment_id).booked_on for each in parts]
        paid = sum(each.amount for each, day in zip(parts, booked, strict=True) if day <= due)
        return Counter({"payable": 1, "paid_on_time": int(paid >= bill.to_pay)})

    # -- accounts ------------------------------------------------------------------------------------------------

    def levels(self, day: date) -> Counter[tuple[int, str, str, str]]:
        """How many contracts stand how when this day ends, by issuer, state, arm and measure."""
        found: Counter[tuple[int, str, str, str]] = Counter()
        for account in self.accounts:
            if not self._is_active(account, day):
                continue
            state = self.state(account, day)
            held, acts = self._held(account, day), self._acts(account, day)
            is_paperless = bool(acts) and acts[-1].act == "paperless"
            is_eligible = state not in {"EXEMPT", "DECEASED_HOLD", "CLOSED"}
            stands = {
                "accounts": True, "enrolled": bool(held), "paperless": is_paperless, "eligible": is_eligible,
                "invited": any(each <= day for each in self._invited(account)), "both": bool(held) and not is_paperless,
                "wide": any(self._follows_many(each.consumer_id, day) for each in held),
                "eligible_enrolled": is_eligible and bool(held), "eligible_paperless": is_eligible and is_paperless,
            }  # fmt: skip
            cell = (account.issuer_id, state, self._arm(account.id))
            found.update((*cell, measure) for measure, is_so in stands.items() if is_so)
        return found

    def acts(self) -> Counter[Cell]:
        """Claims and consents, on their days."""
        found: Counter[Cell] = Counter()
        for account in self.accounts:
            if not any(bill.account_id == account.id for bill in self.bills):
                continue
            cell = (account.issuer_id, self._arm(account.id))
            for day, measure in (*self._claim(account), *self._consents(account)):
                found[cell[0], day, self.state(account, day), cell[1], measure] += 1
            for day, measure in self._failures(account):
                found[cell[0], day, self.state(account, day), cell[1], measure] += 1
            for day, cost in self._campaigns(account):
                found[cell[0], day, self.state(account, day), cell[1], "invitations"] += 1
                found[cell[0], day, self.state(account, day), cell[1], "invitation_cost"] += cost
        return found

    def _arm(self, account_id: int) -> str:
        row = self.session.get(AccountArm, account_id)
        return "" if row is None else row.arm

    def _campaigns(self, account: CustomerAccount) -> list[tuple[date, int]]:
        """The day and the cost, in ten-thousandths, of each invitation that was sent."""
        sent = [each for each in self._all(CampaignInvitation, account_id=account.id) if each.sent_at is not None]
        costs = [self.session.get_one(Campaign, each.campaign_id).unit_cost for each in sent]
        return [(self.day(each.sent_at), int(cost * 10_000)) for each, cost in zip(sent, costs, strict=True)]

    def _claim(self, account: CustomerAccount) -> list[tuple[date, str]]:
        days = [
            self.day(each.enrolled_at) for each in self._all(Enrolment, account_id=account.id)
            if each.ended_at is None or self.day(each.enrolled_at) < self.day(each.ended_at)
        ]  # fmt: skip
        if not days:
            return []
        first, invited = min(days), min(self._invited(account), default=None)
        after = (
            [] if invited is None or invited > first else [(first, f"claim_days:{min((first - invited).days, 400)}")]
        )
        return [(first, "claims"), *after]

    def _failures(self, account: CustomerAccount) -> list[tuple[date, str]]:
        """Claims that were begun and failed, by the keys that `consumers.claim_start` gives them."""
        found = []
        for notice in self._all(AccountNotice, account_id=account.id, kind="claim_started"):
            day, word = self.day(notice.at), notice.key.split(" ")[0]
            held = [each for each in self._all(Enrolment, account_id=account.id)
                    if each.ended_at is None or self.day(each.enrolled_at) < self.day(each.ended_at)]  # fmt: skip
            if word == "delivery" and any(each.ended_at is None or self.day(each.ended_at) > day for each in held):
                continue
            reasons = {"delivery": "sign_up", "stale": "stale_code"}
            found.append((day, f"claim_failures:{reasons.get(word, 'wrong_code')}"))
        return found

    def _consents(self, account: CustomerAccount) -> list[tuple[date, str]]:
        found, before = [], "paper"
        acts = self._acts(account, date.max)
        for n, each in enumerate(acts):
            if each.act == "paperless" and before == "paper":
                day = self.day(each.at)
                found.append((day, "consents"))
                back = next((self.day(other.at) for other in acts[n:] if other.act == "paper"), date.max)
                found += [(day, f"back{days}") for days in (30, 90, 365) if (back - day).days <= days]
            before = each.act
        return found

    def state(self, account: CustomerAccount, day: date) -> str:
        """The relationship on this day, those without paper as one."""
        said = self.session.get(CustomerReference, account.id)
        notices = self._all(AccountNotice, account_id=account.id)
        exempt = [self.day(each.at) for each in notices if each.kind == "exempt"]
        passed_on = [self.day(each.at) for each in notices if each.kind == "passed_on"]
        is_dead = said is not None and said.died_on is not None and said.died_on <= day
        is_exempt = said is not None and day >= max(exempt, default=date.min)
        coded = [each for each in self._coded(account) if self.day(each) <= day]
        history = AccountHistory(
            consents=tuple(
                GivenConsent(at=each.at.astimezone(self.zone), n=each.id, act=each.act, basis=each.basis)
                for each in self._acts(account, day)
            ),
            notices=tuple(KnownNotice(at=each.at.astimezone(self.zone), n=each.id, kind=each.kind) for each in notices),
            holders_since=tuple(each.enrolled_at.astimezone(self.zone) for each in self._held(account, day)),
            invited_at=max(coded, default=None),
            died_on=said.died_on if said is not None and is_dead else None,
            closed_on=None if said is None else said.closed_on,
            paper_by_right=said.paper_by_right if said is not None and is_exempt else "",
            standing=account.standing if day >= max(passed_on, default=date.min) else "own",
            bereavement=account.bereavement_verdict,
        )
        state = relationship_of(history, day).state
        return "DIGITAL" if state in PAPERLESS_STATES else state

    def _is_active(self, account: CustomerAccount, day: date) -> bool:
        months = {12 * each.issue_date.year + each.issue_date.month for each in self.bills
                  if each.account_id == account.id}  # fmt: skip
        return any(0 <= 12 * day.year + day.month - month < 13 for month in months)

    def _held(self, account: CustomerAccount, day: date) -> list[Any]:
        return [
            each for each in self._all(Enrolment, account_id=account.id)
            if self.day(each.enrolled_at) <= day and (each.ended_at is None or self.day(each.ended_at) > day)
        ]  # fmt: skip

    def _follows_many(self, consumer_id: int, day: date) -> bool:
        held = [
            each.account_id for each in self._all(Enrolment, consumer_id=consumer_id)
            if self.day(each.enrolled_at) <= day and (each.ended_at is None or self.day(each.ended_at) > day)
        ]  # fmt: skip
        return len({self.issuer_of[each] for each in held}) >= 4

    def _acts(self, account: CustomerAccount, day: date) -> list[Any]:
        acts = self._all(Consent, account_id=account.id)
        return sorted((each for each in acts if self.day(each.at) <= day), key=lambda each: (each.at, each.id))

    def _coded(self, account: CustomerAccount) -> list[datetime]:
        """When the first letter with a claim code of each bill left."""
        found = []
        for bill in self.bills:
            if bill.account_id == account.id:
                letters = self._all(Delivery, bill_id=bill.id, channel="paper")
                sent = [each.sent_at.astimezone(self.zone) for each in letters if each.claim_digest and each.sent_at]
                found += [min(sent)] if sent else []
        return found

    def _invited(self, account: CustomerAccount) -> list[date]:
        notices = self._all(AccountNotice, account_id=account.id, kind="invited")
        return [self.day(each.at) for each in notices] + [self.day(each) for each in self._coded(account)]
