"""Random histories of holders and grants, against a model of who may read which bill when, written from what people
are told (`docs/who-sees-my-bills.md`) and apart from the code."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consumers.access_grants.answer_invitation import accept_invitation, decline_invitation
from consumers.access_grants.end_grants import end_due_grants, give_back_grant, revoke_grant
from consumers.access_grants.invite_reader import ReadingScope, invite_reader
from consumers.holder_suspension import lift_suspension, settle_dispute, suspend_holder
from consumers.leave_account import leave_account
from consumers.leaving.close_space import close_space, restore_space
from store import Store
from store.access_grants.access_grant import AccessGrant, GrantedKind
from store.access_grants.granted_bills import granted_bill, granted_bills
from store.accounts.consumer import Consumer, enrol
from store.accounts.customer_account import CustomerAccount
from store.accounts.holder_dispute import Dispute
from tests.conftest import Clock
from tests.portal.consumers.shared_bills.sylvies_grants import SylvieAndHerReaders
from tests.portal.sample_town import World

KIND_OF: Final[dict[str, GrantedKind]] = {
    "LO-1": "invoices", "LO-AV": "credit_notes", "LO-R": "correctives", "EAU-1": "invoices",
}  # fmt: skip
STEPS: Final = 40


@dataclass
class Granted:
    """What the model knows of a grant. *gone*: contracts that have ended for it."""

    owner: int
    email: str
    contracts: set[int] | None
    kinds: set[GrantedKind]
    until: date | None
    asked_at: datetime
    state: str = "invited"
    reader: int | None = None
    gone: set[int] = field(default_factory=set)


class Model:
    """Who holds what and who granted what; all from what was done."""

    def __init__(self) -> None:
        self.order: dict[int, list[int]] = {}
        self.barred: dict[int, set[int]] = {}
        self.grants: dict[int, Granted] = {}

    def holds(self, person: int, account: int) -> bool:
        return person in self.order.get(account, []) and person not in self.barred.get(account, set())

    def held_no_more(self, person: int, account: int) -> None:
        for each in self.grants.values():
            if each.owner == person and each.state in {"invited", "accepted"}:
                each.gone.add(account)
                if each.contracts is not None and each.contracts <= each.gone:
                    each.state = "ended"

    def held_anew(self, person: int, account: int) -> None:
        for each in self.grants.values():
            if each.owner == person and each.contracts is None:
                each.gone.discard(account)

    def sees(self, reader: int, grant_id: int, account: int, kind: str, today: date) -> bool:
        grant = self.grants[grant_id]
        return (
            grant.state == "accepted" and grant.reader == reader and (grant.until is None or today <= grant.until)
            and self.holds(grant.owner, account) and account not in grant.gone
            and (grant.contracts is None or account in grant.contracts) and kind in grant.kinds
        )  # fmt: skip


class History:
    """Does the same to the store and to the model."""

    def __init__(self, house: SylvieAndHerReaders, seed: int) -> None:
        self.house, self.store, self.dice, self.model = house, house.store, random.Random(seed), Model()
        self.now = house.world.now
        self.people = [house.sylvie, *(house.world.consumer(name) for name in ("Bob Un", "Rose Deux", "Omar Trois"))]
        self.accounts = [house.electricity, house.water]
        self.model.order = {each: [house.sylvie.id] for each in self.accounts}
        self.model.barred = {each: set() for each in self.accounts}
        self.closed: set[int] = set()
        self.told: list[str] = []

    @property
    def today(self) -> date:
        return self.now.date()

    def person(self) -> Consumer:
        return self.dice.choice(self.people)

    def step(self) -> None:
        self.now += timedelta(minutes=1)
        act = self.dice.choice(
            ["claim", "claim", "leave", "suspend", "lift", "settle", "invite", "invite", "invite", "accept", "accept",
             "accept", "decline", "return", "revoke", "day", "sweep", "close", "restore"]
        )  # fmt: skip
        getattr(self, f"does_{act}")()

    def does_claim(self) -> None:
        who, account = self.person(), self.dice.choice(self.accounts)
        with self.store.writing() as session:
            done = enrol(session, who.id, account, self.now)
        is_new = who.id not in self.model.order[account] and who.id not in self.model.barred[account]
        assert done == is_new
        if is_new:
            self.model.order[account].append(who.id)
            self.model.held_anew(who.id, account)
        self.told.append(f"{who.id} claims {account}: {done}")

    def does_leave(self) -> None:
        who, account = self.person(), self.dice.choice(self.accounts)
        if not self.model.holds(who.id, account):
            return
        with self.store.writing() as session:
            leave_account(
                session, session.get_one(CustomerAccount, account), session.get_one(Consumer, who.id), self.now
            )
        self.model.order[account].remove(who.id)
        self.model.held_no_more(who.id, account)
        self.told.append(f"{who.id} leaves {account}")

    def does_suspend(self) -> None:
        earlier, later, account = self.person(), self.person(), self.dice.choice(self.accounts)
        with self.store.writing() as session:
            row = session.get_one(CustomerAccount, account)
            done = suspend_holder(session, row, session.get_one(Consumer, earlier.id), later.id, self.now)
        if done:
            order = self.model.order[account]
            assert self.model.holds(earlier.id, account)
            assert order.index(earlier.id) < order.index(later.id)
            self.model.barred[account].add(later.id)
            self.model.held_no_more(later.id, account)
            self.told.append(f"{earlier.id} suspends {later.id} from {account}")

    def does_lift(self) -> None:
        earlier, later, account = self.person(), self.person(), self.dice.choice(self.accounts)
        with self.store.writing() as session:
            row = session.get_one(CustomerAccount, account)
            done = lift_suspension(session, row, session.get_one(Consumer, earlier.id), later.id, self.now)
        if done:
            self.model.barred[account].discard(later.id)
            self.told.append(f"{earlier.id} lifts {later.id} on {account}")

    def does_settle(self) -> None:
        with self.store.reading() as session:
            disputes = session.scalars(select(Dispute).order_by(Dispute.id)).all()
        if not disputes:
            return
        dispute, verdict = self.dice.choice(disputes), self.dice.choice(["restored", "removed", "replaced"])
        with self.store.writing() as session:
            done = settle_dispute(session, dispute.id, verdict, "mina", "vu", self.now)  # type: ignore[arg-type]
        if not done:
            return
        account, order = dispute.account_id, self.model.order[dispute.account_id]
        self.told.append(f"{verdict}: {dispute.later_id} on {account}, of {dispute.earlier_id}")
        if verdict == "removed":
            if dispute.later_id in order:
                order.remove(dispute.later_id)
            return
        self.model.barred[account].discard(dispute.later_id)
        if dispute.later_id not in order and dispute.later_id not in self.closed:
            order.append(dispute.later_id)
            self.model.held_anew(dispute.later_id, account)
        if verdict == "replaced":
            if dispute.earlier_id in order:
                order.remove(dispute.earlier_id)
            self.model.barred[account].add(dispute.earlier_id)
            self.model.held_no_more(dispute.earlier_id, account)

    def does_invite(self) -> None:
        owner, reader = self.person(), self.person()
        contracts = self.dice.choice([None, set(self.dice.sample(self.accounts, self.dice.choice([1, 2])))])
        kinds: set[GrantedKind] = set(self.dice.sample(sorted(set(KIND_OF.values())), self.dice.choice([1, 2, 3])))
        until = self.dice.choice([None, None, self.today, self.today + timedelta(days=1)])
        scope = ReadingScope(kinds=kinds, account_ids=contracts, until_on=until)
        with self.store.writing() as session:
            grant = invite_reader(session, owner.id, reader.email, "other", scope, self.now, self.today)
            grant_id = grant.id if isinstance(grant, AccessGrant) else None
        held = {each for each in self.accounts if self.model.holds(owner.id, each)}
        named = None if contracts is None else contracts & held
        if grant_id is None:
            return
        assert owner.id != reader.id
        assert held if named is None else named
        self.model.grants[grant_id] = Granted(owner.id, reader.email, named, kinds, until, self.now)
        self.told.append(f"{owner.id} invites {reader.id}: grant {grant_id} {named} {kinds} {until}")

    def _may_answer(self, grant: Granted, who: Consumer) -> bool:
        in_time = self.now - grant.asked_at < timedelta(days=14) and (grant.until is None or self.today <= grant.until)
        return grant.state == "invited" and grant.email == who.email and in_time

    def does_accept(self, answer: str = "accepted") -> None:
        if not self.model.grants:
            return
        grant_id = self.dice.choice(sorted(self.model.grants))
        grant = self.model.grants[grant_id]
        who = next((p for p in self.people if p.email == grant.email and self.dice.random() < 0.8), self.person())
        does = accept_invitation if answer == "accepted" else decline_invitation
        with self.store.writing() as session:
            done = does(session, grant_id, who.id, self.now, self.today)
        assert done == self._may_answer(grant, who), (answer, grant_id, self.told)
        if done:
            grant.state, grant.reader = answer, who.id
            self.told.append(f"{who.id} {answer} {grant_id}")

    def does_decline(self) -> None:
        if self.dice.random() < 0.3:
            self.does_accept("declined")

    def does_return(self) -> None:
        self._ends(give_back_grant, "returned", lambda grant, who: grant.state == "accepted" and grant.reader == who)

    def does_revoke(self) -> None:
        self._ends(
            revoke_grant, "revoked", lambda grant, who: grant.state in {"invited", "accepted"} and grant.owner == who
        )

    def _ends(
        self, does: Callable[[Session, int, int, datetime], bool], state: str, may: Callable[[Granted, int], bool]
    ) -> None:
        if not self.model.grants:
            return
        grant_id, who = self.dice.choice(sorted(self.model.grants)), self.person().id
        with self.store.writing() as session:
            done = does(session, grant_id, who, self.now)
        grant = self.model.grants[grant_id]
        assert done == may(grant, who), self.told
        if done:
            grant.state = state
            self.told.append(f"{who} {state} {grant_id}")

    def does_day(self) -> None:
        self.now += timedelta(days=self.dice.choice([1, 1, 5]))
        self.told.append(f"it is {self.today}")

    def does_sweep(self) -> None:
        with self.store.writing() as session:
            end_due_grants(session, self.now, self.today)
        for each in self.model.grants.values():
            is_silent = each.state == "invited" and self.now - each.asked_at >= timedelta(days=14)
            is_over = each.until is not None and each.until < self.today
            if each.state in {"invited", "accepted"} and (is_silent or is_over):
                each.state = "ended"

    def does_close(self) -> None:
        who = self.person()
        if who.id in self.closed or self.dice.random() < 0.6:
            return
        with self.store.writing() as session:
            assert close_space(session, who.id, self.now)
        self.closed.add(who.id)
        for account, order in self.model.order.items():
            if who.id in order:
                order.remove(who.id)
                self.model.held_no_more(who.id, account)
        for each in self.model.grants.values():
            if who.id in {each.owner, each.reader} and each.state in {"invited", "accepted"}:
                each.state = "revoked"
            elif each.email == who.email and each.state == "invited":
                each.state = "declined"
        self.told.append(f"{who.id} closes")

    def does_restore(self) -> None:
        for each in sorted(self.closed):
            with self.store.writing() as session:
                assert restore_space(session, each, self.now)
            self.closed.discard(each)
            self.told.append(f"{each} restores")

    def compare(self) -> None:
        with self.store.reading() as session:
            for grant_id in self.model.grants:
                for who in self.people:
                    listed = {
                        each.bill.number for each in granted_bills(session, who.id, grant_id, self.today, None, 50)
                    }
                    expected = {
                        number
                        for number, row in self.house.bills.items()
                        if self.model.sees(who.id, grant_id, row.account_id, KIND_OF[number], self.today)
                    }
                    assert listed == expected, (grant_id, who.id, self.told)
                    number = self.dice.choice(sorted(self.house.bills))
                    one = granted_bill(session, who.id, grant_id, self.house.bills[number].uid, self.today)
                    assert (one is not None) == (number in expected), (number, self.told)


@pytest.mark.parametrize("seed", range(3))
def test_a_reader_sees_what_the_model_says(store: Store, clock: Clock, seed: int) -> None:
    history = History(SylvieAndHerReaders(World(store, clock())), seed)
    for _ in range(STEPS):
        history.step()
        history.compare()
