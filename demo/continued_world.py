"""Continues the demo's world after its thirteen months, up to any moment: the same people and issuers go on.

Nothing is remembered between two acts but how far the world has lived: each asks the store, so a world that is
continued in two steps is the one that is continued at once, and one that was killed goes on. An act that is done again
changes nothing.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from io import BytesIO
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select

from config import Config
from demo.billing.bank_notices import bank_notices_after
from demo.billing.billing_calendar import Billing, billings, billings_after
from demo.billing.customer_files import customer_files_until
from demo.billing.feed_calendar import feeds_after
from demo.billing.feed_file import FeedFile
from demo.demo_credentials import CONSUMER
from demo.issuer import ELECTRICITY, ISSUERS, DemoIssuer
from demo.issuer_api_keys import issuer_api_keys
from demo.lived_until import lived_until, note_lived
from demo.month_arithmetic import later, month_of
from demo.people.browser_client import PageError
from demo.people.contract import contracts
from demo.people.everyday_consumer import EverydayConsumer
from demo.people.payment_plan_request import ask_for_plan
from demo.people.person import Habit
from demo.people.population import people
from demo.people.print_house_fate import Odds
from demo.people.simulated_print_house import simulate
from demo.people.simulated_staff import SimulatedStaff
from demo.seeded_random import random_by_name
from demo.simulation import MONTHS, PEOPLE, SEED, UNTIL, Tell, Work
from doors.feed_drop import drop_feed
from portal.app import make_app
from store import Store
from store.accounts.consumer import consumer_by_email
from store.bills.bill import BillRow
from store.issuer import issuer_by_slug
from store.outage_or_fault import is_outage
from store.payments.payment_plan import PlanRequest
from store.print_batch import batches_in

log = logging.getLogger(__name__)

#: When issuers drop their feeds, the first at this hour, each other half an hour later; their bank's notices follow.
_FEEDS: Final = time(5, 30)
_NOTICES: Final = time(8, 5)
_PRINT_HOUSE: Final = tuple(time(hour, 20) for hour in (8, 11, 14, 16))
_STAFF: Final = time(9, 40)
_PROGRAM: Final = time(10, 30)
_PLAN_ASKED: Final = time(19, 10)
#: The pipeline works before the print cut-off, and again after it. Beside servers a worker does.
_WORK: Final = time(17)
_WORK_AFTER_CUT_OFF: Final = time(18, 1)
#: The hours in which people look at bills.
_AWAKE: Final = range(7, 22)
#: Every other hour one of so many people opens the portal; in a small world mostly nobody.
_PASSERS_BY: Final = 50
_MONDAY: Final = 0
_WEDNESDAY: Final = 2
#: What a print house does on common days: now and then it loses a set, and the post brings letters back.
_CALM: Final = Odds(missing=3, silent=0, doubled=0, answered_twice=0, returned=10)
#: Where the browsers of later days stand among addresses: after those of the thirteen months.
_PLACES: Final = 1000


class Act(NamedTuple):
    """What somebody does at a moment."""

    at: datetime
    do: Callable[[], object]


class ContinuedWorld:
    """The world of a home, whose thirteen months ended on *until*. *alone*: no worker runs beside it, so the pipeline's
    work is done here."""

    def __init__(
        self, store: Store, config: Config, seed: int = SEED, *, until: date = UNTIL, count: int = PEOPLE,
        months: int = MONTHS, with_alice: bool = True,
    ) -> None:  # fmt: skip
        self._store, self._config, self._seed, self._until = store, config, seed, until
        self._zone = ZoneInfo(config.time_zone)
        self._first = later(month_of(until), -months)
        self._now = self._end_of_first_life
        self._app = make_app(store, config, lambda: self._now)
        persons = people(seed, count, self._first)
        self._contracts = contracts(persons)
        self._people = [
            EverydayConsumer(
                person, [each for each in self._contracts if each.person is person], self._app, place, store,
                config, later(self._first, 1), until,
            )
            for place, person in enumerate(persons, _PLACES)
            if with_alice or person.email != CONSUMER
        ]  # fmt: skip
        self._readers = [each for each in self._people if each.person.habit in (Habit.DIGITAL, Habit.LINKED)]
        self._staff = SimulatedStaff(self._app, store, _PLACES + count)
        self._planned_until: date | None = None
        self._feeds: list[FeedFile] = []
        self._known: list[Billing] = []
        self.failures: list[str] = []

    @property
    def _end_of_first_life(self) -> datetime:
        return self._at(self._until, time(20))

    @property
    def people(self) -> frozenset[str]:
        """The mail addresses of those who act."""
        return frozenset(each.person.email for each in self._people)

    @property
    def has_begun(self) -> bool:
        """Whether the thirteen months were lived in this home."""
        return lived_until(self._config.home, self._end_of_first_life) is not None

    def begin(self) -> None:
        """Note that the thirteen months were lived."""
        note_lived(self._config.home, self._end_of_first_life)

    @property
    def lived_until(self) -> datetime:
        """The moment until which the world has lived."""
        return lived_until(self._config.home, self._end_of_first_life) or self._end_of_first_life

    def live(
        self, until: datetime, work: Work | None = None, tell: Tell | None = None,
        is_stopping: Callable[[], bool] = lambda: False,
    ) -> None:  # fmt: skip
        """Do all that is due until this moment. *work* does all pipeline work due at a moment; None where a worker
        does. *tell* receives the day, days done and days in all."""
        since = self.lived_until
        first, last = since.astimezone(self._zone).date(), until.astimezone(self._zone).date()
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        for done, day in enumerate(days):
            if tell:
                tell(day, done, len(days))
            for act in self._acts_of(day, last, work):
                if since < act.at <= until:
                    if is_stopping():
                        return
                    self._do(act)
        if until > since:
            note_lived(self._config.home, until)

    def _do(self, act: Act) -> None:
        """Do an act. One that fails is passed over, since visitors act too; only an outage is waited for."""
        self._now = act.at
        try:
            act.do()
        except Exception as error:
            if is_outage(error):
                raise
            log.info("at %s: %s", act.at, error)
            self.failures.append(repr(error))
        note_lived(self._config.home, act.at)

    # -- a day -------------------------------------------------------------------------------------------------

    def _acts_of(self, day: date, last: date, work: Work | None) -> list[Act]:
        """Return the day's acts in order, no two at one moment: the moment tells which are done. *last* is the last day
        that is lived with it."""
        if self._planned_until != last:
            self._feeds, self._known, self._planned_until = self._feeds_until(last), self._billings(last), last
        acts = sorted(self._acts(day, self._feeds, self._known, work), key=lambda act: act.at)
        return [Act(act.at + timedelta(microseconds=place), act.do) for place, act in enumerate(acts)]

    def _acts(self, day: date, feeds: list[FeedFile], known: list[Billing], work: Work | None) -> Iterator[Act]:
        yield from self._feeds_of(day, feeds)
        yield from self._people_of(day, known)
        if day.weekday() < 5:
            for hour in _PRINT_HOUSE:
                yield Act(self._at(day, hour), self._answer_lots)
            yield Act(self._at(day, _STAFF), self._decide)
            yield Act(self._at(day, _PROGRAM), partial(self._tell_instalments, day))
            if day.weekday() == _MONDAY:
                chance = random_by_name(self._seed, "returned", day)
                yield Act(self._at(day, _PROGRAM), lambda: self._staff.tell_of_returned_letter(chance, self._now))
            if day.weekday() == _WEDNESDAY:
                yield Act(self._at(day, _PLAN_ASKED), partial(self._ask_for_plan, day, known))
        if work:
            yield Act(self._at(day, _WORK), lambda: work(self._now))
            yield Act(self._at(day, _WORK_AFTER_CUT_OFF), partial(self._work_on_letters, work))

    def _feeds_of(self, day: date, feeds: list[FeedFile]) -> Iterator[Act]:
        for feed in feeds:
            if feed.day == day:
                hour = _NOTICES if feed.name.startswith("releve") else _FEEDS
                wait = timedelta(minutes=30 * ISSUERS.index(feed.issuer))
                yield Act(self._at(day, hour) + wait, partial(self._drop, feed))

    def _people_of(self, day: date, known: list[Billing]) -> Iterator[Act]:
        for each in self._people:
            if each.does_papers(day):
                yield Act(self._somewhen(day, each.person.key, "papers"), partial(each.do_papers, day))
            if each.visits(day, known):
                yield Act(self._somewhen(day, each.person.key, "visit"), partial(each.visit, day))
        for hour in _AWAKE[::2]:
            chance = random_by_name(self._seed, "passing by", day, hour)
            place = chance.randrange(max(len(self._readers), _PASSERS_BY))
            if place < len(self._readers):
                moment = self._at(day, time(hour, chance.randrange(60)))
                yield Act(moment, partial(self._readers[place].visit, day))

    def _somewhen(self, day: date, *name: object) -> datetime:
        """Return a waking moment of the day, by name."""
        chance = random_by_name(*name, day)
        return self._at(day, time(chance.choice(_AWAKE), chance.randrange(60), chance.randrange(60)))

    # -- calendars ---------------------------------------------------------------------------------------------

    def _feeds_until(self, last: date) -> list[FeedFile]:
        """Return all feeds after the thirteen months, up to *last*."""
        files = customer_files_until(self._contracts, self._first, last)
        return [
            *(file for file in files if file.day > self._until),
            *feeds_after(self._contracts, self._first, self._until, last),
            *bank_notices_after(self._contracts, self._first, self._until, last),
        ]  # fmt: skip

    def _billings(self, last: date) -> list[Billing]:
        return [*billings(self._first, self._until), *billings_after(self._first, self._until, last)]

    # -- acts --------------------------------------------------------------------------------------------------

    def _drop(self, feed: FeedFile) -> None:
        content = feed.write()
        if feed.door == "api":
            self._call(feed.issuer, "/v1/feeds", query_string={"name": feed.name}, data=content,
                       content_type="application/octet-stream")  # fmt: skip
            return
        with self._store.reading() as session:
            issuer = issuer_by_slug(session, feed.issuer.slug)
        assert issuer is not None
        drop_feed(self._store, issuer, BytesIO(content), feed.name, feed.door, self._now)

    def _decide(self) -> None:
        self._staff.decide_feeds(self._now)
        self._staff.settle_payments(self._now)
        self._staff.answer_plans(self._now)
        self._staff.settle_letters(self._now)

    def _work_on_letters(self, work: Work) -> None:
        with self._store.reading() as session:
            letters_wait = bool(batches_in(session, "open"))
        if letters_wait:
            work(self._now)

    def _answer_lots(self) -> None:
        simulate(self._config.outbox, self._seed, self._now, _CALM)

    def _ask_for_plan(self, day: date, known: list[Billing]) -> None:
        """Somebody who pays by hand asks to pay the newest bill for electricity in two parts."""
        [*_, latest] = (billing for billing in known if billing.issuer is ELECTRICITY and billing.day < day)
        payers = [
            each for each in self._contracts
            if each.issuer is ELECTRICITY and not each.iban and each.person.habit is Habit.DIGITAL
            and each.person.email != CONSUMER
        ]  # fmt: skip
        if payers:
            contract = random_by_name(self._seed, "in parts", day).choice(payers)
            numbers = [number for number, each in latest.numbers(self._contracts).items() if each is contract]
            ask_for_plan(self._app, self._store, _PLACES - 1, contract.person, numbers, day)

    def _tell_instalments(self, day: date) -> None:
        """Alice's issuer tells of her instalments that are due."""
        with self._store.reading() as session:
            alice = consumer_by_email(session, CONSUMER)
            plans = session.execute(
                select(PlanRequest, BillRow.number)
                .join(BillRow, BillRow.id == PlanRequest.bill_id)
                .where(PlanRequest.state == "granted", PlanRequest.consumer_id == (alice.id if alice else 0))
            ).tuples()  # fmt: skip
            due = [
                (number, place, part.amount, part.due)
                for plan, number in plans
                for place, part in enumerate(plan.granted, 1)
                if part.due and day - timedelta(days=3) < part.due <= day
            ]
        for number, place, amount, due_on in due:
            told = {
                "id": f"PLAN-{number}-{place}", "amount": str(amount), "currency": "EUR",
                "date": due_on.isoformat(), "kind": "received", "references": [number],
            }  # fmt: skip
            self._call(ELECTRICITY, "/v1/payments", json=told)

    def _call(self, issuer: DemoIssuer, path: str, **request: Any) -> None:
        """Call the API with the issuer's key."""
        key = issuer_api_keys(self._store, self._config.home, self._now)[issuer.slug]
        answer = self._app.test_client().post(path, headers={"Authorization": f"Bearer {key}"}, **request)
        if answer.status_code >= 400:
            raise PageError(f"{path}: {answer.status} {answer.get_data(as_text=True)}")

    def _at(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, self._zone)
