"""A small world, written straight into the store: who has which bills, letters and consents."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import count
from typing import TypeVar

import msgspec
from sqlalchemy.orm import Session

from bill import Bill, PostalAddress, Reason, Totals, pack
from consumers.claim_code import digest
from store.accounts.consumer import Consumer, enrol
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow, new_uid
from store.delivery import THE_ADDRESSEE, Delivery
from store.feeds.feed import Feed
from store.feeds.item import Item
from store.issuer import Issuer
from store.print_batch import PrintBatch


def moment(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), UTC)


Row = TypeVar("Row")


class World:
    """Writes rows as the pipeline would have left them."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._numbers = count(1)

    def issuer(self, slug: str, name: str = "") -> Issuer:
        at = moment(date(2025, 1, 2))
        return self.add(Issuer(slug=slug, name=name or slug.title(), profile="", added_at=at, changed_at=at))

    def consumer(self, name: str) -> Consumer:
        at = moment(date(2025, 1, 2))
        email = f"{name.lower()}@exemple.fr"
        return self.add(Consumer(email=email, name=name, password_hash="-", signed_up_at=at, confirmed_at=at))

    def account(self, issuer: Issuer, number: str, term: str = "BT-46") -> CustomerAccount:
        address = msgspec.msgpack.encode(PostalAddress(line1="1 rue du Port", postcode="44000", city="Nantes"))
        return self.add(
            CustomerAccount(
                issuer_id=issuer.id, term=term, value=number, holder="Alice Martin", address=address,
                as_of=date(2025, 1, 2), encrypted_key=b"-",
            )
        )  # fmt: skip

    def holds(self, consumer: Consumer, account: CustomerAccount, since: date) -> None:
        assert enrol(self.session, consumer.id, account.id, moment(since))

    def feed(self, issuer: Issuer, at: datetime, state: str = "settled", **also: object) -> Feed:
        n = next(self._numbers)
        return self.add(
            Feed(
                issuer_id=issuer.id, sha256=f"{n:064}", name=f"lot-{n}.xml", size=1000, door="cli", state=state,
                received_at=at, **also,
            )
        )  # fmt: skip

    def bill(
        self, account: CustomerAccount, issued: date, *, channel: str | None = "paper", number: str = "",
        viewed_at: datetime | None = None, state: str = "chosen", feed: Feed | None = None,
    ) -> BillRow:  # fmt: skip
        n = next(self._numbers)
        issuer = self.session.get_one(Issuer, account.issuer_id)
        feed = feed or self.feed(issuer, moment(issued), entries=1, released_upto=1)
        content = pack(
            Bill(number=number or f"F-{n}", issue_date=issued, currency="EUR", totals=Totals(payable=Decimal("84.20")))
        )
        row = self.add(
            BillRow(
                uid=new_uid(), issuer_id=issuer.id, number=number or f"F-{n}", feed_id=feed.id, item_seq=n,
                account_id=account.id, state=state, type_code="380", issue_date=issued, currency="EUR",
                payable=Decimal("84.20"), to_pay=Decimal("84.20"), seller_name=issuer.name, buyer_name="Alice Martin",
                line_count=1, content=content, content_sha256="c", body_sha256="b", received_at=moment(issued),
                channel=channel, viewed_at=viewed_at, pdf_sha256="p",
            )
        )  # fmt: skip
        self.add(
            Item(
                feed_id=feed.id, seq=n, number=row.number, body_sha256="b", currency="EUR", payable=row.payable,
                outcome="bill", bill_id=row.id, place=f"/Invoice[{n}]",
            )
        )  # fmt: skip
        return row

    def delivery(
        self, bill: BillRow, channel: str, purpose: str, sent_at: datetime | None, *, state: str = "sent",
        person: Consumer | None = None, **also: object,
    ) -> Delivery:  # fmt: skip
        made_at = moment(bill.issue_date)
        return self.add(
            Delivery(
                bill_id=bill.id, issuer_id=bill.issuer_id, person_id=person.id if person else THE_ADDRESSEE,
                channel=channel, purpose=purpose, state=state, reason=Reason("account_unclaimed"), due_at=made_at,
                made_at=made_at, sent_at=sent_at, **also,
            )
        )  # fmt: skip

    def batch(self, handed_over: date | None, state: str = "handed_over") -> PrintBatch:
        at = moment(handed_over or date(2026, 3, 1), 15)
        return self.add(
            PrintBatch(state=state, opened_at=at, cut_off_at=at, handed_over_at=at if handed_over else None, letters=1)
        )

    def letter(
        self, bill: BillRow, code: str, posted: date | None, state: str = "sent", batch: str = "handed_over"
    ) -> Delivery:
        """A letter with this code on it, handed over on a day."""
        return self.delivery(
            bill, "paper", "print", moment(posted, 15) if posted else None, state=state,
            batch_id=self.batch(posted, batch).id, claim_digest=digest(code),
        )  # fmt: skip

    def add(self, row: Row) -> Row:
        self.session.add(row)
        self.session.flush()
        return row
