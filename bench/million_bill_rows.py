"""Inserts the rows of the million-bill store (`bench.million_bill_store`): each table by INSERT … SELECT.

Who holds an account follows from its id: of five accounts, the first two (`id % 5` of 1 and 2) are held by a consumer,
and the first of these is paperless.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Select,
    String,
    Table,
    and_,
    case,
    cast,
    func,
    insert,
    literal,
    null,
    or_,
    select,
)

from bill import Bill, Line, Party, PostalAddress, Totals, pack
from store.accounts.consent import Consent
from store.accounts.consumer import Consumer, Enrolment
from store.accounts.customer_account import CustomerAccount
from store.base import Amount, Base, Moment
from store.bills.bill import BillRow
from store.db.event import Event
from store.delivery import Attempt, Delivery, Receipt
from store.feeds.item import Item
from store.print_batch import PrintBatch
from store.search.search_entry import SearchEntry, place_of

Values = dict[str, Any]
HOME = PostalAddress(line1="12 rue des Lilas", postcode="44000", city="Nantes", country="FR")
#: Padding that makes an id as long as a digest.
_ZEROS = "0" * 56
_EIGHT_DIGITS = 10_000_000

ACCOUNT = CustomerAccount.__table__
BILL = BillRow.__table__
DELIVERY = Delivery.__table__
ENROLMENT = Enrolment.__table__


class Drop(NamedTuple):
    """A feed of one month and issuer: a bill for each of these accounts, and the print batch of its letters."""

    feed_id: int
    issuer_id: int
    first: int  # account
    last: int
    first_bill: int  # its id
    issued: date
    at: datetime  # when it was released
    due_at: datetime | None  # latest feeds only: since when their deliveries are due

    @property
    def batch_id(self) -> int:
        """The id of the print batch."""
        return self.feed_id

    @property
    def is_latest(self) -> bool:
        """Whether it is a feed of the latest month."""
        return self.due_at is not None

    @property
    def bills(self) -> int:
        """The number of bills."""
        return self.last - self.first + 1


class Piece(NamedTuple):
    """Bills of a feed whose PDFs are in one segment, all of the same length."""

    first: int  # account
    last: int
    segment: Values  # the columns that all their rows share
    head: int
    length: int


def fill_from(connection: Connection, row: type[Base], values: Values, *sources: FromClause, where: Any = None) -> None:
    """Insert a row for each row of the sources. *values* are expressions on their columns, or constants."""
    table = row.__table__
    assert isinstance(table, Table)
    columns = [
        each if isinstance(each, ColumnElement) else literal(each, table.c[name].type) if each is not None else null()
        for name, each in values.items()
    ]
    query: Select[Any] = select(*columns).select_from(*sources)
    if where is not None:
        query = query.where(where)
    connection.execute(insert(table).from_select(list(values), query, include_defaults=True))


def numbers(first: int, last: int) -> FromClause:
    """Return the integers from *first* to *last* as a column `n`."""
    series = select(literal(first, Integer).label("n")).cte("numbers", recursive=True)
    return series.union_all(select(series.c.n + 1).where(series.c.n < last))


def named(prefix: str, number: ColumnElement[Any]) -> ColumnElement[str]:
    """Return *prefix* with an eight-digit number."""
    return literal(prefix, String).concat(cast(number + _EIGHT_DIGITS, String))


def is_held(account_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether the account is held by a consumer."""
    return (account_id % 5).in_([1, 2])


def is_paperless(account_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether the account is paperless."""
    return account_id % 5 == 1


def consumers(connection: Connection, count: int, at: datetime) -> None:
    """Insert confirmed consumers; one more is a property manager with hundreds of accounts."""
    series = numbers(1, count + 1)
    email = named("client-", series.c.n).concat("@exemple.fr")
    said = {"signed_up_at": at, "confirmed_at": at, "password_hash": "-"}
    fill_from(connection, Consumer, {"id": series.c.n, "email": email, "name": "Alice Martin", **said}, series)


def accounts(connection: Connection, issuer_id: int, first: int, last: int, encrypted_key: bytes, at: datetime) -> None:
    """Insert an issuer's accounts. All have the same key, so that segments can be written quickly."""
    series = numbers(first, last)
    n = series.c.n
    fill_from(
        connection,
        CustomerAccount,
        {
            "id": n, "issuer_id": issuer_id, "term": "BT-46", "value": named("C", n), "number_key": named("c", n),
            "holder": "Alice Martin", "address": msgspec.msgpack.encode(HOME), "as_of": at.date(),
            "paperless": is_paperless(n), "paperless_since": case((is_paperless(n), literal(at, Moment))),
            "encrypted_key": encrypted_key, "person_key": named("", n),
        },
        series,
    )  # fmt: skip


def enrolments(connection: Connection, people: int, manager_holds: int, at: datetime) -> None:
    """Insert enrolments: two accounts in five are held, two by each consumer. The property manager holds the first
    *manager_holds* of the others."""
    account_id = ACCOUNT.c.id
    place = 2 * (account_id // 5) + account_id % 5 - 1
    held = {"consumer_id": place % people + 1, "account_id": account_id, "enrolled_at": at}
    fill_from(connection, Enrolment, held, ACCOUNT, where=is_held(account_id))
    manager = held | {"consumer_id": people + 1}
    fill_from(connection, Enrolment, manager, ACCOUNT, where=(account_id % 5 == 3) & (account_id <= 5 * manager_holds))
    who = {"subject": "account", "subject_id": ENROLMENT.c.account_id, "at": at}
    by = literal("consumer ", String).concat(cast(ENROLMENT.c.consumer_id, String))
    fill_from(connection, Event, who | {"what": "enrolled", "by": by, "why": "code of a letter"}, ENROLMENT)
    without_paper = is_paperless(ENROLMENT.c.account_id)
    given = {"account_id": ENROLMENT.c.account_id, "consumer_id": ENROLMENT.c.consumer_id, "act": "paperless"}
    fill_from(connection, Consent, given | {"at": at, "wording": "2026-1"}, ENROLMENT, where=without_paper)
    fill_from(connection, Event, who | {"what": "paperless", "by": by}, ENROLMENT, where=without_paper)


def bills(connection: Connection, drop: Drop, piece: Piece, text: Values) -> None:
    """Insert a bill for each account of a piece of a feed."""
    account_id = ACCOUNT.c.id
    bill_id = account_id + (drop.first_bill - drop.first)
    place = account_id - drop.first
    amount = amount_of(account_id)
    viewed = case((_is_viewed(account_id, drop), literal(_viewed_at(drop), Moment)))
    letter = case((_is_posted(account_id, drop), literal(posted(drop), Moment)))
    fill_from(
        connection,
        BillRow,
        {
            "id": bill_id, "uid": named("bench-", bill_id), "issuer_id": drop.issuer_id,
            "number": named("F-", bill_id), "feed_id": drop.feed_id, "item_seq": place + 1, "account_id": account_id,
            "state": "chosen", "type_code": "380", "issue_date": drop.issued, "currency": "EUR",
            "due_date": drop.issued + timedelta(days=30), "gross": amount, "payable": amount, "to_pay": amount,
            "seller_name": "Lumière de l’Ouest", "buyer_name": "Alice Martin", "line_count": 4,
            "content_sha256": digest_like(bill_id), "body_sha256": digest_like(bill_id), "received_at": drop.at,
            "channel": case((is_paperless(account_id), literal("portal", String)), else_=literal("paper", String)),
            "viewed_at": viewed, "posted_at": letter,
            "segment_at": piece.head + (account_id - piece.first) * piece.length,
            "segment_length": piece.length,
            **text, **piece.segment,
        },
        ACCOUNT,
        where=account_id.between(piece.first, piece.last),
    )  # fmt: skip
    entry = {
        "place": literal(place_of(drop.issued, 0), BigInteger) + bill_id, "bill_id": bill_id, "account_id": account_id,
        "tokens": named("f ", bill_id).concat(" electricite electricit tranche tranch _84_20"),
    }  # fmt: skip
    fill_from(connection, SearchEntry, entry, ACCOUNT, where=account_id.between(piece.first, piece.last))


def items(connection: Connection, drop: Drop) -> None:
    """Insert the feed items that the bills were created from."""
    values = {
        "feed_id": BILL.c.feed_id, "seq": BILL.c.item_seq, "number": BILL.c.number, "place": "/Invoice",
        "body_sha256": BILL.c.body_sha256, "content_sha256": BILL.c.content_sha256, "currency": BILL.c.currency,
        "payable": BILL.c.payable, "outcome": "bill", "bill_id": BILL.c.id,
    }  # fmt: skip
    fill_from(connection, Item, values, BILL, where=_of(drop))


def deliveries(connection: Connection, drop: Drop) -> None:
    """Insert the deliveries of a feed's bills. Of the latest month some letters and notices are still due."""
    bill_id, account_id = BILL.c.id, BILL.c.account_id
    held = BILL.join(ENROLMENT, ENROLMENT.c.account_id == account_id)
    seen = BILL.c.viewed_at.is_not(None)
    base = {"bill_id": bill_id, "issuer_id": BILL.c.issuer_id, "due_at": drop.at, "made_at": drop.at}
    present = base | {
        "person_id": ENROLMENT.c.consumer_id, "channel": "portal", "purpose": "present",
        "state": case((seen, literal("delivered", String)), else_=literal("sent", String)),
        "reason_code": "shown_to_holder", "sent_at": drop.at,
        "delivered_at": BILL.c.viewed_at,
    }  # fmt: skip
    fill_from(connection, Delivery, present, held, where=_of(drop))
    is_due = and_(literal(drop.is_latest), account_id % 50 == 1)
    notify = base | {
        "person_id": ENROLMENT.c.consumer_id, "channel": "email", "purpose": "notify",
        "state": case((is_due, literal("ready", String)), else_=literal("sent", String)),
        "reason_code": "announced_by_email",
        "attempts": case((is_due, 0), else_=1), "sent_at": case((~is_due, literal(drop.at, Moment))),
    }  # fmt: skip
    fill_from(connection, Delivery, notify, held, where=and_(_of(drop), is_paperless(account_id)))
    fill_from(connection, Delivery, base | _letter(drop), BILL, where=_of(drop))


def _letter(drop: Drop) -> Values:
    """Return the letters: of everybody with paper, and of the others who have not looked in time."""
    account_id = BILL.c.account_id
    is_cancelled = is_paperless(account_id) & _is_viewed(account_id, drop)
    is_posted, posted_at = _is_posted(account_id, drop), posted(drop)
    state = case(
        (is_cancelled, literal("cancelled", String)),
        (_is_to_come(account_id, drop), literal("waiting", String)),
        (_is_due(account_id, drop), literal("ready", String)),
        else_=literal("delivered", String),
    )
    return {
        "channel": "paper", "purpose": "print", "state": state,
        "reason_code": "account_unclaimed", "attempts": case((is_posted, 1), else_=0),
        "due_at": case(
            (_is_to_come(account_id, drop), literal(drop.at + timedelta(days=25), Moment)),
            (_is_due(account_id, drop), literal(drop.due_at or drop.at, Moment)), else_=literal(posted_at, Moment),
        ),
        "sent_at": case((is_posted, literal(posted_at, Moment))),
        "delivered_at": case((is_posted, literal(_printed(drop), Moment))),
        "batch_id": case((is_posted, literal(drop.batch_id, Integer))),
        "claim_digest": case((is_posted, digest_like(BILL.c.id))),
    }  # fmt: skip


def attempts(connection: Connection, drop: Drop) -> None:
    """Insert one attempt for each mail and letter that went out, and the receipts of viewed bills."""
    values = {
        "delivery_id": DELIVERY.c.id, "n": 1, "started_at": DELIVERY.c.sent_at, "ended_at": DELIVERY.c.sent_at,
        "outcome": "sent", "message_id": named("<d", DELIVERY.c.id),
    }  # fmt: skip
    source = DELIVERY.join(BILL, BILL.c.id == DELIVERY.c.bill_id)
    went = and_(_of(drop), DELIVERY.c.sent_at.is_not(None))
    fill_from(connection, Attempt, values, source, where=and_(went, DELIVERY.c.channel != "portal"))
    seen = {"delivery_id": DELIVERY.c.id, "kind": "viewed", "at": DELIVERY.c.delivered_at}
    was_seen = and_(went, DELIVERY.c.channel == "portal", DELIVERY.c.state == "delivered")
    fill_from(connection, Receipt, seen, source, where=was_seen)


def events(connection: Connection, drop: Drop) -> None:
    """Insert an event for each change of state of the feed, its bills and their deliveries."""
    posted_at = posted(drop)
    for what, at in (("received", drop.at), ("reading", drop.at), ("released", drop.at), ("settled", posted_at)):
        if what == "settled" and drop.is_latest:
            continue
        of_feed = {"subject": "feed", "subject_id": drop.feed_id, "what": what, "at": at, "by": "road", "why": ""}
        connection.execute(insert(Event), [of_feed])
    of_bill = {"subject": "bill", "subject_id": BILL.c.id, "at": drop.at}
    for what, why in (("released", literal("", String)), ("rendered", literal("", String)), ("chosen", BILL.c.channel)):
        fill_from(connection, Event, of_bill | {"what": what, "why": why}, BILL, where=_of(drop))
    seen = of_bill | {"what": "viewed", "at": BILL.c.viewed_at, "by": "consumer"}
    fill_from(connection, Event, seen, BILL, where=and_(_of(drop), BILL.c.viewed_at.is_not(None)))
    source = DELIVERY.join(BILL, BILL.c.id == DELIVERY.c.bill_id)
    came_to = (
        ("attempting", DELIVERY.c.sent_at, and_(DELIVERY.c.sent_at.is_not(None), DELIVERY.c.channel != "portal")),
        ("sent", DELIVERY.c.sent_at, DELIVERY.c.sent_at.is_not(None)),
        ("delivered", DELIVERY.c.delivered_at, DELIVERY.c.delivered_at.is_not(None)),
        ("cancelled", BILL.c.viewed_at, DELIVERY.c.state == "cancelled"),
    )
    for what, when, condition in came_to:
        of_delivery = {"subject": "delivery", "subject_id": DELIVERY.c.id, "what": what, "at": when}
        fill_from(connection, Event, of_delivery, source, where=and_(_of(drop), condition))


def batch(connection: Connection, drop: Drop) -> None:
    """Insert the print batch of a feed's letters."""
    posted_at = posted(drop)
    at = {"opened_at": drop.at, "cut_off_at": posted_at, "closed_at": posted_at, "handed_over_at": posted_at}
    values = {
        "id": drop.batch_id, "state": "acknowledged", **at, "acknowledged_at": _printed(drop),
        "name": f"lot-{drop.batch_id:06}",
        "letters": 0, "sheets": 0, "answer": "", "attempts": 0, "setbacks": 0, "not_before": 0.0, "lease_until": 0.0,
    }  # fmt: skip
    connection.execute(insert(PrintBatch), [values])


def count_letters(connection: Connection) -> None:
    """Set the number of letters of each batch."""
    table = PrintBatch.__table__
    assert isinstance(table, Table)
    letters = select(func.count()).where(DELIVERY.c.batch_id == table.c.id).scalar_subquery()
    connection.execute(table.update().values(letters=letters, sheets=letters))


def a_bill() -> Bill:
    """Return the bill that all rows share."""
    lines = tuple(
        Line(id=str(n), name=f"Électricité, tranche {n}", quantity=Decimal(n), unit="KWH", net_price=Decimal(1),
             net_amount=Decimal(n), vat_category="S", vat_rate=Decimal(20))
        for n in range(1, 5)
    )  # fmt: skip
    return Bill(
        number="F-1", issue_date=date(2026, 1, 5), due_date=date(2026, 2, 4), currency="EUR",
        seller=Party(name="Lumière de l’Ouest"), buyer=Party(name="Alice Martin", address=HOME), lines=lines,
        totals=Totals(payable=Decimal("84.20")),
    )  # fmt: skip


def text_of(bill: Bill) -> Values:
    """Return the columns that hold the packed bill."""
    return {"content": pack(bill)}


def amount_of(account_id: ColumnElement[int]) -> ColumnElement[Decimal]:
    """Return the amount of an account's bills: 20 to 119 euros, in ten-thousandths."""
    return cast((account_id % 100 + 20) * 10_000, Amount)


def digest_like(number: ColumnElement[int]) -> ColumnElement[str]:
    """Return sixty-four characters that no other number has."""
    return named(_ZEROS, number)


def posted(drop: Drop) -> datetime:
    """Return when a feed's letters are handed over: a day later, those of the paperless at the end of their time."""
    return drop.at + timedelta(hours=8 if drop.is_latest else 24)


def _printed(drop: Drop) -> datetime:
    return posted(drop) + timedelta(hours=8)


def _viewed_at(drop: Drop) -> datetime:
    return drop.at + timedelta(hours=6)


def _is_viewed(account_id: ColumnElement[int], drop: Drop) -> ColumnElement[bool]:
    """Whether a bill was viewed: six of ten, different ones each month."""
    return and_(is_held(account_id), (account_id // 5 + drop.issued.month) % 10 < 6)


def _is_due(account_id: ColumnElement[int], drop: Drop) -> ColumnElement[bool]:
    """Whether a letter of the latest month waits for the next batch."""
    return and_(literal(drop.is_latest), account_id % 100 == 3)


def _is_to_come(account_id: ColumnElement[int], drop: Drop) -> ColumnElement[bool]:
    """Whether a letter goes out only if nobody views the bill in time."""
    return and_(literal(drop.is_latest), is_paperless(account_id), ~_is_viewed(account_id, drop))


def _is_posted(account_id: ColumnElement[int], drop: Drop) -> ColumnElement[bool]:
    is_cancelled = is_paperless(account_id) & _is_viewed(account_id, drop)
    return ~or_(is_cancelled, _is_to_come(account_id, drop), _is_due(account_id, drop))


def _of(drop: Drop) -> ColumnElement[bool]:
    return BILL.c.id.between(drop.first_bill, drop.first_bill + drop.bills - 1)
