"""Lumière with its bills, and what carried their links: a letter to the household, a mail to Bruno."""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from bill import Reason
from consumers.claim_code import digest, letter_code
from consumers.one_bill_link import one_bill_token
from store import Store
from store.accounts.consumer import Consumer
from store.bills.bill import BillRow
from store.delivery import Delivery
from store.payments.payment_order import PaymentOrder
from tests.portal.sample_town import World, a_bill


def token_of_letter(world: World, bill: BillRow) -> str:
    """The token in the QR code of a letter of this bill, which went out yesterday with its code."""
    world.letter(bill, "")
    with world.store.writing() as session:
        mine = (Delivery.bill_id == bill.id, Delivery.channel == "paper")
        letter = session.scalars(select(Delivery).where(*mine).order_by(Delivery.id.desc())).first()
        assert letter is not None
        letter.claim_digest = digest(letter_code(world.store.keys, letter))
        return one_bill_token(world.store.keys, letter)


def begin_guest_order(world: World, bill: BillRow) -> int:
    """A payment that a guest began on line, and of which nothing was told."""
    with world.store.writing() as session:
        order = PaymentOrder(
            issuer_id=bill.issuer_id, bill_id=bill.id, consumer_id=None, amount=Decimal(5), currency="EUR",
            state="open", made_at=world.now,
        )  # fmt: skip
        session.add(order)
        session.flush()
        return order.id


class LinkTown:
    """LUM-1 and LUM-2 are Alice's, LUM-3 is Bruno's; the letter of LUM-1 has gone yesterday."""

    def __init__(self, store: Store, world: World) -> None:
        self.store, self.world = store, world
        self.lumiere = world.issuer("lumiere", "Lumière de l’Ouest", 'trade = "electricity"')
        today = world.today
        self.bills = world.drop(
            self.lumiere,
            [
                a_bill("LUM-1", "C-1001", today - timedelta(days=2)),
                a_bill("LUM-2", "C-1001", today - timedelta(days=33), "51.00"),
                a_bill("LUM-3", "C-3003", today - timedelta(days=2), buyer="Bruno Leroy"),
            ],
        )

    def letter(self, number: str = "LUM-1") -> str:
        """The token in the QR code of a letter of this bill, which went out yesterday."""
        return token_of_letter(self.world, self.bills[number])

    def mail(self, number: str, reader: Consumer) -> str:
        """The token in a mail of this bill to somebody, sent an hour ago."""
        return self.message(number, reader, "email")

    def message(self, number: str, reader: Consumer, channel: str) -> str:
        """The same by another channel."""
        sent = self.world.now - timedelta(hours=1)
        with self.store.writing() as session:
            mail = Delivery(
                bill_id=self.bills[number].id, issuer_id=self.lumiere, person_id=reader.id, channel=channel,
                purpose="notify", state="sent", reason=Reason("new_bill"), due_at=sent, made_at=sent, sent_at=sent,
            )  # fmt: skip
            session.add(mail)
            session.flush()
            return one_bill_token(self.store.keys, mail)

    def code(self, number: str = "LUM-1") -> str:
        with self.store.reading() as session:
            return letter_code(self.store.keys, session.scalars(self._of(number, "paper")).one())

    def row(self, number: str = "LUM-1") -> BillRow:
        with self.store.reading() as session:
            return session.get_one(BillRow, self.bills[number].id)

    def change(self, number: str, channel: str, **values: object) -> None:
        """Something became of a delivery of this bill."""
        with self.store.writing() as session:
            delivery = session.scalars(self._of(number, channel)).one()
            for name, value in values.items():
                setattr(delivery, name, value)

    def _of(self, number: str, channel: str):
        return select(Delivery).where(Delivery.bill_id == self.bills[number].id, Delivery.channel == channel)
