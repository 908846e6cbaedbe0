"""No silent bill, whatever happens: over random histories of bills, claims, consents, views, bounces, phones, one-bill
links, withdrawals, deaths, moves, returned letters and payments, each bill past its deadline was seen, was posted and
did not come back, or is held for a person. What was posted is read in the print house's folder, links are taken out of
the mails and SMS, and what was seen is what the machine itself opened. `make battery` goes on for longer
(FACTEUR_HISTORIES=200)."""

import os
import re
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from config import load
from delivery.channels.paper.held_letters import held_letters
from store import open_store
from store.vault.key_ring import KeyRing
from tests.conftest import SECRET
from tests.sample_feeds import ubl
from tests.sample_payments import BankEntry, camt
from tests.stories.lumiere_and_its_people import Lumiere
from tests.undone_work import undone_work

HISTORIES: Final = int(os.environ.get("FACTEUR_HISTORIES", "3"))
STEPS: Final = 12 if HISTORIES <= 3 else 40
#: What the suite finds it tells as it is; the battery makes it short first.
PHASES: Final = [Phase.generate] if HISTORIES <= 3 else [Phase.generate, Phase.shrink]
#: Good Friday, Easter Monday and the holidays of May come after some weeks.
START: Final = datetime(2026, 3, 24, 8, tzinfo=UTC)
HOMES: Final = {
    "ALICE": ("Alice Martin", "12 rue des Lilas", "44000", "Nantes"),
    "BRUNO": ("Bruno Leroy", "17 quai de la Fosse", "69002", "Lyon"),
    "INES": ("Inès Schmitt", "3 rue du Dôme", "67000", "Strasbourg"),
}
#: A letter that need not wait leaves with the next cut-off: a weekend and a bridge of holidays later at most.
NEXT_CUT_OFF: Final = timedelta(days=5)
PEOPLE = st.sampled_from(sorted(HOMES))

pytestmark = pytest.mark.timeout(0 if HISTORIES > 3 else 300)


class Histories(RuleBasedStateMachine):
    """One history. What is known of it is kept here, beside the product."""

    new_home: Callable[[ExitStack], Lumiere]

    def __init__(self) -> None:
        super().__init__()
        self.closing = ExitStack()
        self.lumiere = type(self).new_home(self.closing)
        self.homes = dict(HOMES)
        self.ids: dict[str, int] = {}
        self.paperless: set[str] = set()
        self.dead: set[str] = set()
        self.exempt: set[str] = set()
        self.deadlines: dict[str, date] = {}
        self.seen: set[str] = set()
        self.paid: set[str] = set()
        self.emails: dict[str, str] = {}
        self.phones: dict[str, str] = {}
        self.returned: Counter[str] = Counter()

    def teardown(self) -> None:
        """Whatever the history has come to: a last bill for each of them, links that are followed, the time to see what
        becomes of it, and letters that come back."""
        for who in HOMES:
            self.bill(who, 40)
        self.lumiere.until(self.lumiere.now + timedelta(days=2))
        for n, who in enumerate(self.ids):
            self.follow_link(who, n % 2 == 0)
        self.lumiere.until(self.lumiere.now + timedelta(days=50))
        self.nothing_is_silent()
        for who in HOMES:
            self.post_brings_back(who)
        self.closing.close()

    @initialize(begins=st.tuples(*[st.sampled_from(["paper", "paperless", "bounces", "sms"])] * len(HOMES)))
    def everybody_has_a_letter(self, begins: tuple[str, ...]) -> None:
        """And some do without paper since then, by mail that comes or that does not, or by SMS."""
        for who in HOMES:
            self.bill(who, 30)
        self.days(2)
        for who, how in zip(HOMES, begins, strict=True):
            if how != "paper":
                self.claim(who, how == "bounces")
                self.consent(who)
            if how == "sms":
                self.hear_by_sms(who)

    @rule(who=PEOPLE, due_in=st.integers(3, 45))
    def bill(self, who: str, due_in: int) -> None:
        number, today = f"{who}-{len(self.deadlines)}", self.lumiere.now.date()
        due = today + timedelta(days=due_in)
        self.deadlines[number] = max(due, today + NEXT_CUT_OFF)
        self.lumiere.bills(number, [ubl(number, f"C-{who}", issued=f"{today}", due=f"{due}", person=self.homes[who])])

    @rule(who=PEOPLE, bounces=st.booleans())
    def claim(self, who: str, bounces: bool) -> None:
        posted = [number for number in self._posted(who) if not self.returned[number]]
        if who not in self.ids and posted and who not in self.dead:
            self.emails[who] = f"{'bounce-' if bounces else ''}{who.lower()}@example.org"
            self.ids[who] = self.lumiere.signs_up(self.emails[who], HOMES[who][0], f"C-{who}", posted[0])

    @rule(who=PEOPLE)
    def consent(self, who: str) -> None:
        if who in self.ids and who not in self.paperless | self.dead:
            self.lumiere.goes_paperless(self.ids[who], f"C-{who}")
            self.paperless.add(who)

    @rule(who=PEOPLE)
    def withdraw(self, who: str) -> None:
        if who in self.paperless - self.dead:
            self.lumiere.withdraws(self.ids[who], f"C-{who}")
            self.paperless.remove(who)

    @rule(who=PEOPLE)
    def view(self, who: str) -> None:
        """Open all bills that came until now."""
        if who in self.ids and who not in self.dead:
            for number in self.deadlines:
                if number.startswith(who) and number not in self.seen:
                    self.lumiere.views(self.ids[who], number)
                    self.seen.add(number)

    @rule(who=PEOPLE)
    def hear_by_sms(self, who: str) -> None:
        if who in self.ids and who not in self.dead | self.phones.keys():
            self.phones[who] = f"+3361234567{sorted(HOMES).index(who)}"
            self.lumiere.hears_by_sms(self.ids[who], self.phones[who])

    @rule(who=PEOPLE)
    def lose_phone(self, who: str) -> None:
        if self.phones.pop(who, None) is not None:
            self.lumiere.loses_phone(self.ids[who])

    @precondition(lambda self: bool(self.ids))
    @rule(presses=st.booleans())
    def follow_links(self, presses: bool) -> None:
        """Each opens the last link that came by mail or SMS; a scanner presses nothing."""
        for who in self.ids:
            self.follow_link(who, presses)

    def follow_link(self, who: str, presses: bool) -> None:
        mails = [link for each in self.lumiere.mails(self.emails[who]) for link in each.links]
        texts = self.lumiere.texts(self.phones[who]) if who in self.phones else []
        tokens = re.findall(r"/f/([\w-]+)", " ".join([*mails, *texts]))
        number = self.lumiere.follows_link(tokens[-1], presses=presses) if tokens else ""
        if number and presses:
            self.seen.add(number)

    @rule(who=PEOPLE)
    def post_brings_back(self, who: str) -> None:
        """The last letter to somebody, which says so once."""
        posted = self._posted(who)
        if posted and self.returned[posted[-1]] < posted.count(posted[-1]):
            self.returned[posted[-1]] += 1
            self.lumiere.print_house_brings_back(posted[-1])
            self.nothing_is_silent()

    @rule(who=PEOPLE)
    def pay(self, who: str) -> None:
        number = next(each for each in self.deadlines if each.startswith(who))
        self.paid.add(number)
        entry = BankEntry("84.00", ref=f"R{len(self.deadlines)}", on=self.lumiere.now.date(), end_to_end=number)
        self.lumiere.drop(camt([entry], name=f"M{self.lumiere.now:%m%d%H%M}"), "avis.xml")

    @rule(who=PEOPLE, street=st.sampled_from(["1 rue Neuve", "2 rue Haute"]))
    def move(self, who: str, street: str) -> None:
        self.days(1)
        self.homes[who] = (HOMES[who][0], street, "29200", "Brest")
        self._state(who)

    @precondition(lambda self: len(self.dead) < 1)
    @rule(who=PEOPLE)
    def die(self, who: str) -> None:
        self.days(1)
        self.dead.add(who)
        self._state(who)

    @rule(who=PEOPLE)
    def have_paper_by_right(self, who: str) -> None:
        self.days(1)
        self.exempt.add(who)
        self._state(who)

    def _state(self, who: str) -> None:
        today, next_cut_off = f"{self.lumiere.now:%d/%m/%Y}", self.lumiere.now.date() + NEXT_CUT_OFF
        for number in (each for each in self._held() if each.startswith(who)):  # another address lets it go
            self.deadlines[number] = max(self.deadlines[number], next_cut_off)
        right = "oui" if who in self.exempt else ""
        died = today if who in self.dead else ""
        self.lumiere.customers([f"C-{who}", today, *self.homes[who], "", "", right, "", died])

    @rule(n=st.integers(1, 9))
    def days(self, n: int) -> None:
        self.lumiere.until(self.lumiere.now + timedelta(days=n))
        self.nothing_is_silent()
        self.nothing_is_forgotten()

    def _posted(self, who: str = "") -> list[str]:
        return [number for _, number in self.lumiere.pieces() if number.startswith(who)]

    def _held(self) -> set[str]:
        with self.lumiere.store.reading() as session:
            return {each.bill.number for each in held_letters(session)}

    def nothing_is_silent(self) -> None:
        posted, held = Counter(self._posted()), self._held()
        arrived = {number for number, count in posted.items() if count > self.returned[number]}
        may_be_held = self.dead | {number.split("-")[0] for number in self.returned}
        assert not [number for number, n in posted.items() if n > 1 + self.returned[number]], "a letter is printed once"
        assert {number.split("-")[0] for number in held} <= may_be_held, "only of the dead, and whom the post missed"
        today = self.lumiere.now.date()
        late = {number for number, deadline in self.deadlines.items() if deadline < today}
        came_back_paid = {number for number in self.paid if self.returned[number]}
        assert late <= self.seen | arrived | held | came_back_paid

    def nothing_is_forgotten(self) -> None:
        """What is not said to be due has nothing to do, now and later."""
        for later in (timedelta(), timedelta(days=len(self.deadlines))):
            assert undone_work(self.lumiere.pipeline, self.lumiere.now + later) == {}


@pytest.fixture
def new_home(new_database: Callable[[], str], tmp_path: Path) -> Callable[[ExitStack], Lumiere]:
    (tmp_path / "secret").write_bytes(SECRET)

    def make(closing: ExitStack) -> Lumiere:
        url, n = new_database(), sum(1 for _ in tmp_path.glob("home-*"))
        home = tmp_path / f"home-{n}"
        home.mkdir()
        config = load({
            "FACTEUR_HOME": str(home), "FACTEUR_SECRET_FILE": str(tmp_path / "secret"), "FACTEUR_DATABASE_URL": url,
        })  # fmt: skip
        store = open_store(config.database_url, config.blobs_url, KeyRing(config.secret), config.home / "incoming")
        closing.callback(store.close)
        return closing.enter_context(Lumiere.opened(store, config, START))

    return make


def test_no_bill_is_silent_whatever_happens(new_home: Callable[[ExitStack], Lumiere]) -> None:
    machine: Any = type("History", (Histories,), {"new_home": staticmethod(new_home)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=HISTORIES, stateful_step_count=STEPS, deadline=None, derandomize=HISTORIES <= 3,
            suppress_health_check=list(HealthCheck), database=None, phases=PHASES,
        ),
    )  # fmt: skip
