"""What staff are told of a bill: one sentence, the right one; and how far a feed has come."""

from datetime import UTC, date, datetime

import pytest

from bill import Reason
from delivery.channels.paper.vanished_print_files import LostLetters
from portal.operators.presenters.delivery_timeline import bill_status, name_of, steps_of, veiled, why_silent
from portal.operators.presenters.feed_progress import feed_progress
from store import Store
from store.bills.bill import BillRow
from store.delivery import Attempt, Delivery, record_receipt
from store.feeds.chunk import Chunk
from store.feeds.feed_outcome_counts import keep_tallies
from store.feeds.item import Item
from tests.adoption.sample_accounts import World
from tests.word_catalogues import said
from words import state_names

pytestmark = pytest.mark.beside_any_database

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


def a_letter(state: str, sent_at: datetime | None = None, reason: str = "") -> Delivery:
    return Delivery(
        channel="paper", purpose="print", state=state, sent_at=sent_at, due_at=NOW, reason=Reason.said(reason)
    )


def a_bill(state: str = "chosen", viewed_at: datetime | None = None) -> BillRow:
    return BillRow(state=state, viewed_at=viewed_at)


@pytest.mark.parametrize(
    ("bill", "letters", "words", "tone"),
    [
        (a_bill("failed"), [], "Mise de côté", "bad"),
        (a_bill("recalled"), [a_letter("cancelled", NOW)], "Rappelée", ""),
        (a_bill(viewed_at=NOW), [a_letter("cancelled")], "Vue par", "good"),
        (a_bill(viewed_at=NOW), [a_letter("sent", NOW)], "Vue par", "good"),
        (a_bill(), [a_letter("sent", NOW)], "Postée", "good"),
        (a_bill(), [a_letter("failed", NOW)], "puis revenue", "bad"),
        (a_bill(), [a_letter("waiting")], "postée si personne", ""),
        (a_bill(), [a_letter("attempting")], "prochain lot", ""),
        (a_bill(), [a_letter("failed")], "Sans nouvelles", "bad"),
        (a_bill(), [], "Sans nouvelles", "bad"),
        (a_bill("released"), [], "En préparation", ""),
    ],
)
def test_one_sentence_says_where_a_bill_stands(bill: BillRow, letters: list[Delivery], words: str, tone: str) -> None:
    said = bill_status(bill, letters)
    assert words in said.words
    assert said.tone == tone


def test_a_letter_whose_file_is_gone_was_not_posted() -> None:
    letter = a_letter("sent", NOW)
    letter.id, letter.batch_id = 7, 3
    for lost in (LostLetters([3], []), LostLetters([], [7])):
        said = bill_status(a_bill(), [letter], lost)
        assert (said.words, said.tone) == (why_silent(a_bill(), [letter]), "bad")
        assert "Vue par" in bill_status(a_bill(viewed_at=NOW), [letter], lost).words
        assert "prochain lot" in bill_status(a_bill(), [letter, a_letter("ready")], lost).words
    assert "Postée" in bill_status(a_bill(), [letter], LostLetters([4], [8])).words


def test_why_a_bill_is_silent() -> None:
    assert why_silent(a_bill(), [a_letter("failed", reason="il manque la rue")]) == "il manque la rue"
    assert "manqué son lot" in why_silent(a_bill(), [a_letter("ready")])
    assert "Aucune lettre" in why_silent(a_bill(), [a_letter("cancelled")])
    assert "boîte d’envoi" in why_silent(a_bill(), [a_letter("sent", NOW)])
    assert "Mise de côté" in why_silent(a_bill("failed"), [])


def test_an_address_is_veiled_and_a_purpose_named() -> None:
    assert veiled("alice.martin@exemple.fr") == "a…@exemple.fr"
    assert [name_of(purpose) for purpose in ("notify", "remind-2", "print")] == ["Annonce", "Rappel 2", "Lettre"]


def test_steps_come_in_the_order_they_were_done_with_their_attempts(store: Store) -> None:
    with store.writing() as session:
        world = World(session)
        alice = world.consumer("Alice")
        bill = world.bill(world.account(world.issuer("lumiere"), "1"), date(2026, 2, 20))
        world.delivery(bill, "paper", "print", NOW)
        notice = world.delivery(bill, "email", "notify", datetime(2026, 2, 20, tzinfo=UTC), person=alice)
        world.add(Attempt(delivery_id=notice.id, n=1, started_at=NOW, outcome="sent"))
        record_receipt(session, notice.id, "bounced", NOW, "550 no such user")
        first, last = steps_of(session, bill)
        assert (first.name, first.to, last.name, last.to) == ("Annonce", "a…@exemple.fr", "Lettre", "Alice Martin")
        assert [attempt.outcome for attempt in first.attempts] == ["sent"]
        assert [receipt.kind for receipt in first.receipts] == ["bounced"]


def test_a_feed_is_as_far_as_its_items_then_as_its_bills(store: Store) -> None:
    with store.writing() as session:
        world = World(session)
        issuer = world.issuer("lumiere")
        account = world.account(issuer, "1")
        reading = world.feed(issuer, NOW, state="reading", entries=3, released_upto=1, read_at=NOW)
        for seq, outcome in ((1, "rejected"), (2, None), (3, None)):
            world.add(Item(feed_id=reading.id, seq=seq, body_sha256="b", outcome=outcome))
        released = world.feed(issuer, NOW, state="released", entries=3)
        for state in ("rendered", "chosen", "failed"):
            bill = world.bill(account, date(2026, 2, 20), state=state, feed=released)
            done = "todo" if state == "rendered" else "done"
            world.add(Chunk(feed_id=released.id, first_seq=bill.item_seq, last_seq=bill.item_seq, state=done))
        keep_tallies(session, reading.id)
        session.refresh(reading)
        received = world.feed(issuer, NOW, state="received")
        read, out, new = feed_progress(session, [reading, released, received])
    assert (read.done, read.all, read.refused, read.is_moving) == (1, 3, 1, True)
    assert (out.done, out.all, out.set_apart, out.is_moving) == (2, 3, 1, True)
    assert (new.done, new.all, new.is_moving) == (0, 0, True)


def test_every_word_of_the_trade_is_in_the_catalogue() -> None:
    known = [
        value
        for name, value in vars(state_names).items()
        if isinstance(value, dict) and name.isupper()
        for value in value.values()
    ]
    words = {value[0] if isinstance(value, tuple) else value for value in known}
    assert len(words) > 40
    assert words - said("sentences").keys() == set()
