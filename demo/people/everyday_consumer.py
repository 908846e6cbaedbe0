"""A person of the demo's world on any later day. What they did before, they ask of the store, so that a day can be
lived by whichever process, and again after it was broken off."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from bill import number_key
from config import Config
from consumers.claim_code import letter_code
from consumers.confirm_phone import phone_code
from delivery.notices.notice_preference import preference_for
from demo.billing.billing_calendar import Billing
from demo.demo_credentials import PASSWORD
from demo.people.browser_client import Browser, FormRefused, choice
from demo.people.contract import Contract
from demo.people.invitation_answer import invitation_answer
from demo.people.person import Habit, Person
from demo.people.signed_in_browser import CONSUMERS, SignedInBrowser
from demo.people.simulated_consumer import (
    ASKED,
    KEPT,
    LOOK_AFTER,
    MOST_BILLS,
    PAID_AFTER,
    TELLS,
    ContractProgress,
    holding_of,
    joining,
)
from demo.people.simulated_print_house import POST
from demo.seeded_random import random_by_name
from store import Store
from store.accounts.consumer import Consumer, Enrolment, consumer_by_email
from store.accounts.customer_account import CustomerAccount
from store.accounts.one_time_email_link import campaign_link, confirmation_link
from store.accounts.phone import phones_of
from store.bills.bill import BillRow
from store.bills.bills_of_consumer import bills_of_consumer
from store.campaigns.campaign_invitation import invitations_to
from store.delivery import Delivery
from store.issuer import Issuer

#: How long after the thirteen months the last of those who had paper for ever signs up, by eagerness.
_CONVERTED_IN: Final = timedelta(days=1500)
#: The share of people with paper for ever who keep it.
_NEVER: Final = 0.9
_SUITS: Final = re.compile(r'href="(/contrats/\w+/convient)"')
_OFFER: Final = re.compile(r"/contrats/(\w+)/sans-papier")
#: Of the cast: who has one mail a week, and who gets SMS, where. 06 39 98 is reserved for fiction (ARCEP).
_BY_DIGEST: Final = frozenset({"bob"})
_BY_SMS: Final = {"camille": "06 39 98 14 07"}
#: So long after an invitation somebody who has linked its contract may still do what it says.
_READ_WITHIN: Final = timedelta(days=8)
#: Bills that a person sees at once.
_SHOWN: Final = 12


class EverydayConsumer:
    """A person with letter box and browser, in a world whose thirteen months were from *first* to *until*."""

    def __init__(
        self, person: Person, contracts: Sequence[Contract], app: Flask, place: int, store: Store, config: Config,
        first: date, until: date,
    ) -> None:  # fmt: skip
        self.person = person
        self._app, self._place, self._store, self._config = app, place, store, config
        self._zone = ZoneInfo(config.time_zone)
        self._browser = SignedInBrowser(app, place, CONSUMERS, person.email)
        self._holdings = [holding_of(person, each) for each in contracts if each.person is person]
        self._issuers = {each.issuer for each in contracts}
        self._joins = _joins(person, first, until)
        self._returns = timedelta(days=random_by_name(person.key, "habits").randint(50, 110))
        self._paper_day = random_by_name(person.key, "papers").randrange(7)

    # -- letters -----------------------------------------------------------------------------------------------

    def does_papers(self, today: date) -> bool:
        """Whether this person looks at letters on this day: twice a week, on two days running."""
        return (today.toordinal() - self._paper_day) % 7 < 2

    def do_papers(self, today: date) -> None:
        """Answer invitations, sign up, confirm, link what is linked next, or go back to paper."""
        self._read_invitations(today)
        with self._store.reading() as session:
            me = consumer_by_email(session, self.person.email)
            letters = list(self._letters(session, me, today)) if me or self._joins <= today else []
        if me is None:
            if letters:
                self._sign_up()
        elif me.confirmed_at is None:
            path = f"/inscription/confirmer/{confirmation_link(self._store.keys, me, me.session_epoch)}"
            Browser(self._app, self._place).fill(path, path)
        else:
            joined = me.confirmed_at.astimezone(self._zone).date()
            self._link(letters, joined, today)
            self._return_to_paper(joined, today)
            self._choose_notices(me)

    def _read_invitations(self, today: date) -> None:
        """Open the page of a campaign's message about a contract of one's own. Who follows it joins at once, links this
        contract by its letter, and does without paper."""
        with self._store.reading() as session:
            known = ((_account_of(session, each.contract), each) for each in self._holdings)
            mine = {account.id: (account, holding) for account, holding in known if account}
            found = [each for each in invitations_to(session, mine) if each.delivery_id is None and each.sent_at]
        for invitation in found:
            account, holding = mine[invitation.account_id]
            answer = invitation_answer(self.person, holding.contract.number)
            if answer.opens and invitation.opened_at is None:
                link = campaign_link(self._store.keys, invitation.id)
                Browser(self._app, self._place).look(f"/invitation/{link}")
            if answer.follows and invitation.sent_at:
                day = invitation.sent_at.astimezone(self._zone).date()
                self._joins = min(self._joins, day)
                holding.link_after, holding.wants_paperless = timedelta(0), True
                if today < day + _READ_WITHIN:
                    self._leave_paper(account)

    def _leave_paper(self, account: CustomerAccount) -> None:
        """Do without paper for a contract that is linked already."""
        with self._store.reading() as session:
            me = consumer_by_email(session, self.person.email)
            is_mine = me is not None and session.get(Enrolment, (me.id, account.id)) is not None
        if is_mine and not account.paperless:
            page = f"/contrats/{self._store.public_ids.of('account', account.id)}/sans-papier"
            self._browser.fill("/contrats", page)

    def _letters(self, session: Session, me: Consumer | None, today: date) -> Iterator[tuple[ContractProgress, str]]:
        """Yield each contract that this person has not linked but would, with the code of a letter at hand."""
        for holding in self._holdings:
            if holding.link_after is None:
                continue
            account = _account_of(session, holding.contract)
            if account is None or (me and session.get(Enrolment, (me.id, account.id))):
                continue
            if letter := _latest_letter(session, account.id):
                assert letter.sent_at is not None
                came = letter.sent_at.astimezone(self._zone).date() + POST
                if came <= today < came + KEPT:
                    yield holding, letter_code(self._store.keys, letter)

    def _sign_up(self) -> None:
        person = self.person
        Browser(self._app, self._place).fill(
            "/inscription", "/inscription", name=person.name, email=person.email, password=PASSWORD
        )

    def _link(self, letters: Sequence[tuple[ContractProgress, str]], joined: date, today: date) -> None:
        for holding, code in letters:
            assert holding.link_after is not None
            if joined + holding.link_after > today:
                continue
            form = self._browser.look("/contrats/ajouter").text
            issuer = choice(form, holding.contract.issuer.name)
            try:
                page = self._browser.press(
                    "/contrats/ajouter", issuer=issuer, number=holding.contract.number, code=code
                )
            except FormRefused:  # somebody else holds it
                continue
            if holding.wants_paperless and _OFFER.fullmatch(page.leads_to):
                self._browser.press(page.leads_to)

    def _return_to_paper(self, joined: date, today: date) -> None:
        if self.person.habit is not Habit.RETURNS or today < joined + self._returns:
            return
        with self._store.reading() as session:
            accounts = [_account_of(session, each.contract) for each in self._holdings]
            paperless = [self._store.public_ids.of("account", each.id) for each in accounts if each and each.paperless]
        for account in paperless:
            self._browser.fill("/contrats", f"/contrats/{account}/papier")

    # -- visits ------------------------------------------------------------------------------------------------

    def visits(self, today: date, billings: Sequence[Billing]) -> bool:
        """Whether this person looks at a bill of these billings on this day."""
        return any(
            billing.issuer in self._issuers and self._looks_after(billing) == today - billing.day
            for billing in billings
            if timedelta(0) < today - billing.day <= timedelta(days=max(LOOK_AFTER))
        )

    def _looks_after(self, billing: Billing) -> timedelta | None:
        rng = random_by_name(self.person.key, billing.issuer.slug, billing.day)
        if not self.reads(billing.day) or rng.randrange(100) >= sum(LOOK_AFTER.values()):
            return None
        return timedelta(days=rng.choices(list(LOOK_AFTER), list(LOOK_AFTER.values()))[0])

    def reads(self, day: date) -> bool:
        """Whether this person, once signed up, would read a bill of this day."""
        match self.person.habit:
            case Habit.DIGITAL | Habit.RETURNS | Habit.PAPER:
                return True
            case Habit.LINKED:
                return random_by_name(self.person.key, "looks", day).random() < 0.25
        return False

    def visit(self, today: date) -> None:
        """Open the space: welcome the other holder, answer whether it still suits, read what is new, and say what is
        paid. Who has no space yet does nothing."""
        with self._store.reading() as session:
            me = consumer_by_email(session, self.person.email)
            if me is None or me.confirmed_at is None:
                return
            bills = [bill for bill, _ in bills_of_consumer(session, me.id, limit=_SHOWN)]
        home = self._browser.look("/").text
        for path in ASKED.findall(home):
            self._browser.press(path)
        for path in dict.fromkeys(_SUITS.findall(home)):
            self._browser.fill(path, path)
        for bill in [each for each in bills if each.viewed_at is None][:MOST_BILLS]:
            self._browser.look(f"/factures/{bill.uid}")
        if self.person.eagerness < TELLS:
            for bill in bills:
                self._say_paid(bill, today)

    def _say_paid(self, bill: BillRow, today: date) -> None:
        page = f"/factures/{bill.uid}"
        is_old = bill.issue_date + PAID_AFTER <= today
        if (
            bill.to_pay > 0
            and bill.said_paid_at is None
            and is_old
            and f"{page}/payee" in self._browser.look(page).text
        ):
            self._browser.press(f"{page}/payee", paid="1")

    # -- choices -----------------------------------------------------------------------------------------------

    def _choose_notices(self, me: Consumer) -> None:
        """Choose how to hear of bills, once: some of the cast do not want a mail for each."""
        with self._store.reading() as session:
            has_chosen = preference_for(session, me.id, None) is not None
        if has_chosen:
            return
        if self.person.key in _BY_DIGEST:
            self._browser.fill("/courriels", "/courriels", channel=["email"], digest="weekly", day="5")
        elif (number := _BY_SMS.get(self.person.key)) and self._confirmed_phone(me, number):
            self._browser.fill("/courriels", "/courriels", channel=["sms"], digest="each")

    def _confirmed_phone(self, me: Consumer, number: str) -> bool:
        """Give this number and confirm it with the code of the SMS. Returns False where no SMS are sent."""
        if not self._config.offers_sms:
            return False
        self._browser.fill("/profil/telephone", "/profil/telephone", number=number)
        with self._store.reading() as session:
            code = phone_code(self._store.keys, phones_of(session, [me.id])[me.id])
        self._browser.fill("/profil/telephone", "/profil/telephone/code", code=code)
        return True


def _joins(person: Person, first: date, until: date) -> date:
    """The day from which on this person would sign up."""
    if person.habit is not Habit.PAPER:
        return first + (until - first) * joining(person.eagerness)
    return until + _CONVERTED_IN * person.eagerness if person.eagerness < _NEVER else date.max


def _account_of(session: Session, contract: Contract) -> CustomerAccount | None:
    query = select(CustomerAccount).join(Issuer, Issuer.id == CustomerAccount.issuer_id)
    return session.scalar(
        query.where(
            Issuer.slug == contract.issuer.slug, CustomerAccount.number_key == number_key(contract.number),
            CustomerAccount.standing == "own",
        )
    )  # fmt: skip


def _latest_letter(session: Session, account_id: int) -> Delivery | None:
    """The last letter with a code that was handed over of this account's bills."""
    query = select(Delivery).join(BillRow, BillRow.id == Delivery.bill_id)
    return session.scalar(
        query.where(
            BillRow.account_id == account_id, Delivery.channel == "paper", Delivery.state.in_(("sent", "delivered")),
            Delivery.claim_digest.is_not(None), Delivery.sent_at.is_not(None),
        ).order_by(Delivery.sent_at.desc(), Delivery.id.desc()).limit(1)
    )  # fmt: skip
