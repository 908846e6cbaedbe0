"""Compute what is due of a bill now: how much, by when, how and to whom. Pure.

Page, payment code, mail, letter, PDF and API all use this one result. Issuers seldom report payments: a bill whose due
date has passed is "past due", not "late" or "paid". The result says that nothing is to pay only where documents say so.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import Final, Literal, NamedTuple

from bill.bill import Bill, Instalment
from bill.money import ZERO, round_money
from bill.payment.credit_set_off import remaining_amount
from bill.payment.document_amount import DocumentAmount, document_amount_of
from bill.payment.payment_entry import MovementKind
from bill.payment.payment_instructions import PaymentInstructions, payment_instructions
from bill.payment.payment_plan import PaymentPlan

#: `asks`: to be paid by hand. `collected`: the issuer takes it by itself (SEPA direct debit), as the bill says or as
#: the issuer has ordered its bank. `credit`: the document itself is in the customer's favour. `nothing`: it asks
#: nothing by its own words. `credited`: credit notes have left nothing of it. `replaced`: a corrective invoice
#: stands for it. `paid`: all of it was paid, as the issuer or the bank tells; `said_paid`: as the customer says, of all
#: or of the rest. `set_off`, `refunded`: all that a credit note gives was deducted from what the customer paid, or paid
#: back.
Kind = Literal[
    "asks", "collected", "credit", "nothing", "credited", "replaced", "paid", "said_paid", "set_off", "refunded"
]

#: After so many days past its due date a bill is no longer counted as something to pay: issuers do not tell us what
#: was paid.
ASKED_FOR: Final = timedelta(days=30)


#: What becomes of a direct debit.
_DEBITS: Final = ("announced", "refused", "collected", "returned")
#: A customer who says so has paid within so many days before; what the bank tells of an earlier day is another payment.
SAID_BEFORE: Final = timedelta(days=10)


class Paid(NamedTuple):
    """A payment of a bill, and who reported it; *amount* None means all that was asked. *reason* is the ISO 20022 code
    of a return or a refusal. A credit note that was deducted from a payment has a negative amount. *told_at* is when we
    were told."""

    on: date
    amount: Decimal | None = None
    by: Literal["customer", "issuer", "bank"] = "customer"
    kind: MovementKind = "received"
    reason: str = ""
    told_at: datetime | None = None

    @property
    def money(self) -> Decimal:
        """What it brought for the bill: negative for a return, 0 for what is no money."""
        sign = {"received": 1, "collected": 1, "returned": -1}.get(self.kind, 0)
        return sign * (self.amount or ZERO)

    @property
    def is_setback(self) -> bool:
        """Whether money that was expected or had come is not there."""
        return self.kind in {"returned", "refused"}


class AmountDue(NamedTuple):
    """What is due of one bill. Amounts are rounded half up to the currency's decimal places.

    *amount* is asked (or collected) next, by *due* (on that day); 0 if nothing is. *left* is all that is still asked:
    next, later, and past due without a report. *instalments* are the parts still to come with their dates, the next one
    first, *past* those past due without a report; both are empty for a bill paid at once. *is_past*: the due date of
    *amount* has passed. *favour* is what the document itself says the issuer owes (a credit note). *credited* is what
    the credits *by* others deducted; *by* may be correctives instead (`replaced`). *ignored* refer to the bill and have
    no effect: of another customer or in another currency. *how* is how and to whom it is paid, if the whole bill was
    given. *overpaid* is what was paid more than it asks and was not paid back. *is_undecided*: a person has to decide
    whether what was paid before is of this bill, so that nobody is reminded of it. *is_trifle*: so little is left after
    a payment that nobody is reminded.
    """

    kind: Kind
    currency: str
    amount: Decimal = ZERO
    due: date | None = None
    left: Decimal = ZERO
    instalments: tuple[Instalment, ...] = ()
    past: tuple[Instalment, ...] = ()
    is_past: bool = False
    favour: Decimal = ZERO
    credited: Decimal = ZERO
    by: tuple[DocumentAmount, ...] = ()
    ignored: tuple[DocumentAmount, ...] = ()
    paid_on: date | None = None  # the date of the last reported payment
    how: PaymentInstructions | None = None
    payments: tuple[Paid, ...] = ()  # all that was told, oldest first; a customer's word only where the bank's is not
    paid: Decimal = ZERO  # what was paid of it, as issuer, bank or customer tell
    is_planned: bool = False  # it is paid by the instalments of a payment plan, not by its own due dates
    overpaid: Decimal = ZERO
    is_undecided: bool = False
    is_trifle: bool = False

    @property
    def is_asking(self) -> bool:
        """Whether the customer has to pay something by hand."""
        return self.kind == "asks"

    @property
    def setback(self) -> Paid | None:
        """The return or refusal for which it is asked again: the last thing told, while something is left to pay."""
        if not self.payments:
            return None
        told = [each for each in self.payments if each.kind not in {"announced", "refunded", "refund_returned"}]
        return told[-1] if self.left and told and told[-1].is_setback else None

    @property
    def is_collected(self) -> bool:
        """Whether the issuer collects what is due."""
        return self.kind == "collected"

    def is_current(self, today: date, issued: date) -> bool:
        """Whether it counts as something to pay: not long past due or, without a due date, not long after *issued*."""
        return self.is_asking and today - (self.due or issued) <= ASKED_FOR


def is_changed(due: AmountDue) -> bool:
    """Whether a later credit, corrective, payment or payment plan changed what is due of the bill."""
    return bool(due.by) or due.paid_on is not None or due.setback is not None or due.is_planned


def amount_due(
    bill: Bill | DocumentAmount,
    related: Iterable[DocumentAmount] = (),
    paid: Sequence[Paid] = (),
    today: date | None = None,
    plan: PaymentPlan | None = None,
    rest: Decimal = ZERO,
    tolerance: Decimal = ZERO,
) -> AmountDue:
    """What is due of this bill *today*, given the documents *related* to it (`bill.payment.credit_set_off`), its
    payments, and the payment *plan* whose instalments replace its due dates. *rest* came beyond what these payments are
    of it. Where so little is left of it after a payment, up to the issuer's *tolerance*, it is paid.

    Lists may pass the document amount instead of the whole bill. Without *today* no date has passed.
    """
    if isinstance(bill, Bill):
        due = _of_demand(document_amount_of(bill), related, paid, today, payment_instructions(bill), plan)
    elif not (related or paid or plan or rest) and (plain := _untouched(bill, today)) is not None:
        return plain
    else:
        due = _of_demand(bill, related, paid, today, None, plan)
    if due.paid and due.left <= tolerance:
        due = _settled(due)
    overpaid = _overpaid(due, paid, rest)
    return due._replace(overpaid=overpaid) if overpaid else due


def _untouched(demand: DocumentAmount, today: date | None) -> AmountDue | None:
    """The same at once, for a document of which nothing was told and that asks for one payment: most of a list
    (docs/fast-paths.md). None for any other."""
    asked = round_money(demand.asks, demand.currency)
    if demand.instalments or not asked:
        return None
    is_past = today is not None and demand.due is not None and demand.due < today
    kind: Kind = "collected" if demand.is_collected else "asks"
    return AmountDue(kind, demand.currency, asked, demand.due, asked, is_past=is_past)


def _settled(due: AmountDue) -> AmountDue:
    """The bill paid, since its issuer waives the little that is left."""
    kind = _who_says_paid(due.payments, due.paid)
    return due._replace(kind=kind, amount=ZERO, due=None, left=ZERO, instalments=(), past=(), is_past=False)


def _who_says_paid(paid: Sequence[Paid], needed: Decimal) -> Kind:
    """Whether it is paid by what issuer and bank told, or only with what the customer says."""
    told = _sum_paid([each for each in paid if each.by != "customer"], needed)
    return "paid" if told >= needed else "said_paid"


def _overpaid(due: AmountDue, paid: Sequence[Paid], rest: Decimal) -> Decimal:
    """What issuer and bank told beyond what the bill asks, less what was paid back. What is due to the customer by a
    credit note is that one's."""
    if (not paid and not rest) or due.favour or due.kind in {"credit", "refunded", "set_off", "replaced"}:
        return ZERO
    told = [each for each in paid if each.by != "customer" and each.amount is not None]
    brought = sum((each.money for each in told), ZERO)
    back = sum((_refunded(each) for each in told), ZERO)
    return max(rest + max(brought - (due.paid + due.left), ZERO) - back, ZERO)


def as_issued(bill: Bill) -> AmountDue:
    """What the bill asked on its day of issue, before any other document or payment: what its own pages show."""
    return amount_due(bill)


def _of_demand(
    demand: DocumentAmount, related: Iterable[DocumentAmount], paid: Sequence[Paid], today: date | None,
    how: PaymentInstructions | None, plan: PaymentPlan | None,
) -> AmountDue:  # fmt: skip
    currency, asks = demand.currency, demand.asks
    left = remaining_amount(demand, related)
    paid = payments_that_count(paid)
    bare = AmountDue(
        "nothing", currency, favour=round_money(demand.favour, currency), by=left.by, ignored=left.ignored,
        credited=ZERO if left.is_replaced else round_money(asks - left.amount, currency),
        paid_on=max((each.on for each in paid if each.amount is None or each.money > 0), default=None), how=how,
        payments=tuple(paid),
    )  # fmt: skip
    if left.is_replaced:
        return bare._replace(kind="replaced")
    asked = round_money(asks, currency)
    if not asked:
        return _of_credit(bare, demand, paid)
    owed = round_money(left.amount, currency)
    if not owed:
        return bare._replace(kind="credited")
    parts = _without_last(plan.parts(demand.due) if plan else _parts(demand, asked), asked - owed)
    if brought := max(_sum_paid(paid, owed), ZERO):
        parts = _without_first(parts, brought)
        bare = bare._replace(paid=min(brought, owed))
    if not parts:
        return bare._replace(kind=_who_says_paid(paid, owed))
    due = _next(bare, "asks", parts, today, is_divided=bool(demand.instalments or plan))
    if plan is not None:
        due = due._replace(is_planned=True)
    if collection := _announced_collection(due):
        is_past = today is not None and collection.on < today
        return due._replace(kind="collected", due=collection.on, is_past=is_past)
    if plan:
        return due
    return due._replace(kind="collected") if demand.is_collected and due.setback is None else due


def _announced_collection(due: AmountDue) -> Paid | None:
    """The direct debit that was handed to the bank, and neither carried out nor refused, for what is asked next (of a
    payment plan) or for all that is left; None if there is none."""
    if not due.payments:
        return None
    told = {kind: sum((each.amount or ZERO for each in due.payments if each.kind == kind), ZERO) for kind in _DEBITS}
    pending = told["announced"] - told["refused"] - max(told["collected"], told["returned"])
    if pending != due.amount and (pending < due.left or due.is_planned):
        return None
    return max((each for each in due.payments if each.kind == "announced"), key=lambda each: each.on)


def payments_that_count(paid: Sequence[Paid]) -> list[Paid]:
    """The payments by date. What the customer said counts until bank or issuer tell of it: a payment is not counted
    twice, and their word stands."""
    if not paid:
        return []
    told = [each for each in paid if each.by != "customer"]
    said = [each for each in paid if each.by == "customer" and not any(_answers(one, each) for one in told)]
    return sorted([*told, *said], key=lambda each: (each.on, each.is_setback))


def _answers(told: Paid, said: Paid) -> bool:
    """Whether bank or issuer told, after the customer had spoken, of what the customer means, or that it came back."""
    if told.told_at and said.told_at and told.told_at <= said.told_at:
        return False
    return told.is_setback or (told.money > 0 and told.on >= said.on - SAID_BEFORE)


def _of_credit(bare: AmountDue, demand: DocumentAmount, paid: Sequence[Paid]) -> AmountDue:
    """A document that asks nothing: its credit may have been deducted from a payment, or paid back."""
    if not demand.favour:
        return bare._replace(kind="credit" if demand.is_credit_note else "nothing")
    refunded = sum((_refunded(each) for each in paid), ZERO)
    used = -sum((each.money for each in paid if each.money < 0 and not each.is_setback), ZERO)
    favour = max(bare.favour - refunded - used, ZERO)
    kind: Kind = "credit" if favour else "refunded" if refunded else "set_off"
    return bare._replace(kind=kind, favour=favour)


def _refunded(paid: Paid) -> Decimal:
    return {"refunded": 1, "refund_returned": -1}.get(paid.kind, 0) * (paid.amount or ZERO)


def _next(
    due: AmountDue, kind: Kind, parts: Sequence[Instalment], today: date | None, *, is_divided: bool
) -> AmountDue:
    """The first part whose date has not passed; if all have, the last."""
    past = [each for each in parts if today is not None and each.due is not None and each.due < today]
    to_come = [each for each in parts if each not in past]
    now = to_come[0] if to_come else past[-1]
    return due._replace(
        kind=kind, amount=now.amount, due=now.due, is_past=not to_come, left=sum((each.amount for each in parts), ZERO),
        instalments=tuple(to_come) if is_divided else (), past=tuple(past) if is_divided else (),
    )  # fmt: skip


def _parts(demand: DocumentAmount, asked: Decimal) -> list[Instalment]:
    """The amounts asked by date: the instalments, soonest first, adding up to what the bill asks, else all of it at
    once.

    Instalments of more than is left to pay (BT-115) count as paid from the first on (BT-113); of less, the rest has no
    date.
    """
    if not demand.instalments:
        return [Instalment(amount=asked, due=demand.due)]
    ordered = sorted(demand.instalments, key=lambda each: each.due or date.max)
    # Running totals are rounded, not parts, so that the parts add up to what the bill asks.
    sums = accumulate((each.amount for each in ordered), initial=ZERO)
    reached = [round_money(each, demand.currency) for each in sums]
    parts = [
        Instalment(amount=after - before, due=each.due, text=each.text)
        for each, (before, after) in zip(ordered, pairwise(reached), strict=True)
    ]
    total = reached[-1]
    if total < asked:
        return [*parts, Instalment(amount=asked - total)]
    return _without_first(parts, total - asked)


def _sum_paid(paid: Iterable[Paid], owed: Decimal) -> Decimal:
    return sum((owed if each.amount is None else each.money for each in paid), ZERO)


def _without_first(parts: Sequence[Instalment], amount: Decimal) -> list[Instalment]:
    """The parts left after a payment: the soonest are paid first."""
    if not amount:
        return list(parts)
    left = []
    for each in parts:
        taken = min(each.amount, amount)
        amount -= taken
        if each.amount > taken:
            left.append(Instalment(amount=each.amount - taken, due=each.due, text=each.text))
    return left


def _without_last(parts: Sequence[Instalment], amount: Decimal) -> list[Instalment]:
    """The parts left after a credit: the last are deducted first, so that the next dates stay as announced."""
    return _without_first(parts[::-1], amount)[::-1] if amount else list(parts)
