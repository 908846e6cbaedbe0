"""Silent bills: Alice has not looked, Bob's letter is to come, Charlie's missed its lot."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from audit.invariant_violations import count
from audit.silent_bills import last_handover_cut_off, silent_bills
from delivery.calendar.postal_calendar import Calendar
from delivery.feedback.returned_mail import TIME_TO_ANSWER
from store import Store
from store.bills.bill import BillRow
from store.delivery import deliveries_of, record_receipt
from store.feeds.feed import Feed
from store.print_batch import PrintBatch
from tests.adoption.sample_accounts import World

#: Friday the 6th of March 2026: letters leave at 17:30 in Paris, 16:30 in London.
CUT_OFF = datetime(2026, 3, 6, 16, 30, tzinfo=UTC)
EVENING = CUT_OFF + timedelta(hours=2)


class Post:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.world = World(session)
        self.issuer = self.world.issuer("lumiere")
        self.account = self.world.account(self.issuer, "1")

    def bill(self, **also: object) -> BillRow:
        return self.world.bill(self.account, date(2026, 2, 20), **also)  # type: ignore[arg-type]

    def letter(self, bill: BillRow, state: str, due_at: datetime, sent_at: datetime | None = None) -> None:
        letter = self.world.delivery(bill, "paper", "print", sent_at, state=state)
        letter.due_at = due_at
        self.session.flush()

    def silent(self, at: datetime = EVENING) -> list[BillRow]:
        query = silent_bills(at, Calendar())
        found = [self.session.get_one(BillRow, bill_id) for bill_id in self.session.scalars(query)]
        assert count(self.session, query) == len(found)
        return found


@pytest.fixture
def post(store: Store) -> Iterator[Post]:
    with store.writing() as session:
        yield Post(session)


def test_a_bill_that_was_seen_or_posted_is_not_silent(post: Post) -> None:
    post.bill(viewed_at=CUT_OFF)
    post.letter(post.bill(), "sent", CUT_OFF, CUT_OFF)
    assert post.silent() == []


def test_a_bill_whose_letter_came_back_is_not_silent_while_another_address_is_asked_for(post: Post) -> None:
    bill = post.bill()
    post.letter(bill, "failed", CUT_OFF, CUT_OFF)
    [letter] = deliveries_of(post.session, bill.id)
    letter.reason_code = "letter_came_back"
    assert post.silent() == [bill], "it is not posted any more"
    record_receipt(post.session, letter.id, "returned", CUT_OFF + timedelta(days=5))
    assert post.silent(CUT_OFF + timedelta(days=7)) == []
    assert post.silent(CUT_OFF + timedelta(days=5) + TIME_TO_ANSWER + timedelta(days=4)) == [bill]
    letter.decided_by = "olga@facteur.example"
    assert post.silent(CUT_OFF + timedelta(days=60)) == []


def test_a_bill_whose_letter_is_held_for_its_address_is_not_silent_for_as_long(post: Post) -> None:
    bill = post.bill()
    post.letter(bill, "failed", CUT_OFF)
    [letter] = deliveries_of(post.session, bill.id)
    letter.reason_code = "address_suppressed"
    assert post.silent(CUT_OFF + timedelta(days=7)) == []
    assert post.silent(CUT_OFF + TIME_TO_ANSWER + timedelta(days=4)) == [bill]


def test_a_letter_to_come_speaks_for_its_bill_until_its_cut_off(post: Post) -> None:
    bill = post.bill()
    post.letter(bill, "waiting", CUT_OFF - timedelta(hours=1))
    assert post.silent(CUT_OFF - timedelta(hours=2)) == []
    assert post.silent(CUT_OFF + timedelta(minutes=30)) == [], "the lot is being handed over"
    assert post.silent(EVENING) == [bill]


def test_a_letter_that_is_ready_after_the_cut_off_takes_mondays_lot(post: Post) -> None:
    bill = post.bill()
    post.letter(bill, "ready", CUT_OFF + timedelta(minutes=5))
    assert post.silent(CUT_OFF + timedelta(days=2)) == []
    assert post.silent(CUT_OFF + timedelta(days=3, hours=2)) == [bill]


def test_a_letter_that_no_worker_saw_to_goes_with_the_next_lot_once_one_does(post: Post) -> None:
    """The machine was down for a week; on the Friday after, before the cut-off, a worker has its turn."""
    bill = post.bill()
    post.letter(bill, "ready", CUT_OFF - timedelta(days=7))
    [letter] = deliveries_of(post.session, bill.id)
    assert post.silent(CUT_OFF - timedelta(hours=2)) == [bill]
    batch = PrintBatch(state="open", house="main", opened_at=CUT_OFF - timedelta(hours=1), cut_off_at=CUT_OFF)
    post.session.add(batch)
    post.session.flush()
    letter.batch_id = batch.id
    assert post.silent(CUT_OFF - timedelta(minutes=50)) == []
    batch.state, letter.state = "closed", "attempting"
    assert post.silent(CUT_OFF + timedelta(minutes=50)) == []
    assert post.silent(CUT_OFF + timedelta(minutes=70)) == [bill], "the lot is late"


@pytest.mark.parametrize("state", ["cancelled", "failed"])
def test_an_unread_bill_whose_letter_will_not_go_is_silent(post: Post, state: str) -> None:
    bill = post.bill()
    post.letter(bill, state, CUT_OFF)
    assert post.silent() == [bill]


@pytest.mark.parametrize("state", ["released", "rendered", "failed"])
def test_a_bill_that_is_never_chosen_is_silent_after_a_day(post: Post, state: str) -> None:
    feed = post.world.feed(post.issuer, EVENING, state="released", released_at=EVENING)
    bill = post.bill(state=state, feed=feed, channel=None)
    assert post.silent(EVENING + timedelta(hours=23)) == []
    assert post.silent(EVENING + timedelta(hours=25)) == [bill]


def test_a_feed_that_is_not_released_and_another_issuer_do_not_count(post: Post) -> None:
    post.bill(feed=post.world.feed(post.issuer, EVENING, state="reading"))
    mine = post.bill()
    eaux = post.world.issuer("eaux")
    theirs, ours = (silent_bills(EVENING, Calendar(), issuer_id=each.id) for each in (eaux, post.issuer))
    assert (list(post.session.scalars(theirs)), list(post.session.scalars(ours))) == ([], [mine.id])
    assert post.session.get_one(Feed, mine.feed_id).state == "settled"


@pytest.mark.parametrize(
    ("now", "cut_off"),
    [
        (CUT_OFF + timedelta(minutes=59), CUT_OFF - timedelta(days=1)),
        (CUT_OFF + timedelta(hours=1), CUT_OFF),
        (CUT_OFF + timedelta(days=2), CUT_OFF),
        (CUT_OFF + timedelta(days=3, hours=1), CUT_OFF + timedelta(days=3)),
    ],
)
def test_the_last_cut_off_skips_the_weekend(now: datetime, cut_off: datetime) -> None:
    assert last_handover_cut_off(now, Calendar()) == cut_off
