"""Match an issuer's payments with its bills, and store what was found: outcomes, allocations, what is left to pay."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bill import ZERO, round_money
from bill.payment.payment_entry import PaymentEntry
from payments.affected_payments import AffectedPayments
from payments.amounts_due import amounts_left, asked_without_payments, related_bills
from payments.match_writer import MatchWriter
from payments.matching.demand import Demand
from payments.matching.match_movements import match_movements
from payments.matching.movement import GUESSED_BY, Match, Movement, PaymentDecision
from payments.payment_events import record_bills_paid, record_failed_payment, record_waiting_payment
from payments.plans.ask_for_plan import withdraw_settled_plans
from payments.related_bills import GONE
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow, stands
from store.bills.bill_lookup import released
from store.bills.superseded_bills import bills_in_place_of, superseded_by
from store.db.event import record_all
from store.issuer import lock_issuer
from store.payments.bill_key import keys_of_bills
from store.payments.payment import PaymentRow, has_payments
from store.payments.payment_allocation import PaymentAllocation, allocations_of

#: The most bills of one IN list.
_GROUP: Final = 400
#: How often bills of accounts are added whose payers become known only now.
_ROUNDS: Final = 3

_Held = dict[int, list[PaymentAllocation]]


def match_payments(
    session: Session, issuer_id: int, at: datetime, *, payment_ids: Iterable[int] = (), bill_ids: Iterable[int] = (),
    touched: Iterable[int] = (),
) -> None:  # fmt: skip
    """Match anew all payments on which these payments and bills bear. What came in another order ends the same.
    *touched* are bills of which parts of payments were begun or ended already."""
    lock_issuer(session, issuer_id)
    affected = AffectedPayments(session, issuer_id)
    affected.reach(payment_ids, bill_ids)
    if not affected.payments:
        return
    found, held, demands = _match(session, affected)
    for _ in range(_ROUNDS):
        if not affected.reach_bills_of_payers(_payers(affected, found), _sure(affected, found, demands)):
            break
        found, held, demands = _match(session, affected)
    writer = MatchWriter(at, touched)
    for payment_id, match in sorted(found.items()):
        row = affected.payments[payment_id]
        if writer.add(row, match, held.get(payment_id, ())):
            _tell(session, row, match, affected.entry(payment_id), at)
    writer.write(session)
    if writer.touched:
        _store_amounts_left(session, writer.touched, at)


def _match(session: Session, affected: AffectedPayments) -> tuple[dict[int, Match], _Held, list[Demand]]:
    """What becomes of the affected payments, their parts until now, and the bills that were asked."""
    held = allocations_of(session, affected.payments)
    standing = bills_in_place_of(session, {each.bill_id for parts in held.values() for each in parts})
    demands = demands_of(session, affected.bills)
    withdrawn = {each.bill_id for each in demands if each.is_withdrawn}
    movements = [
        _movement(row, affected, held.get(row.id, ()), standing, withdrawn) for row in affected.payments.values()
    ]
    return match_movements(movements, demands, affected.payers_besides()), held, demands


def _sure(affected: AffectedPayments, found: Mapping[int, Match], demands: Iterable[Demand]) -> set[int]:
    """The payments of which no other bill of their payer can be meant: they name theirs. A number in free text that is
    of a bill of another amount may be a typing error."""
    asked = {each.bill_id: {each.asks, each.amount_seen} for each in demands}
    return {
        payment_id
        for payment_id, match in found.items()
        if match.outcome != "waiting" and match.why not in GUESSED_BY
        if match.why != "text"
        or any(affected.entry(payment_id).amount in asked.get(each, ()) for each, _ in match.shares)
    }


def _payers(affected: AffectedPayments, found: Mapping[int, Match]) -> dict[str, set[int]]:
    """The accounts that each IBAN is now known to pay for."""
    payers: dict[str, set[int]] = defaultdict(set)
    for payment_id, match in found.items():
        iban = affected.entry(payment_id).debtor_iban
        if iban and match.account_id is not None and match.shares and match.why not in GUESSED_BY:
            payers[iban].add(match.account_id)
    return payers


def match_payments_of_bills(session: Session, rows: Collection[BillRow], at: datetime) -> None:
    """Look again at the payments that may be of these new bills, or of what they credit or replace."""
    for issuer_id in sorted({row.issuer_id for row in rows}):
        if not has_payments(session, issuer_id):
            continue
        own = [row for row in rows if row.issuer_id == issuer_id]
        bill_ids = [row.id for row in (*own, *related_bills(session, own))] + superseded_by(session, own)
        affected = AffectedPayments(session, issuer_id)
        affected.reach((), bill_ids)
        if affected.payments:  # else nothing is written, and the issuer is not locked
            match_payments(session, issuer_id, at, bill_ids=bill_ids)


def _movement(
    row: PaymentRow, affected: AffectedPayments, held: Iterable[PaymentAllocation], standing: Mapping[int, int],
    withdrawn: AbstractSet[int],
) -> Movement:  # fmt: skip
    """The payment to be matched. What a person decided of a bill holds for the one that stands in its place, and no
    more once the bill is withdrawn."""
    decision = None
    held = list(held)
    is_void = row.outcome != "ignored" and not (held and withdrawn.isdisjoint(each.bill_id for each in held))
    if row.decided_by and not is_void:
        shares = tuple((standing.get(each.bill_id, each.bill_id), each.amount) for each in held)
        decision = PaymentDecision(shares, is_ignored=row.outcome == "ignored")
    entry = affected.entry(row.id)
    return Movement(
        payment_id=row.id, identity=row.identity, entry=entry, told_by=row.told_by, decision=decision,
        feed_id=row.feed_id,
    )  # fmt: skip


def demands_of(session: Session, bill_ids: Collection[int]) -> list[Demand]:
    """The released bills among these as payments may mean them."""
    demands: list[Demand] = []
    ordered = sorted(bill_ids)
    for at in range(0, len(ordered), _GROUP):
        group = ordered[at : at + _GROUP]
        rows = list(session.scalars(released().where(BillRow.id.in_(group), stands())))
        asked, keys = asked_without_payments(session, rows), keys_of_bills(session, group)
        accounts = {row.account_id for row in rows}
        query = select(CustomerAccount.id, CustomerAccount.holder).where(CustomerAccount.id.in_(accounts))
        holders = dict(session.execute(query).tuples().all())
        demands += [
            Demand(
                bill_id=row.id, account_id=row.account_id, number=row.number, currency=row.currency,
                asks=ZERO if row.state in GONE else asked[row.id].due.left, favour=asked[row.id].due.favour,
                face=round_money(row.demand.asks, row.currency), issued=row.issue_date, due=row.due_date,
                is_withdrawn=row.state in GONE,
                replaced_by=asked[row.id].replaced_by if asked[row.id].due.kind == "replaced" else (),
                is_collected=row.is_collected, keys=frozenset(keys.get((row.id, "name"), ())),
                mandates=frozenset(keys.get((row.id, "mandate"), ())),
                names=(row.buyer_name, holders.get(row.account_id, "")),
            )
            for row in rows
        ]  # fmt: skip
    return demands


def _tell(
    session: Session, row: PaymentRow, match: Match, entry: PaymentEntry, at: datetime
) -> None:  # fmt: skip
    """Tell the issuer of a payment that waits now; the issuer and the holders of one that undoes another."""
    if match.outcome == "waiting":
        record_waiting_payment(session, row, entry, at)
    elif match.undoes is not None or entry.kind == "refused":
        record_failed_payment(session, match, entry, at)


def _store_amounts_left(session: Session, bill_ids: Collection[int], at: datetime) -> None:
    """Bring what is left to pay by hand (`BillRow.to_pay`) up to date, which lists search by; an event each."""
    ordered = sorted(bill_ids)
    for first in range(0, len(ordered), _GROUP):
        query = select(BillRow).where(BillRow.id.in_(ordered[first : first + _GROUP]))
        rows = list(session.scalars(query.execution_options(populate_existing=True)))
        told = amounts_left(session, rows)
        record_bills_paid(session, [row for row in rows if row.to_pay and told[row.id].kind == "paid"], at)
        left = {row.id: told[row.id].left if told[row.id].is_asking else ZERO for row in rows}
        withdraw_settled_plans(session, [bill_id for bill_id, amount in left.items() if not amount], at)
        values = [{"id": bill_id, "to_pay": amount, "payment_told_at": at} for bill_id, amount in left.items()]
        session.execute(update(BillRow), values)
    record_all(session, "bill", ordered, "payment_told", at)
