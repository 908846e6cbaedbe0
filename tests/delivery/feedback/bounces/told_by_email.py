"""A bill that was announced by e-mail, and what is heard of it."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

import delivery
from delivery.channels.email.mail_origin import MailOrigin
from delivery.channels.email.return_path import return_path
from delivery.feedback.bounces.record_mail_feedback import hear_message
from store.accounts.consumer import Consumer
from store.delivery import Attempt, Delivery, receipts_by_delivery
from store.vault.key_ring import KeyRing
from tests.conftest import SECRET
from tests.delivery.sample_bills import World

TUESDAY = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
WEDNESDAY = TUESDAY + timedelta(days=1)
ISSUED, DUE = date(2026, 3, 3), date(2026, 4, 7)
KEYS = KeyRing(SECRET)
PAPER = ("print", None)


class Told:
    """Alice's bill, announced by e-mail on Tuesday, and what is heard of it."""

    def __init__(self, world: World, post: delivery.MailTransport) -> None:
        self.world = world
        self.alice = world.consumer("Alice")
        self.bill = world.bill(world.account(self.alice, paperless=True), ISSUED, DUE)
        world.choose(TUESDAY)
        world.send(post, TUESDAY)
        self.notice = self.owed("notify", self.alice).id
        with world.store.reading() as session:
            self.message_id = session.scalars(select(Attempt.message_id)).one()

    def owed(self, *key: object) -> Delivery:
        return self.world.owed(self.bill)[key]

    def hear(self, raw: bytes, now: datetime = WEDNESDAY, *, path: str | None = None) -> str:
        """The message arrives in the mailbox, where the server notes its envelope recipient."""
        recipient = (
            return_path(KEYS, MailOrigin("delivery", self.notice), "bounces@example.org") if path is None else path
        )
        raw = f"Delivered-To: {recipient}\n".encode() + raw.replace(b"<d4711@example.org>", self.message_id.encode())
        with self.world.store.writing() as session:
            return hear_message(session, KEYS, raw, "mailbox", now)

    @property
    def receipts(self) -> dict[str, str]:
        with self.world.store.reading() as session:
            found = receipts_by_delivery(session, [self.notice])[self.notice]
            return {each.kind: each.words for each in found}

    @property
    def letter(self) -> str:
        return self.owed(*PAPER).state

    @property
    def mail_failure(self) -> str | None:
        with self.world.store.reading() as session:
            consumer = session.get_one(Consumer, self.alice)
            return consumer.mail_failure if consumer.mail_failed_at else None
