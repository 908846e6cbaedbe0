"""Alice and Bob ring Lumière: they cannot find their bill. Claire sends it again, by e-mail and by post, never twice
for one call; nothing is sent to whom it must not be."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from sqlalchemy import select, update

from audit.run_all_checks import check
from config import Config
from delivery.channels.paper.letter_data import letters_of, overlay_of
from delivery.fate.bill_report import bill_report
from delivery.feedback.views_bounces_returns import mail_bounced
from delivery.notices.choose_notices import choose_notices
from delivery.notices.notice_preference import NoticePreference
from delivery.sent_again.send_again import MOST, SentAgain, Way, send_again
from feeds.conflicts.decide_conflict import Decision
from store import Store
from store.accounts.consumer import Consumer
from store.bills.bill import BillRow
from store.db.event import events_of
from store.delivery import deliveries_of
from tests.sample_feeds import ubl
from tests.spelled_reasons import english
from tests.stories.lumiere_and_its_people import Lumiere

ALICE: Final = "alice@example.org"
CLAIRE: Final = "claire@lumiere.example"


def on(month: int, day: int, hour: int = 8) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.fixture
def lumiere(store: Store, config: Config) -> Iterator[Lumiere]:
    """Alice does without paper since January and has looked at February's bill; Bob has never heard of us."""
    with Lumiere.opened(store, config, on(1, 2)) as opened:
        opened.bills("january", [ubl("A-1", "C-ALICE"), ubl("B-1", "C-BOB")])
        opened.until(on(1, 6))
        opened.alice = opened.signs_up(ALICE, "Alice Martin", "C-ALICE", "A-1")  # type: ignore[attr-defined]
        opened.goes_paperless(alice(opened), "C-ALICE")
        opened.until(on(2, 2))
        opened.bills("february", [ubl("A-2", "C-ALICE", issued="2026-02-01", due="2026-02-28")])
        opened.until(on(2, 3))
        yield opened


def alice(lumiere: Lumiere) -> int:
    return int(lumiere.alice)  # type: ignore[attr-defined]


def bill_id(lumiere: Lumiere, number: str) -> int:
    with lumiere.store.reading() as session:
        return session.scalars(select(BillRow.id).where(BillRow.number == number)).one()


def rings(lumiere: Lumiere, number: str, way: Way) -> SentAgain:
    """Somebody asks Claire for this bill."""
    answer = send_again(lumiere.store, bill_id(lumiere, number), way, Decision(CLAIRE, "cannot find it", lumiere.now))
    lumiere.work(lumiere.now)
    return answer


def why_not(lumiere: Lumiere, number: str, way: Way) -> str:
    answer = rings(lumiere, number, way)
    assert answer.result == "refused"
    return answer.why.code


def deliveries(lumiere: Lumiere, number: str, channel: str) -> list[tuple[str, str]]:
    with lumiere.store.reading() as session:
        made = deliveries_of(session, bill_id(lumiere, number))
        return [(each.purpose, each.state) for each in made if each.channel == channel]


def row(lumiere: Lumiere, number: str) -> BillRow:
    with lumiere.store.reading() as session:
        return session.get_one(BillRow, bill_id(lumiere, number))


def marked(lumiere: Lumiere, number: str) -> list[bool]:
    """Whether each letter of this bill is marked as a duplicate, in their order."""
    with lumiere.store.reading() as session:
        ids = [each.id for each in deliveries_of(session, bill_id(lumiere, number)) if each.channel == "paper"]
        return [
            overlay_of(each, lumiere.store.keys, "https://facteur.example", carrier=False).copy
            for each in letters_of(session, ids)
        ]


def all_holds(lumiere: Lumiere) -> bool:
    return not any(check(lumiere.store).invariants.values())


def test_an_email_goes_again_once_a_call_and_says_that_it_is_the_same(lumiere: Lumiere) -> None:
    lumiere.views(alice(lumiere), "A-2")
    before = len(lumiere.mails(ALICE))
    assert rings(lumiere, "A-2", "email") == SentAgain("done", at=lumiere.now)
    assert rings(lumiere, "A-2", "email") == SentAgain("known", at=lumiere.now), "pressed twice"
    assert deliveries(lumiere, "A-2", "email")[-1] == ("again-1", "sent")
    [mail] = lumiere.mails(ALICE)[before:]
    assert mail.subject == "Votre facture Lumière de l'Ouest, à nouveau"
    assert "C’est la même" in mail.text
    assert "part par la poste" not in mail.text
    with lumiere.store.reading() as session:
        bill = session.get_one(BillRow, bill_id(lumiere, "A-2"))
        event = [each for each in events_of(session, "bill", bill.id) if each.what == "sent again"]
        assert [(each.by, english(each.reason)) for each in event] == [(CLAIRE, "cannot find it")]
        steps = bill_report(session, bill, lumiere.now.date()).steps
        assert any("sent again" in each.text and each.code == "email.planned" for each in steps)
    assert all_holds(lumiere)


def test_a_bill_goes_again_so_often_and_no_more(lumiere: Lumiere) -> None:
    for day in range(MOST + 1):
        at = lumiere.now + timedelta(days=day, minutes=day)
        answer = send_again(lumiere.store, bill_id(lumiere, "A-2"), "email", Decision(CLAIRE, "lost", at))
        assert answer.result == ("done" if day < MOST else "refused")
    assert answer.why.code == "again_enough"
    assert rings(lumiere, "B-1", "letter").result == "done", "another bill, another way"


def test_a_letter_goes_again_as_a_duplicate_and_changes_no_channel(lumiere: Lumiere) -> None:
    posted = row(lumiere, "B-1").posted_at
    assert rings(lumiere, "B-1", "letter").result == "done"
    assert rings(lumiere, "B-1", "letter").result == "known"
    lumiere.until(on(2, 5))
    assert deliveries(lumiere, "B-1", "paper") == [("print", "delivered"), ("again-1", "delivered")]
    assert marked(lumiere, "B-1") == [False, True]
    assert row(lumiere, "B-1").posted_at == posted, "when it was first posted"
    assert all_holds(lumiere)


def test_a_letter_of_a_bill_that_was_seen_leaves_its_channel(lumiere: Lumiere) -> None:
    lumiere.views(alice(lumiere), "A-2")
    assert deliveries(lumiere, "A-2", "paper") == [("print", "cancelled")]
    assert rings(lumiere, "A-2", "letter").result == "done"
    lumiere.until(on(2, 5))
    assert deliveries(lumiere, "A-2", "paper") == [("print", "cancelled"), ("again-1", "delivered")]
    assert row(lumiere, "A-2").channel == "portal"
    assert all_holds(lumiere)


def test_a_letter_that_waits_is_the_original_and_leaves_now(lumiere: Lumiere) -> None:
    assert deliveries(lumiere, "A-2", "paper") == [("print", "waiting")]
    assert rings(lumiere, "A-2", "letter").result == "done"
    assert rings(lumiere, "A-2", "letter").result == "known"
    lumiere.views(alice(lumiere), "A-2")
    assert deliveries(lumiere, "A-2", "paper") == [("print", "ready")], "Alice has asked for it, and looks meanwhile"
    lumiere.until(on(2, 5))
    assert deliveries(lumiere, "A-2", "paper") == [("print", "delivered")]
    assert all_holds(lumiere)


def test_a_returned_duplicate_is_printed_again_under_a_purpose_of_its_own(lumiere: Lumiere) -> None:
    assert rings(lumiere, "B-1", "letter").result == "done"
    lumiere.until(on(2, 5))
    lumiere.print_house_brings_back("B-1")
    assert why_not(lumiere, "B-1", "letter") == "again_letter_held"
    lumiere.staff_sends_again("B-1", "the address is right")
    lumiere.until(on(2, 8))
    states = [("print", "delivered"), ("again-1", "failed"), ("again-1-2", "delivered")]
    assert deliveries(lumiere, "B-1", "paper") == states
    assert all_holds(lumiere)


def test_an_email_that_comes_back_is_followed_as_any(lumiere: Lumiere) -> None:
    assert rings(lumiere, "A-2", "email").result == "done"
    with lumiere.store.writing() as session:
        sent = [each for each in deliveries_of(session, bill_id(lumiere, "A-2")) if each.purpose == "again-1"]
        assert mail_bounced(session, sent[0].id, "550 no such user", lumiere.now)
    assert deliveries(lumiere, "A-2", "paper") == [("print", "ready")]
    assert why_not(lumiere, "A-2", "email") == "address_suspended"
    assert all_holds(lumiere)


def test_nothing_goes_again_to_whom_it_must_not(lumiere: Lumiere) -> None:
    """One thing after the other befalls Alice."""
    lumiere.views(alice(lumiere), "A-2")
    lumiere.post_brings_back("A-1", "unknown")
    assert why_not(lumiere, "A-2", "letter") == "address_suppressed"
    with lumiere.store.writing() as session:
        session.execute(update(Consumer).values(confirmed_at=None))
    assert why_not(lumiere, "A-2", "email") == "address_unconfirmed"
    with lumiere.store.writing() as session:
        session.execute(update(Consumer).values(confirmed_at=lumiere.now))
        choose_notices(session, alice(lumiere), None, NoticePreference(channels=()), lumiere.now)
    assert why_not(lumiere, "A-2", "email") == "no_channel_chosen"
    lumiere.withdraws(alice(lumiere), "C-ALICE")
    assert why_not(lumiere, "A-2", "email") == "paper_after_withdrawal"
    lumiere.drop(b'{"customers": [{"number": "C-ALICE", "died_on": "2026-02-02"}]}', "deaths.json")
    assert why_not(lumiere, "A-2", "email") == why_not(lumiere, "A-2", "letter") == "holder_died"
    assert why_not(lumiere, "B-1", "email") == "account_unclaimed", "nobody has ever followed Bob's contract"
    with lumiere.store.writing() as session:
        session.execute(update(BillRow).where(BillRow.number == "A-2").values(state="recalled"))
    assert why_not(lumiere, "A-2", "email") == why_not(lumiere, "A-2", "letter") == "again_not_sent"
    assert deliveries(lumiere, "A-2", "paper") == [("print", "cancelled")]


def test_a_bill_on_its_way_to_the_first_lot_has_no_second_letter(lumiere: Lumiere) -> None:
    lumiere.bills("bobs", [ubl("B-2", "C-BOB", issued="2026-02-01", due="2026-02-28")])
    assert why_not(lumiere, "B-2", "letter") == "again_letter_under_way"
    assert why_not(lumiere, "B-2", "email") == "account_unclaimed"
