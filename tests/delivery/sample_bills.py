"""Alice, Bob and Charlie, and the bills they get: written into a real store as the pipeline leaves them before
choosing."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec
from sqlalchemy import func, select, update

import delivery
from bill import AmountDue, Bill, Brand, MailPieceNumber, Overlay, PostalAddress, Totals, pack
from consumers.one_bill_link import one_bill_url
from store import Store
from store.accounts.consumer import Consumer, enrol
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow, new_uid
from store.blobs.mounted_folder_check import mark
from store.db.event import Event
from store.db.leases import acquire_lease
from store.delivery import Delivery
from store.feeds.feed import Feed
from store.issuer import Issuer, TemplateRow
from store.print_batch import PrintBatch
from store.vault.pdf_segment import write_segment

SECRET = b"a secret of thirty-two bytes ..."
PUBLIC_URL = "https://facteur.example"
PREFIX = b"%PDF-1.7 the issuer's own pages begin like this\n"
HOME = PostalAddress(line1="1 rue du Port", postcode="44000", city="Nantes", country="FR")


class Press:
    """Makes files that anybody can read: one line a letter. A bill of size `long` has two pages, `thick-40` forty."""

    end = b"%%EOF\n"

    def read(self, prefix: bytes, suffix: bytes) -> "Pages":
        assert prefix == PREFIX
        size = suffix.split()[0]
        if size == b"torn":
            raise delivery.Unprintable("its pages are torn")
        return Pages({b"short": 1, b"long": 2}.get(size) or int(size.partition(b"-")[2]), suffix)

    def large_print(self, bill: Bill, brand: Brand, due: AmountDue) -> tuple[bytes, ...]:
        return (b"an answer", b"a bill", b"its totals")

    def begin(self, out: BinaryIO, *, duplex: bool) -> "Printing":
        return Printing(self, out, 2 if duplex else 1)


class Pages(NamedTuple):
    pages: int
    body: bytes
    scaled: int = 0
    seconds: float = 0.0


class Printing:
    def __init__(self, press: Press, out: BinaryIO, sides: int) -> None:
        self.press, self.out, self.sides = press, out, sides

    def add(
        self, prefix: bytes, body: bytes, overlay: Overlay, number: MailPieceNumber, large_print: Sequence[bytes] = ()
    ) -> int:
        said = {"suffix": body.decode(), **msgspec.structs.asdict(overlay), **msgspec.structs.asdict(number)}
        self.out.write(msgspec.json.encode({**said, "large_print": len(large_print)}) + b"\n")
        sheets = [-(-pages // self.sides) for pages in (len(large_print), self.press.read(prefix, body).pages)]
        return sum(sheets) + overlay.carrier

    def close(self) -> None:
        self.out.write(self.press.end)


class World:
    """Makes people and bills, and looks at what became of them."""

    def __init__(self, store: Store, outbox: Path) -> None:
        self.store = store
        self.outbox = outbox
        mark(outbox)
        self.house = delivery.PrintHouse()
        self._numbers = count(1)
        at = datetime(2026, 1, 5, 9, tzinfo=UTC)
        sha256 = store.blobs.put(PREFIX)
        self.issuer_id = self.issuer("lumiere", "Lumière de l'Ouest")
        with store.writing() as session:
            issuer = session.get_one(Issuer, self.issuer_id)
            template = TemplateRow(issuer_id=issuer.id, version="1", prefix_sha256=sha256, made_at=at)
            feed = Feed(
                issuer_id=issuer.id, sha256="0" * 64, name="feed.xml", size=1, door="cli", state="released",
                received_at=at,
            )  # fmt: skip
            session.add_all([template, feed])
            session.flush()
            self.template_id, self.feed_id = template.id, feed.id

    def issuer(self, slug: str, name: str) -> int:
        at = datetime(2026, 1, 5, 9, tzinfo=UTC)
        with self.store.writing() as session:
            issuer = Issuer(slug=slug, name=name, profile="", added_at=at, changed_at=at)
            session.add(issuer)
            session.flush()
            return issuer.id

    def profile(self, text: str) -> None:
        with self.store.writing() as session:
            session.execute(update(Issuer).where(Issuer.id == self.issuer_id).values(profile=text))

    def consumer(self, name: str, email: str = "", language: str = "fr") -> int:
        at = datetime(2026, 1, 5, 9, tzinfo=UTC)
        consumer = Consumer(
            email=email or f"{name.lower()}@example.org", name=name, password_hash="-", signed_up_at=at,
            confirmed_at=at, language=language,
        )  # fmt: skip
        with self.store.writing() as session:
            session.add(consumer)
        return consumer.id

    def account(
        self, *holders: int, paperless: bool = False, address: PostalAddress = HOME, name: str = "", issuer_id: int = 0
    ) -> int:  # fmt: skip
        n = next(self._numbers)
        account = CustomerAccount(
            issuer_id=issuer_id or self.issuer_id, term="BT-46", value=f"C-{n}", holder=name or f"Client {n}",
            address=msgspec.msgpack.encode(address), as_of=date(2026, 1, 5), paperless=paperless,
            encrypted_key=self.store.encryptor.encrypt_key(b"k" * 32),
        )  # fmt: skip
        with self.store.writing() as session:
            session.add(account)
            session.flush()
            for holder in holders:
                enrol(session, holder, account.id, datetime(2026, 1, 6, 9, tzinfo=UTC))
        return account.id

    def bill(
        self, account_id: int, issued: date, due: date | None = None, *, payable: str = "84.20",
        to_pay: str | None = None, type_code: str = "380", number: str = "", size: str = "short",
    ) -> int:  # fmt: skip
        """A rendered bill, its PDF archived."""
        n = next(self._numbers)
        number = number or f"F-{n}"
        amount = Decimal(payable)
        noun = Bill(number=number, issue_date=issued, due_date=due, currency="EUR", totals=Totals(payable=amount))
        row = BillRow(
            uid=new_uid(), issuer_id=self._issuer_of(account_id), number=number, feed_id=self.feed_id, item_seq=n,
            account_id=account_id, state="released", type_code=type_code, issue_date=issued, due_date=due,
            currency="EUR", payable=amount, to_pay=amount if to_pay is None else Decimal(to_pay),
            seller_name="Lumière de l'Ouest", buyer_name="Client", line_count=0, content=pack(noun),
            content_sha256="-", body_sha256="-", received_at=datetime.combine(issued, time(9), UTC),
        )  # fmt: skip
        suffix = f"{size} {number}".encode()
        with self.store.writing() as session:
            session.add(row)
            session.flush()
            key = session.get_one(CustomerAccount, account_id).encrypted_key
            place = write_segment(self.store.blobs, self.store.encryptor, [(row.id, account_id, key, [suffix])])[row.id]
            row.state, row.template_id, row.pdf_sha256 = "rendered", self.template_id, _sha256(PREFIX + suffix)
            row.segment_sha256, row.segment_at, row.segment_length = place
        return row.id

    def _issuer_of(self, account_id: int) -> int:
        with self.store.reading() as session:
            return session.get_one(CustomerAccount, account_id).issuer_id

    def choose(self, now: datetime, *bill_ids: int) -> None:
        with self.store.writing() as session:
            rows = session.scalars(select(BillRow).where(BillRow.state == "rendered").order_by(BillRow.id)).all()
            delivery.choose_bills(session, [row for row in rows if not bill_ids or row.id in bill_ids], now)

    def send(self, post: delivery.MailTransport, now: datetime) -> None:
        with self.store.writing() as session:
            delivery.promote_due(session, now)
        delivery.send_due(self.store, post, PUBLIC_URL, now)

    def view(self, bill_id: int, consumer_id: int, now: datetime) -> bool:
        with self.store.writing() as session:
            return delivery.bill_viewed(session, session.get_one(BillRow, bill_id), consumer_id, now)

    def print(self, now: datetime, *, force: bool = False) -> int | None:
        """What the pipeline does about paper at this moment; the batch that was closed."""
        with self.store.writing() as session:
            delivery.promote_due(session, now)
        with self.store.writing() as session:
            delivery.join_batch(session, now)
        with self.store.writing() as session:
            closed = delivery.close_batch(session, now, force=force)
        if closed is not None:
            self.hand_over(closed, now)
        return closed

    def hand_over(self, batch_id: int, now: datetime, press: type[Press] = Press) -> None:
        for _ in self.handing_over(batch_id, now, press):
            pass

    def handing_over(self, batch_id: int, now: datetime, press: type[Press] = Press) -> Iterator[None]:
        """Letter by letter; whoever had the batch before has died."""
        room = delivery.PrintRoom(printer=press(), house=self.house, outbox=self.outbox, public_url=PUBLIC_URL)
        with self.store.writing() as session:
            session.execute(update(PrintBatch).values(lease_owner=None))
            assert acquire_lease(session, PrintBatch, batch_id)
        yield from delivery.handing_over(self.store, batch_id, room, lambda: now)

    def live(self, post: delivery.MailTransport, since: datetime, until: datetime) -> None:
        """The pipeline does what is due, whenever something is."""
        now: datetime | None = since
        while now is not None and now <= until:
            self.send(post, now)
            self.print(now)
            now = self._next_moment(now)

    def _next_moment(self, now: datetime) -> datetime | None:
        waking = select(func.min(Delivery.due_at)).where(Delivery.state == "waiting", Delivery.due_at > now)
        closing = select(PrintBatch.cut_off_at).where(PrintBatch.state == "open", PrintBatch.cut_off_at > now)
        with self.store.reading() as session:
            moments = [session.scalar(waking), session.scalar(closing)]
        return min((moment for moment in moments if moment is not None), default=None)

    def owed(self, bill_id: int) -> dict[tuple[str, int | None], Delivery]:
        """Deliveries of a bill by purpose and person (None is whoever lives at the address)."""
        with self.store.reading() as session:
            rows = session.scalars(select(Delivery).where(Delivery.bill_id == bill_id).order_by(Delivery.id))
            return {(row.purpose, row.person_id): row for row in rows}

    def link(self, bill_id: int, person_id: int, purpose: str = "notify") -> str:
        """The link of this person's mail about a bill."""
        return one_bill_url(self.store.keys, PUBLIC_URL, self.owed(bill_id)[purpose, person_id])

    def states(self, bill_id: int) -> dict[tuple[str, int | None], str]:
        return {key: row.state for key, row in self.owed(bill_id).items()}

    def row(self, bill_id: int) -> BillRow:
        with self.store.reading() as session:
            return session.get_one(BillRow, bill_id)

    def batch(self, batch_id: int) -> PrintBatch:
        with self.store.reading() as session:
            return session.get_one(PrintBatch, batch_id)

    def events(self, delivery_id: int) -> list[str]:
        query = select(Event.what).where(Event.subject == "delivery", Event.subject_id == delivery_id)
        with self.store.reading() as session:
            return list(session.scalars(query.order_by(Event.id)))

    def count(self, *conditions: object) -> int:
        with self.store.reading() as session:
            return session.scalar(select(func.count()).select_from(Delivery).where(*conditions)) or 0


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
