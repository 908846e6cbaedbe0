"""Counts what one bill adds to the adoption figures of its day: presented, read, printed, saved, returned, paid …

`adoption.measures.registry` defines each figure. The facts and their recount use the same query.
"""

from collections.abc import Collection, Iterator
from datetime import date, datetime, tzinfo
from functools import cache
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, Row, Select, and_, case, extract, func, literal, select
from sqlalchemy.orm import Session

from store.bills.bill import BillRow
from store.bills.channel_choice import ChannelChoice
from store.campaigns.household_arm import AccountArm
from store.db.bound_ids import is_among
from store.delivery import Delivery, Receipt
from store.facts.counted_contribution import AddedByBill, OfBill
from store.facts.fact_trigger import COUNTED
from store.feeds.feed import OUT, Feed
from store.issuer import of_issuer
from store.payments.payment import PaymentRow
from store.payments.payment_allocation import PaymentAllocation

#: What a bill can add 1 to in the monthly facts, in the order of the bits of `store.facts.counted_contribution`.
MONTHLY_BILL_MEASURES: Final = ("bills", "presented", "read7", "letters", "fallbacks", "letters_saved", "bounced")
#: What a bill can add 1 to, in the order of the bits; new ones go last.
BILL_MEASURES: Final = (
    *MONTHLY_BILL_MEASURES, "notified", "read30", "returned", "double", "payable", "paid_on_time", "spared",
)  # fmt: skip
#: What a bill can add more than 1 to, up to MOST, each in four bits after those.
COUNTED_MEASURES: Final = ("posted", "reminders", "emails", "sms")
MOST: Final = 15
#: The measure of bills with a letter by the letter's reason, `letters:account_unclaimed`.
LETTERS: Final = "letters:"
READ_WITHIN_DAYS: Final = (7, 30)
_FALLBACK_LETTERS: Final = "fallback_letters"
_DAY_SECONDS: Final = 24 * 3600
_FIRST_COUNT: Final = 20

#: The measures of each sum of bits.
_MEASURES_OF: Final = tuple(
    tuple(measure for bit, measure in enumerate(MONTHLY_BILL_MEASURES) if bits >> bit & 1)
    for bits in range(1 << len(MONTHLY_BILL_MEASURES))
)


def monthly_measures_of(figures: int) -> tuple[str, ...]:
    """Return the monthly measures that a bill adds 1 to, from its bits."""
    return _MEASURES_OF[figures & (1 << len(MONTHLY_BILL_MEASURES)) - 1]


def daily_measures_of(bill: AddedByBill) -> Iterator[tuple[str, int]]:
    """Yield what a bill adds to each measure of its day."""
    for bit, measure in enumerate(BILL_MEASURES):
        if bill.figures >> bit & 1:
            yield measure, 1
    for n, measure in enumerate(COUNTED_MEASURES):
        if times := bill.figures >> _FIRST_COUNT + 4 * n & MOST:
            yield measure, times
            if measure == "posted" and bill.figures >> BILL_MEASURES.index("spared") & 1:
                yield _FALLBACK_LETTERS, times
    if bill.why:
        yield LETTERS + bill.why, 1


def is_of_bills(count: str) -> bool:
    """Whether bills add to this count; else accounts do."""
    return count in {*BILL_MEASURES, *COUNTED_MEASURES, _FALLBACK_LETTERS}


def masks_of(counts: Collection[str]) -> list[int]:
    """Masks of the bits of a bill that adds to one of these counts (of bills): of each mask it has a bit at least."""
    if _FALLBACK_LETTERS in counts:
        return [*masks_of(["spared"]), *masks_of(["posted"])]
    return [sum(_mask_of(each) for each in set(counts))]


def _mask_of(count: str) -> int:
    if count in BILL_MEASURES:
        return 1 << BILL_MEASURES.index(count)
    return MOST << _FIRST_COUNT + 4 * COUNTED_MEASURES.index(count)


def bill_figures(session: Session, bill_ids: Collection[int], zone: tzinfo) -> dict[int, OfBill]:
    """Return what each of these bills adds; bills that do not count are left out. Days end at midnight in *zone*."""
    rows = session.connection().execute(_figures(), {"bills": bill_ids}).all()
    return {row[-1]: _of_bill(row, zone) for row in rows}


def _of_bill(row: Row[*tuple[Any, ...]], zone: tzinfo) -> OfBill:
    bill = OfBill._make(row[:-1])
    return bill if row[-2] is None else bill._replace(coded_on=row[-2].astimezone(zone).date())


@cache
def _figures() -> Select[*tuple[Any, ...]]:
    """The query for what each of these *bills* adds, its measures as the bits of one number. It takes longer to write
    than to run."""
    each = _each_bill(is_among(BillRow.id, "bills")).c
    bits = sum((each[measure] * (1 << bit) for bit, measure in enumerate(BILL_MEASURES)), literal(0))
    for n, measure in enumerate(COUNTED_MEASURES):
        bits += each[measure] * literal(1 << _FIRST_COUNT + 4 * n, BigInteger)  # 32 bits are too few
    return select(
        each.issuer_id, each.account_id, each.issue_date, func.coalesce(each.state, ""), func.coalesce(each.arm, ""),
        bits, func.coalesce(each.why, ""), each.coded_at, each.id,
    )  # fmt: skip


def bills_by_month(session: Session, end: date) -> dict[tuple[int, date], dict[str, int]]:
    """Return the figures of all bills issued before *end*, by issuer and month."""
    each = _each_bill(BillRow.issue_date < end).c
    year, month = extract("year", each.issue_date).label("year"), extract("month", each.issue_date).label("month")
    sums = [func.sum(each[measure]).label(measure) for measure in MONTHLY_BILL_MEASURES]
    query = select(each.issuer_id, year, month, *sums).group_by(each.issuer_id, year, month)
    return {
        (row.issuer_id, date(int(row.year), int(row.month), 1)): {
            measure: int(getattr(row, measure)) for measure in MONTHLY_BILL_MEASURES
        }
        for row in session.execute(query)
    }


def _each_bill(*conditions: ColumnElement[bool]) -> Any:
    """A row for each of these bills that counts, with how much it adds to each measure."""
    bill = _with_its_deliveries(*conditions).subquery().c
    seconds_to_view = extract("epoch", bill.viewed_at) - extract("epoch", bill.presented_at)
    is_posted, is_presented = bill.posted_at.is_not(None), bill.presented_at.is_not(None)
    is_fallback = and_(is_posted, bill.notified_at.is_not(None))
    is_payable = and_(bill.due_on.is_not(None), bill.to_pay > 0, bill.is_collected.is_(False))
    return select(
        bill.id, bill.issuer_id, bill.account_id, bill.issue_date, bill.why, bill.coded_at,
        _first_relationship(bill.id).label("state"),
        select(AccountArm.arm).where(AccountArm.account_id == bill.account_id).scalar_subquery().label("arm"),
        literal(1).label("bills"),
        _one_if(is_presented).label("presented"),
        *(_one_if(seconds_to_view <= days * _DAY_SECONDS).label(f"read{days}") for days in READ_WITHIN_DAYS),
        _one_if(is_posted).label("letters"),
        _one_if(is_fallback).label("fallbacks"),
        _one_if(and_(bill.channel.is_not(None), bill.has_letter == 0)).label("letters_saved"),
        bill.has_bounced.label("bounced"),
        _one_if(bill.notified_at.is_not(None)).label("notified"),
        bill.has_returned.label("returned"),
        _one_if(and_(is_posted, is_presented, bill.notified_at.is_(None))).label("double"),
        _one_if(is_payable).label("payable"),
        _one_if(and_(is_payable, _paid_by(bill.id, bill.due_on) >= bill.to_pay)).label("paid_on_time"),
        _one_if(func.coalesce(_last_choice(bill.id), bill.channel, "") == "portal").label("spared"),
        *(case((bill[each] < MOST, bill[each]), else_=MOST).label(each) for each in COUNTED_MEASURES),
    ).subquery()  # fmt: skip


def _with_its_deliveries(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Select each bill that counts, with the moments of its deliveries."""
    is_letter, is_sent = Delivery.channel == "paper", Delivery.sent_at.is_not(None)
    # A returned letter was posted all the same; one cancelled before its handover is saved.
    is_owed_or_posted = and_(is_letter, (Delivery.state != "cancelled") | is_sent)
    heard = case((is_letter, "returned"), else_="bounced")
    return (
        select(
            BillRow.id, BillRow.issuer_id, BillRow.account_id, BillRow.issue_date, BillRow.viewed_at, BillRow.channel,
            BillRow.to_pay, BillRow.is_collected,
            func.coalesce(BillRow.last_due_date, BillRow.due_date).label("due_on"),
            _first_sent(Delivery.purpose == "present").label("presented_at"),
            _first_sent(Delivery.purpose == "notify").label("notified_at"),
            _first_sent(is_letter).label("posted_at"),
            _first_sent(and_(is_letter, Delivery.claim_digest.is_not(None))).label("coded_at"),
            func.min(case((and_(is_letter, is_sent, Delivery.purpose == "print"), Delivery.reason_code))).label("why"),
            func.max(_one_if(is_owed_or_posted)).label("has_letter"),
            func.max(_one_if(and_(Receipt.id.is_not(None), ~is_letter))).label("has_bounced"),
            func.max(_one_if(and_(Receipt.id.is_not(None), is_letter))).label("has_returned"),
            _sum_if(and_(is_letter, is_sent)).label("posted"),
            _sum_if(and_(Delivery.purpose.startswith("remind-"), is_sent)).label("reminders"),
            _sum_if(and_(Delivery.channel == "email", is_sent)).label("emails"),
            _sum_if(and_(Delivery.channel == "sms", is_sent)).label("sms"),
        )
        .join(Feed, Feed.id == BillRow.feed_id)
        .outerjoin(Delivery, Delivery.bill_id == BillRow.id)
        .outerjoin(Receipt, and_(Receipt.delivery_id == Delivery.id, Receipt.kind == heard))
        .where(Feed.state.in_(OUT), BillRow.state.in_(COUNTED), of_issuer(BillRow.issuer_id, None), *conditions)
        .group_by(BillRow.id)
    )  # fmt: skip


def _first_relationship(bill_id: ColumnElement[int]) -> ColumnElement[str | None]:
    """How the account stood when the bill's channel was first chosen."""
    query = select(ChannelChoice.relationship).where(ChannelChoice.bill_id == bill_id)
    return query.order_by(ChannelChoice.id).limit(1).scalar_subquery()


def _last_choice(bill_id: ColumnElement[int]) -> ColumnElement[str | None]:
    """The channel that was last chosen for a bill: `bill.channel` says paper once a fallback letter has left."""
    query = select(ChannelChoice.channel).where(ChannelChoice.bill_id == bill_id)
    return query.order_by(ChannelChoice.id.desc()).limit(1).scalar_subquery()


def _paid_by(bill_id: ColumnElement[int], day: ColumnElement[date]) -> ColumnElement[Any]:
    """What was paid of a bill up to a day, by the bank's or the issuer's word."""
    paid = (
        select(func.sum(PaymentAllocation.amount))
        .join(PaymentRow, PaymentRow.id == PaymentAllocation.payment_id)
        .where(PaymentAllocation.bill_id == bill_id, PaymentAllocation.until.is_(None), PaymentRow.booked_on <= day)
    )
    return func.coalesce(paid.scalar_subquery(), 0)


def _first_sent(condition: ColumnElement[bool]) -> ColumnElement[datetime | None]:
    return func.min(case((condition, Delivery.sent_at)))


def _one_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _sum_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(_one_if(condition))
