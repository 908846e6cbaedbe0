"""A worker finds Alice's new bills for her accountant, and sends them after what people wait for."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from config import Config
from pipeline.feed_pipeline import Pipeline
from store import Store
from store.bill_forwarding.forward_address import ForwardAddress, confirm_forward
from store.bill_forwarding.forwarded_bill import FORWARD_BILL, ForwardedBill, queue_forwards
from store.bills.bill import BillRow
from store.job import Job, request_job
from tests.conftest import Clock
from tests.portal.conftest import Mailbox
from tests.portal.sample_town import World, a_bill

CHARLIE = "charlie@comptable.example"


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def pipeline(store: Store, config: Config, mailbox: Mailbox, clock: Clock) -> Pipeline:
    world = World(store, clock())
    lumiere = world.issuer("lumiere", "Lumière de l’Ouest")
    world.drop(lumiere, [a_bill("LO-1", "C-1", world.today - timedelta(days=30))])
    alice = world.consumer("Alice Martin", holds={lumiere: "C-1"})
    with store.writing() as session:
        forward = ForwardAddress(consumer_id=alice.id, email=CHARLIE, asked_at=clock())
        session.add(forward)
        session.flush()
        confirm_forward(session, forward.id, clock())
    row = world.drop(lumiere, [a_bill("LO-2", "C-1", world.today)])["LO-2"]
    with store.writing() as session:
        session.execute(update(BillRow).where(BillRow.id == row.id).values(received_at=clock()))
    return Pipeline(store, config, mailbox)


def test_a_worker_finds_and_sends_it_once(pipeline: Pipeline, mailbox: Mailbox, store: Store, clock: Clock) -> None:
    for _ in range(2):
        pipeline.work_until_idle(clock())
    assert [to for to, _ in mailbox.mails] == [CHARLIE]
    with store.reading() as session:
        assert len(session.scalars(select(ForwardedBill)).all()) == 1


def test_whoever_waits_for_a_mail_goes_first(pipeline: Pipeline, mailbox: Mailbox, store: Store, clock: Clock) -> None:
    with store.writing() as session:
        assert queue_forwards(session, clock(), 10) == 1
        request_job(session, "already_signed_up", {"email": "bob@exemple.fr"}, clock())
    assert pipeline.jobs.send_mails(clock())
    assert [to for to, _ in mailbox.mails] == ["bob@exemple.fr", CHARLIE]


def test_nothing_is_sent_while_the_relay_is_left_alone(pipeline: Pipeline, store: Store, clock: Clock) -> None:
    with store.writing() as session:
        queue_forwards(session, clock(), 10)
    pipeline.context.relay.record_result("down", clock())
    pipeline.jobs.send_mails(clock())
    with store.reading() as session:
        assert session.scalars(select(Job.attempts).where(Job.kind == FORWARD_BILL)).all() == [0]
