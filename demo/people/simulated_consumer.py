"""A simulated consumer: signs up in the portal, links contracts with the codes on letters, goes paperless, reads
bills."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from math import log
from typing import Final
from urllib.parse import urlsplit

from flask import Flask

from demo.demo_credentials import PASSWORD
from demo.issuer import BANK, ELECTRICITY, TELECOM, WATER, DemoIssuer
from demo.people.browser_client import Browser, FormRefused, choice
from demo.people.contract import Contract
from demo.people.invitation_answer import invitation_answer
from demo.people.mailbox import Mailbox
from demo.people.person import Habit, Person
from demo.people.signed_in_browser import CONSUMERS, SignedInBrowser
from demo.people.simulated_campaigns import ReceivedInvitation
from demo.people.simulated_print_house import ReceivedLetter
from demo.seeded_random import random_by_name

#: Of the contracts of people who signed up: the share that is linked, and of these the share that goes paperless.
#: Telecoms are ahead and water is last, as it is in France (Ipsos 2016: 83, 44, 43 and 29 %).
LINKED: Final = {ELECTRICITY: 0.85, TELECOM: 0.95, WATER: 0.65, BANK: 0.92}
PAPERLESS: Final = {ELECTRICITY: 0.78, TELECOM: 0.92, WATER: 0.6, BANK: 0.85}
#: How long people keep letters. A claim code is valid for 180 days.
KEPT: Final = timedelta(days=150)
#: Days after a bill was issued -> percentage of people who look at it then.
LOOK_AFTER: Final = {1: 24, 2: 18, 3: 14, 4: 10, 5: 8, 6: 6, 8: 6, 10: 5, 13: 3}
_BILL: Final = re.compile(r'href="(/factures/[\w-]+)"')
#: The word in a couple's name, and the form with which one lets the other join the account.
COUPLE: Final = " et "
ASKED: Final = re.compile(r'action="(/contrats/\w+/personnes/\w+/accueillir)"')
#: Where the portal asks who is here before somebody else may read.
PROOF: Final = "/confirmer-identite"
MOST_BILLS: Final = 3
#: The share of people, by eagerness, who report payments in the portal, and after how long.
TELLS: Final = 0.3
PAID_AFTER: Final = timedelta(days=16)


class Stage(Enum):
    """How far a person has come with the portal."""

    STRANGER = "has letters only"
    SIGNED_UP = "waits for the mail that confirms"
    MEMBER = "has a space of their own"


@dataclass
class ContractProgress:
    """A contract, and how far this person has come with it."""

    contract: Contract
    link_after: timedelta | None  # after signing up; None never
    wants_paperless: bool
    account: str | None = None  # its id in links, once linked
    is_paperless: bool = False
    letter: ReceivedLetter | None = None  # the last that came, with its code


class SimulatedConsumer:
    """A person with letter box and browser. *lost_mail* returns the confirmation link when its mail cannot be read, ""
    when it will arrive."""

    def __init__(
        self, person: Person, contracts: Iterable[Contract], app: Flask, place: int, first: date, last: date,
        mailbox: Mailbox, lost_mail: Callable[[Person], str],
    ) -> None:  # fmt: skip
        rng = random_by_name(person.key, "habits")
        self.person = person
        self.stage = Stage.STRANGER
        self._stranger = Browser(app, place)
        self._browser = SignedInBrowser(app, place, CONSUMERS, person.email, self._stranger)  # once there is a space
        self._mailbox = mailbox
        self._lost_mail = lost_mail
        self._joins = first + (last - first) * joining(person.eagerness)
        self._joined = last
        self._returns = timedelta(days=rng.randint(50, 110))
        self._visits: set[date] = set()
        self._seen: set[str] = set()
        self._unpaid: dict[str, date] = {}  # path of a bill -> the day on which it was viewed
        self.holdings = [holding_of(person, each) for each in contracts]

    def billed(self, issuer: DemoIssuer, day: date) -> None:
        """Decide whether and when to look at a new bill. One visit covers all earlier bills."""
        mine = [each for each in self.holdings if each.contract.issuer is issuer and each.account is not None]
        rng = random_by_name(self.person.key, issuer.slug, day)
        if not mine or not self._reads(day) or rng.randrange(100) >= sum(LOOK_AFTER.values()):
            return
        after = rng.choices(list(LOOK_AFTER), list(LOOK_AFTER.values()))[0]
        if not any(each >= day + timedelta(days=1) for each in self._visits):
            self._visits.add(day + timedelta(days=after))

    def invited(self, mail: ReceivedInvitation, today: date) -> None:
        """Read an invitation, if it is about a contract of one's own. Who follows it joins at once, links this contract
        by its letter, and does without paper."""
        for each in self.holdings:
            if each.contract.number != mail.number or each.contract.person is not self.person:
                continue
            answer = invitation_answer(self.person, mail.number)
            if answer.opens:
                self._stranger.look(mail.page)
            if not answer.follows:
                continue
            self._joins = min(self._joins, today)
            each.link_after, each.wants_paperless = timedelta(0), True
            if each.account and not each.is_paperless:
                self._browser.fill("/contrats", f"/contrats/{each.account}/sans-papier")
                each.is_paperless = True

    def act(self, today: date) -> None:
        """Do what this person does on a morning."""
        if self.person.habit is Habit.PAPER:
            return
        if self.stage is Stage.SIGNED_UP:
            self._confirm(today)
        elif self.stage is Stage.STRANGER and today >= self._joins and any(self._in_hand(today)):
            self._sign_up()
        if self.stage is Stage.MEMBER:
            self._link(today)
            self._return_to_paper(today)
            self._visit(today)

    def _in_hand(self, today: date) -> Iterator[tuple[ContractProgress, ReceivedLetter, timedelta]]:
        """Yield contract, letter and delay of each contract that can be linked now."""
        for each in self.holdings:
            letter = each.letter
            if letter and each.link_after is not None and letter.arrives <= today < letter.arrives + KEPT:
                yield each, letter, each.link_after

    def _sign_up(self) -> None:
        person = self.person
        self._stranger.fill("/inscription", "/inscription", name=person.name, email=person.email, password=PASSWORD)
        self.stage = Stage.SIGNED_UP

    def _confirm(self, today: date) -> None:
        link = next(iter(self._mailbox.links("/inscription/confirmer/")), "") or self._lost_mail(self.person)
        if link:
            self._stranger.fill(link, link)
            self.stage, self._joined = Stage.MEMBER, today

    def _link(self, today: date) -> None:
        """Link the contracts whose time has come, with number and code from their letters."""
        due = [
            (each, letter)
            for each, letter, link_after in self._in_hand(today)
            if each.account is None and today >= self._joined + link_after
        ]
        form = self._browser.look("/contrats/ajouter").text if due else ""
        for each, letter in due:
            issuer, number = choice(form, each.contract.issuer.name), each.contract.number
            try:
                page = self._browser.press("/contrats/ajouter", issuer=issuer, number=number, code=letter.code)
            except FormRefused:  # the account has a holder, who must accept the new one
                each.account = ""
                self._browser.press("/contrats/ajouter", issuer=issuer, number=number, code=letter.code, ask="1")
            else:
                self._linked(each, page.leads_to)

    def _linked(self, holding: ContractProgress, leads_to: str) -> None:
        """Go paperless if the portal offers it and the person wants it. It offers nothing when another holder has
        accepted before."""
        offer = re.fullmatch(r"/contrats/(\w+)/sans-papier", leads_to)
        holding.account = offer[1] if offer else ""
        if offer and holding.wants_paperless:
            self._browser.press(leads_to)
            holding.is_paperless = True

    def _return_to_paper(self, today: date) -> None:
        if self.person.habit is Habit.RETURNS and today >= self._joined + self._returns:
            for each in self.holdings:
                if each.is_paperless:
                    self._browser.fill("/contrats", f"/contrats/{each.account}/papier")
                    each.is_paperless = each.wants_paperless = False

    def _reads(self, day: date) -> bool:
        match self.person.habit:
            case Habit.DIGITAL | Habit.RETURNS:
                return True
            case Habit.LINKED:
                return random_by_name(self.person.key, "looks", day).random() < 0.25
        return False

    def _visit(self, today: date) -> None:
        """Open new bills and report payments."""
        due = {day for day in self._visits if day <= today}
        if not due:
            return
        self._visits -= due
        self._browser.look("/")  # signs in again after a month away
        if any(COUPLE in each.contract.holder for each in self.holdings):
            for path in ASKED.findall(self._browser.look("/").text):
                self._welcome(path)
        new = [path for path in self._announced() if path not in self._seen]
        for path in new[:MOST_BILLS]:
            bill, page = self._opened(path)
            if bill not in self._seen and f"{bill}/payee" in page and self.person.eagerness < TELLS:
                self._unpaid[bill] = today
            self._seen.add(bill)
        for path in [path for path, seen in self._unpaid.items() if seen + PAID_AFTER <= today]:
            self._browser.press(f"{path}/payee", paid="1")
            del self._unpaid[path]
        self._seen.update(new)

    def _welcome(self, path: str) -> None:
        """Let the partner, who asks, follow the contract; after proving who is here."""
        if urlsplit(self._browser.press(path).leads_to).path == PROOF:
            self._browser.fill(PROOF, f"{PROOF}/mot-de-passe", password=PASSWORD)
            self._browser.press(path)

    def _opened(self, path: str) -> tuple[str, str]:
        """Open a link to a bill, which leads whoever has signed in to the bill in their space. Returns its path and
        its page."""
        page = self._browser.look(path)
        bill = urlsplit(page.leads_to).path or path
        return bill, page.text if bill == path else self._browser.look(bill).text

    def _announced(self) -> Iterable[str]:
        """Return the links to bills in mails; without mail, those on the bill list."""
        return self._mailbox.links("/f/") or dict.fromkeys(_BILL.findall(self._browser.look("/").text))


def joining(eagerness: float) -> float:
    """Return when a person signs up, as a share of the whole time: an S curve over *eagerness*."""
    shifted = min(max(eagerness, 0.01), 0.99)
    return min(max(0.5 + 0.13 * log(shifted / (1 - shifted)), 0.03), 0.97)


def holding_of(person: Person, contract: Contract) -> ContractProgress:
    """Decide what a person will do about a contract once signed up. The cast does everything at once."""
    if person.issuers is not None:
        return ContractProgress(contract, timedelta(0), wants_paperless=True)
    rng, issuer = random_by_name(person.key, contract.number, "holding"), contract.issuer
    after = timedelta(days=rng.choice((0, 0, 0, 3, 10, 25, 40))) if rng.random() < LINKED[issuer] else None
    return ContractProgress(contract, after, person.habit is not Habit.LINKED and rng.random() < PAPERLESS[issuer])
