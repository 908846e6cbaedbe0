"""Other content under a used number waits for a named person, who keeps the first bill or lets the new one replace it.

Lumière sends March's bills, then sends some of them again with other amounts. Nobody has heard of us, so that the first
ones wait for the evening's batch: until then nobody has got them, and they may still be replaced.
"""

import io
import json
import threading
import zipfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import delivery
from audit.run_all_checks import check
from bill import Reason
from config import Config
from consumers.account_claim import Claimed, claim_account
from consumers.claim_code import letter_code
from delivery.channels.email.smtp.smtp_client import SmtpClient
from delivery.feedback.views_bounces_returns import bill_viewed
from doors.feed_drop import drop_feed
from feeds.conflicts.bill_reached_customer import issuances_of
from feeds.conflicts.decide_conflict import ConflictChoice, Decision
from feeds.conflicts.resolve_conflicts import decide_conflict, decide_conflicts_of_feed
from feeds.reconciliation import reconcile
from issuers.registry import add_issuer
from payments.amounts_due import amounts_left
from payments.decide_payment import assign_payment
from pipeline.feed_pipeline import Pipeline
from pipeline.steps.read_feed import read_feed
from store import Store
from store.accounts.consumer import Consumer, enrol
from store.bills.bill import BillRow
from store.bills.bill_lookup import bill_by_number
from store.db.event import events_of
from store.delivery import Delivery, deliveries_of
from store.feeds.conflict import Conflict, count_waiting, waiting_conflicts
from store.feeds.feed import Feed
from store.feeds.item import Item
from store.issuer import Issuer
from store.payments.payment import PaymentRow
from store.vault.attachment_staging import StagingBlob, StoredAttachment
from tests.item_outcomes import outcome_counts
from tests.sample_feeds import batch, ubl
from tests.sample_payments import BankEntry, camt
from tests.sample_print_streams import index, printed, profile
from tests.spelled_reasons import french

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
OSCAR = Decision("oscar@facteur.example", "vu avec Lumière", NOW)
FIRST = [ubl("L-1"), ubl("L-2", "C-BOB"), ubl("L-3", "C-CHARLIE")]


@pytest.fixture
def pipeline(store: Store, config: Config) -> Pipeline:
    with store.writing() as session:
        add_issuer(session, "lumiere", "Lumière de l'Ouest", NOW)
    return Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender))


def send(pipeline: Pipeline, name: str, content: bytes, at: datetime = NOW, *, worked: bool = True) -> int:
    """The issuer drops this; its bills are rendered and chosen, unless it is read alone."""
    with pipeline.store.reading() as session:
        issuer = session.scalars(select(Issuer)).one()
    feed_id = drop_feed(pipeline.store, issuer, BytesIO(content), name, "cli", at).feed_id
    if worked:
        pipeline.work_feed(feed_id, at)
    else:
        read_feed(pipeline.store, at, feed_id)
    return feed_id


def dearer(number: str, account: str = "C-ALICE", net: int = 99) -> str:
    return ubl(number, account, Decimal(net))


def the_conflict(store: Store, feed_id: int | None = None) -> Conflict:
    with store.reading() as session:
        [conflict] = waiting_conflicts(session, feed_id=feed_id)
        return conflict


def settle(store: Store, choice: ConflictChoice, feed_id: int | None = None, word: Decision = OSCAR) -> str:
    conflict = the_conflict(store, feed_id)
    return decide_conflict(store, conflict.id, conflict.first_id, choice, word)


def standing(session: Session, number: str) -> BillRow:
    bill = bill_by_number(session, 1, number)
    assert bill is not None
    return bill


def outcomes(store: Store, feed_id: int) -> dict[str, int]:
    with store.reading() as session:
        assert reconcile(session, session.get_one(Feed, feed_id)).difference.is_nothing
        return {name: count for name, count in outcome_counts(session, feed_id).items() if count}


def printed_amounts(pipeline: Pipeline, config: Config) -> list[str]:
    """What the evening's batch brings to the print house: a number each."""
    pipeline.work_until_idle(NOW)
    pipeline.close_batch(NOW)
    manifests = [json.loads(path.read_text()) for path in config.outbox.glob("lot-*.json")]
    return sorted(piece["bill"] for manifest in manifests for piece in manifest["pieces"])


# -- keep the first --------------------------------------------------------------------------------------------


def test_the_first_is_kept_and_the_new_content_is_refused_for_good(
    pipeline: Pipeline, store: Store, config: Config
) -> None:
    send(pipeline, "mars.xml", batch(FIRST))
    again = send(pipeline, "encore.xml", batch([dearer("L-2", "C-BOB"), ubl("L-9")]))
    assert outcomes(store, again) == {"bill": 1, "conflict": 1}
    assert settle(store, "keep") == "done"
    assert outcomes(store, again) == {"bill": 1, "rejected": 1}
    with store.reading() as session:
        item = session.get_one(Item, (again, 1))
        assert (item.content, item.bill_id) == (None, None)
        conflict = session.scalars(select(Conflict)).one()
        assert (conflict.state, conflict.decided_by, french(conflict.reason)) == ("kept", OSCAR.by, OSCAR.reason)
        [event] = events_of(session, "conflict", conflict.id)
        assert (event.what, event.by, event.why) == ("kept", OSCAR.by, OSCAR.reason)
        assert standing(session, "L-2").payable == Decimal("84.00")
    assert printed_amounts(pipeline, config) == ["L-1", "L-2", "L-3", "L-9"]
    assert not any(check(store).invariants.values())


def test_a_feed_is_not_settled_while_a_conflict_waits(pipeline: Pipeline, store: Store, config: Config) -> None:
    send(pipeline, "mars.xml", batch(FIRST))
    again = send(pipeline, "encore.xml", batch([dearer("L-2", "C-BOB")]))
    printed_amounts(pipeline, config)
    states = select(Feed.state).order_by(Feed.id)
    with store.reading() as session:
        assert session.scalars(states).all() == ["released", "released"]  # its letters are with the print house
    pipeline.settle(NOW)
    with store.reading() as session:
        assert session.scalars(states).all() == ["settled", "released"]
    assert settle(store, "keep", again) == "done"
    pipeline.settle(NOW)
    with store.reading() as session:
        assert session.scalars(states).all() == ["settled", "settled"]


# -- replace the first -----------------------------------------------------------------------------------------


def test_the_new_one_takes_the_number_and_the_first_is_never_printed(
    pipeline: Pipeline, store: Store, config: Config
) -> None:
    send(pipeline, "mars.xml", batch(FIRST))
    pipeline.work_until_idle(NOW)  # the first one's letter lies in the open batch
    again = send(pipeline, "encore.xml", batch([dearer("L-2", "C-BOB"), ubl("L-9")]))
    with store.reading() as session:
        first_id = standing(session, "L-2").id
    assert settle(store, "replace") == "done"
    assert outcomes(store, again) == {"bill": 2}
    assert not any(check(store).invariants.values())
    assert printed_amounts(pipeline, config) == ["L-1", "L-2", "L-3", "L-9"]
    with store.reading() as session:
        bill, first = standing(session, "L-2"), session.get_one(BillRow, first_id)
        assert (bill.payable, bill.state, bill.feed_id) == (Decimal("118.80"), "chosen", again)
        assert first.state == "superseded"
        [letter] = deliveries_of(session, first.id)
        assert (letter.state, french(letter.reason), letter.batch_id) == ("cancelled", OSCAR.reason, None)
        assert [each.state for each in deliveries_of(session, bill.id)] == ["sent"]
        [what, *_] = [event for event in events_of(session, "bill", first.id) if event.what == "superseded"]
        assert (what.by, what.why) == (OSCAR.by, OSCAR.reason)
        assert "released" in [event.what for event in events_of(session, "bill", bill.id)]
        manifest = json.loads(next(config.outbox.glob("lot-*.json")).read_text())
        letters = {piece["bill"]: piece["delivery"] for piece in manifest["pieces"]}
        assert session.get_one(Delivery, letters["L-2"]).bill_id == bill.id
    assert not any(check(store).invariants.values())


@pytest.mark.parametrize("said", ["LUM-2000", "merci"])
def test_what_was_paid_of_the_first_is_paid_of_the_new_one(pipeline: Pipeline, store: Store, said: str) -> None:
    """Whether the bank's notice names the bill, or a person says of which bill the payment is."""
    send(pipeline, "mars.xml", batch([ubl("LUM-2000", "C-BOB")]))
    send(pipeline, "avis.xml", camt([BankEntry("84.00", said, "R1")]))
    if said == "merci":
        with store.writing() as session:
            [paid] = session.scalars(select(PaymentRow))
            assert assign_payment(session, paid.id, {"LUM-2000": Decimal(84)}, OSCAR.by, "appel", NOW) == "done"
    send(pipeline, "encore.xml", batch([dearer("LUM-2000", "C-BOB")]))
    assert settle(store, "replace") == "done"
    pipeline.work_until_idle(NOW)
    with store.reading() as session:
        bill = standing(session, "LUM-2000")
        assert amounts_left(session, [bill])[bill.id].left == bill.to_pay == Decimal("34.80")
    assert not any(check(store).invariants.values())


def test_what_was_replaced_and_comes_again_is_a_conflict_with_what_stands(pipeline: Pipeline, store: Store) -> None:
    send(pipeline, "mars.xml", batch(FIRST))
    send(pipeline, "encore.xml", batch([dearer("L-2", "C-BOB")]))
    assert settle(store, "replace") == "done"
    pipeline.work_until_idle(NOW)
    assert outcomes(store, send(pipeline, "copie.xml", batch([dearer("L-2", "C-BOB"), ubl("L-9")]))) == {
        "bill": 1, "duplicate": 1,
    }  # fmt: skip
    old = send(pipeline, "vieux.xml", batch([ubl("L-2", "C-BOB"), ubl("L-10")]))
    assert outcomes(store, old) == {"bill": 1, "conflict": 1}
    assert not any(check(store).invariants.values())


def test_a_bill_that_could_not_be_rendered_may_be_replaced(pipeline: Pipeline, store: Store) -> None:
    send(pipeline, "mars.xml", batch(FIRST))
    with store.writing() as session:
        standing(session, "L-1").state = "failed"
    send(pipeline, "encore.xml", batch([dearer("L-1")]))
    assert settle(store, "replace") == "done"
    pipeline.work_until_idle(NOW)
    with store.reading() as session:
        assert standing(session, "L-1").state == "chosen"
    assert not any(check(store).invariants.values())


# -- what has reached its customer is corrected, not replaced --------------------------------------------------


def a_person(session: Session, name: str) -> Consumer:
    person = Consumer(
        email=f"{name}@example.org", name=name.title(), password_hash="-", signed_up_at=NOW, confirmed_at=NOW
    )
    session.add(person)
    session.flush()
    return person


def test_a_bill_that_reached_its_customer_is_not_replaced(pipeline: Pipeline, store: Store) -> None:
    """One was posted, one is in a batch that is closed; Alice holds her account, Bob has looked, Charlie was mailed."""
    send(pipeline, "fevrier.xml", batch([ubl("L-posted", "C-DORA")]))
    pipeline.work_until_idle(NOW)
    pipeline.close_batch(NOW)
    send(pipeline, "debut-mars.xml", batch([ubl("L-printing", "C-EMIL")]))
    pipeline.work_until_idle(NOW)
    with store.writing() as session:
        assert delivery.close_batch(session, NOW, force=True)
    send(pipeline, "mars.xml", batch([ubl("L-presented"), ubl("L-seen", "C-BOB"), ubl("L-mailed", "C-CHARLIE")]))
    numbers = ["L-posted", "L-printing", "L-presented", "L-seen", "L-mailed"]
    with store.writing() as session:
        alice = a_person(session, "alice").id
        enrol(session, alice, standing(session, "L-presented").account_id, NOW)
        bill_viewed(session, standing(session, "L-seen"), alice, NOW)
        mailed = standing(session, "L-mailed")
        mail = {
            "bill_id": mailed.id,
            "issuer_id": mailed.issuer_id,
            "person_id": alice,
            "channel": "email",
            "purpose": "notify",
            "state": "sent",
        }
        session.add(
            Delivery(**mail, reason=Reason("announced_by_email"), due_at=NOW, made_at=NOW, sent_at=NOW, attempts=1)
        )
    again = send(pipeline, "encore.xml", batch(dearer(number) for number in numbers))
    assert decide_conflicts_of_feed(store, again, "replace", OSCAR) == {"reached": 5}
    with store.reading() as session:
        firsts = [standing(session, number) for number in numbers]
        assert [f"L-{issuances_of(session, firsts)[first.id].how}" for first in firsts] == numbers
        assert {first.payable for first in firsts} == {Decimal("84.00")}
    assert outcomes(store, again) == {"conflict": 5}
    assert decide_conflicts_of_feed(store, again, "keep", OSCAR) == {"done": 5}
    assert outcomes(store, again) == {"rejected": 5}


def test_who_claims_the_account_of_a_letter_has_reached_that_bill(
    pipeline: Pipeline, store: Store, config: Config
) -> None:
    """February's letter carries a code; with it Alice holds the account, and finds March's bill in her space."""
    send(pipeline, "fevrier.xml", batch([ubl("F-1")]))
    pipeline.work_until_idle(NOW)
    pipeline.close_batch(NOW)
    send(pipeline, "mars.xml", batch(FIRST))
    send(pipeline, "encore.xml", batch([dearer("L-1")]))
    with store.writing() as session:
        letter = session.scalars(select(Delivery).where(Delivery.state == "sent")).one()
        code = letter_code(store.keys, letter)
        assert isinstance(claim_account(session, a_person(session, "alice"), 1, "C-ALICE", code, NOW), Claimed)
    assert settle(store, "replace") == "reached"


def test_a_bill_that_the_road_is_at_work_on_is_replaced_a_moment_later(pipeline: Pipeline, store: Store) -> None:
    send(pipeline, "mars.xml", batch(FIRST), worked=False)
    again = send(pipeline, "encore.xml", batch([ubl("L-8"), dearer("L-1"), ubl("L-9")]), worked=False)
    assert settle(store, "replace") == "busy"  # the first is not rendered yet
    with store.reading() as session:
        first_feed = standing(session, "L-1").feed_id
    pipeline.work_feed(first_feed, NOW)
    assert settle(store, "replace") == "busy"  # a chunk around the new one is at work
    pipeline.work_feed(again, NOW)
    assert settle(store, "replace") == "done"
    pipeline.work_feed(again, NOW)
    assert not any(check(store).invariants.values())


# -- several at once -------------------------------------------------------------------------------------------


def test_of_two_people_who_rule_at_once_one_is_first(pipeline: Pipeline, store: Store) -> None:
    send(pipeline, "mars.xml", batch(FIRST))
    send(pipeline, "encore.xml", batch([dearer("L-1")]))
    conflict = the_conflict(store)
    start, answers = threading.Barrier(4), []

    def decide(n: int) -> None:
        start.wait()
        choice: ConflictChoice = "replace" if n % 2 else "keep"
        answers.append(
            (decide_conflict(store, conflict.id, conflict.first_id, choice, Decision(f"p{n}", "vu", NOW)), f"p{n}")
        )

    people = [threading.Thread(target=decide, args=(n,)) for n in range(4)]
    for each in people:
        each.start()
    for each in people:
        each.join()
    [(_, winner)] = [each for each in answers if each[0] == "done"]
    assert Counter(answer for answer, _ in answers) == {"done": 1, "late": 3}
    with store.reading() as session:
        assert session.get_one(Conflict, conflict.id).decided_by == winner
    pipeline.work_until_idle(NOW)
    assert not any(check(store).invariants.values())


def test_a_letter_is_printed_or_its_bill_is_replaced_and_never_both(
    pipeline: Pipeline, store: Store, config: Config
) -> None:
    """One person rules on the feed while another closes the batch: each bill is before the other or after it."""
    people = [f"C-{n}" for n in range(8)]
    send(pipeline, "mars.xml", batch(ubl(f"L-{who}", who) for who in people))
    again = send(pipeline, "encore.xml", batch(dearer(f"L-{who}", who) for who in people))
    pipeline.work_until_idle(NOW)
    with store.reading() as session:
        waiting = waiting_conflicts(session, feed_id=again)
    start, answers = threading.Barrier(2), []

    def replace() -> None:
        start.wait()
        answers.extend(decide_conflict(store, each.id, each.first_id, "replace", OSCAR) for each in waiting)

    def close() -> None:
        start.wait()
        with store.writing() as session:
            delivery.close_batch(session, NOW, force=True)

    both = [threading.Thread(target=work) for work in (replace, close)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert len(answers) == 8
    assert set(answers) <= {"done", "reached"}
    printed_amounts(pipeline, config)
    with store.reading() as session:
        gone = select(func.count()).select_from(Delivery).join(BillRow, BillRow.id == Delivery.bill_id)
        gone = gone.where(Delivery.state == "sent")
        assert session.scalar(gone) == 8
        assert session.scalar(gone.where(BillRow.state == "superseded")) == 0
        assert session.scalar(gone.where(BillRow.feed_id == again)) == answers.count("done")
    assert not any(check(store).invariants.values())


def test_a_person_rules_on_what_they_have_seen(pipeline: Pipeline, store: Store) -> None:
    """Two other contents wait under one number. When one has replaced the first, the other is about another bill."""
    send(pipeline, "mars.xml", batch(FIRST))
    second = send(pipeline, "encore.xml", batch([dearer("L-1")]))
    third = send(pipeline, "toujours.xml", batch([dearer("L-1", net=120)]))
    seen = the_conflict(store, third)
    assert settle(store, "replace", second) == "done"
    pipeline.work_until_idle(NOW)
    assert decide_conflict(store, seen.id, seen.first_id, "replace", OSCAR) == "late"
    assert decide_conflict(store, seen.id, seen.first_id, "keep", OSCAR) == "late"
    assert settle(store, "replace", third) == "done"
    pipeline.work_until_idle(NOW)
    with store.reading() as session:
        assert standing(session, "L-1").payable == Decimal("144.00")
        states = select(BillRow.state).where(BillRow.number == "L-1").order_by(BillRow.id)
        assert session.scalars(states).all() == ["superseded", "superseded", "chosen"]
    assert not any(check(store).invariants.values())


def test_what_says_the_same_as_what_stands_by_now_is_no_conflict(pipeline: Pipeline, store: Store) -> None:
    send(pipeline, "mars.xml", batch(FIRST))
    second = send(pipeline, "encore.xml", batch([dearer("L-1")]))
    same = send(pipeline, "encore-bis.xml", batch([dearer("L-1"), ubl("L-9")]))
    assert settle(store, "replace", second) == "done"
    assert outcomes(store, same) == {"bill": 1, "duplicate": 1}
    with store.reading() as session:
        assert count_waiting(session) == 0
        assert session.scalars(select(Conflict.state).order_by(Conflict.id)).all() == ["replaced", "known"]
    assert not any(check(store).invariants.values())


def test_a_whole_feed_is_ruled_on_at_once(
    pipeline: Pipeline, store: Store, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feeds.conflicts.resolve_conflicts.GROUP", 4)  # conflicts in one transaction
    people = [f"C-{n}" for n in range(10)]
    send(pipeline, "mars.xml", batch(ubl(f"L-{who}", who) for who in people))
    again = send(pipeline, "encore.xml", batch(dearer(f"L-{who}", who) for who in people))
    with store.writing() as session:  # one of them has been looked at in the meantime
        bill_viewed(session, standing(session, "L-C-3"), a_person(session, "alice").id, NOW)
    with store.reading() as session:
        assert count_waiting(session, feed_id=again) == 10
    assert decide_conflicts_of_feed(store, again, "replace", OSCAR, most=5) == {"done": 4, "reached": 1}
    assert decide_conflicts_of_feed(store, again, "replace", OSCAR) == {"done": 5, "reached": 1}
    assert decide_conflicts_of_feed(store, again, "keep", OSCAR) == {"done": 1}
    assert outcomes(store, again) == {"bill": 9, "rejected": 1}
    posted = printed_amounts(pipeline, config)
    assert (len(posted), len(set(posted))) == (10, 10)
    with store.reading() as session:
        letters = select(func.count()).select_from(Delivery).join(BillRow, BillRow.id == Delivery.bill_id)
        of_first = letters.where(Delivery.state == "sent", BillRow.state == "superseded")
        assert session.scalar(of_first) == 0
    assert not any(check(store).invariants.values())


def test_a_feed_that_uses_a_number_twice_waits_for_somebody_who_looks(pipeline: Pipeline, store: Store) -> None:
    feed_id = send(pipeline, "mars.xml", batch([ubl("L-1"), dearer("L-1"), ubl("L-2", "C-BOB")]))
    assert decide_conflicts_of_feed(store, feed_id, "replace", OSCAR) == {"both_in_feed": 1}
    assert settle(store, "replace") == "done"
    pipeline.work_feed(feed_id, NOW)
    with store.reading() as session:
        assert standing(session, "L-1").payable == Decimal("118.80")
    assert outcomes(store, feed_id) == {"bill": 3}
    assert not any(check(store).invariants.values())


# -- killed, forgotten, swept ----------------------------------------------------------------------------------


def test_killed_in_between_nothing_is_settled_by_halves(
    pipeline: Pipeline, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(pipeline, "mars.xml", batch(FIRST))
    again = send(pipeline, "encore.xml", batch([dearer("L-1")]))
    for step in ("_supersede", "_create_bill", "_close", "_reassess_others"):
        with monkeypatch.context() as patched:
            patched.setattr(
                f"feeds.conflicts.decide_conflict.{step}", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt)
            )
            with pytest.raises(KeyboardInterrupt):
                settle(store, "replace")
        assert outcomes(store, again) == {"conflict": 1}
        assert not any(check(store).invariants.values())
    assert settle(store, "replace") == "done"
    pipeline.work_until_idle(NOW)
    assert not any(check(store).invariants.values())


def test_what_nobody_rules_on_in_time_is_refused(pipeline: Pipeline, store: Store, config: Config) -> None:
    send(pipeline, "mars.xml", batch(FIRST))
    again = send(pipeline, "encore.xml", batch([dearer("L-1")]))
    printed_amounts(pipeline, config)
    pipeline.settle(NOW + timedelta(days=config.conflict_days))
    assert outcomes(store, again) == {"conflict": 1}
    pipeline.settle(NOW + timedelta(days=config.conflict_days, seconds=1))
    assert outcomes(store, again) == {"rejected": 1}
    with store.reading() as session:
        conflict = session.scalars(select(Conflict)).one()
        assert (conflict.state, conflict.decided_by) == ("kept", "road")
        assert french(conflict.reason) == "personne n’a décidé en 60 jours"
        assert session.get_one(Feed, again).state == "settled"
    assert not any(check(store).invariants.values())


def archive_of(*members: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for member, content in members:
            archive.writestr(zipfile.ZipInfo(member), content)
    return file.getvalue()


@pytest.mark.parametrize("choice", ["keep", "replace"])
def test_the_parcel_goes_when_the_conflict_is_settled(
    store: Store, config: Config, tmp_path: Path, choice: ConflictChoice
) -> None:
    """Eaux du Val prints its bills itself: the new pages lie in a staging blob while a person decides, and no
    longer."""
    with store.writing() as session:
        add_issuer(session, "eaux", "Eaux du Val", NOW, profile('by = "file"'))
    pipeline = Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender))
    rows = ("index.csv", index([("EV-1", "Alice")]))
    old, new = printed("EV-1", "Alice"), printed("EV-1", "Alice", 2)
    send(pipeline, "mars.zip", archive_of(rows, ("EV-1.pdf", old)))
    send(pipeline, "encore.zip", archive_of(rows, ("EV-1.pdf", new)))
    pipeline.sweep(NOW)
    with store.reading() as session:
        assert len(session.scalars(select(StagingBlob)).all()) == 1
    assert settle(store, choice) == "done"
    pipeline.work_until_idle(NOW)
    with store.reading() as session:
        assert session.scalars(select(StagingBlob)).all() == []
        assert session.scalars(select(StoredAttachment)).all() == []
        bill = standing(session, "EV-1")
        assert store.archive(session).pdf(bill) == (old if choice == "keep" else new)
    assert not any(check(store).invariants.values())
