"""Compute what is due of a bill now: how much, by when, how and to whom. Pure.

Page, payment code, mail, letter, PDF and API all use this one result. Issuers seldom report payments: a bill whose due
date has passed is "past due", not "late" or "paid". The result says that nothing is to pay only where documents say so.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import Final, Literal, NamedTuple

from bill.bill import Bill, Instalment
from bill.money import ZERO, round_money
from bill.payment.credit_set_off import remaining_amount
from bill.payment.document_amount import DocumentAmount, document_amount_of
from bill.payment.payment_instructions import PaymentInstructions, payment_instructions

#: `asks`: to be paid by hand. `collected`: the issuer takes it by itself (SEPA direct debit). `credit`: the document
#: itself is in the customer's favour. `nothing`: it asks nothing by its own words. `credited`: credit notes have
#: left nothing of it. `replaced`: a corrective invoice stands for it. `paid`, `said_paid`: all of it was paid, as the
#: issuer or the bank tells, or as the customer says.
Kind = Literal["asks", "collected", "credit", "nothing", "credited", "replaced", "paid", "said_paid"]

#: After so many days past its due date a bill is no longer counted as something to pay: issuers do not tell us what
#: was paid.
ASKED_FOR: Final = timedelta(days=30)


class Paid(NamedTuple):
    """A payment of a bill, and who reported it; *amount* None means all that was asked."""

    on: date
    amount: Decimal | None = None
    by: Literal["customer", "issuer", "bank"] = "customer"


class AmountDue(NamedTuple):
    """What is due of one bill. Amounts are rounded half up to the currency's decimal places.

    *amount* is asked (or collected) next, by *due* (on that day); 0 if nothing is. *left* is all that is still asked:
    next, later, and past due without a report. *instalments* are the parts still to come with their dates, the next one
    first, *past* those past due without a report; both are empty for a bill paid at once. *is_past*: the due date of
    *amount* has passed. *favour* is what the document itself says the issuer owes (a credit note). *credited* is what
    the credits *by* others deducted; *by* may be correctives instead (`replaced`). *ignored* refer to the bill and have
    no effect: of another customer or in another currency. *how* is how and to whom it is paid, if the whole bill was
    given.
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

    @property
    def is_asking(self) -> bool:
        """Whether the customer has to pay something by hand."""
        return self.kind == "asks"

    @property
    def is_collected(self) -> bool:
        """Whether the issuer collects what is due."""
        return self.kind == "collected"

    def is_current(self, today: date, issued: date) -> bool:
        """Whether it counts as something to pay: not long past due or, without a due date, not long after *issued*."""
        return self.is_asking and today - (self.due or issued) <= ASKED_FOR


def is_changed(due: AmountDue) -> bool:
    """Whether a later credit, corrective or payment changed what is due of the bill."""
    return bool(due.by) or due.paid_on is not None


def amount_due(
    bill: Bill | DocumentAmount,
    related: Iterable[DocumentAmount] = (),
    paid: Sequence[Paid] = (),
    today: date | None = None,
) -> AmountDue:
    """What is due of this bill *today*, given the documents *related* to it (`bill.payment.credit_set_off`) and its
    payments.

    Lists may pass the document amount instead of the whole bill. Without *today* no date has passed.
    """
    if isinstance(bill, Bill):
        return _of_demand(document_amount_of(bill), related, paid, today, payment_instructions(bill))
    return _of_demand(bill, related, paid, today, None)


def as_issued(bill: Bill) -> AmountDue:
    """What the bill asked on its day of issue, before any other document or payment: what its own pages show."""
    return amount_due(bill)


def _of_demand(
    demand: DocumentAmount, related: Iterable[DocumentAmount], paid: Sequence[Paid], today: date | None,
    how: PaymentInstructions | None,
) -> AmountDue:  # fmt: skip
    currency, asks = demand.currency, demand.asks
    left = remaining_amount(demand, related)
    bare = AmountDue(
        "nothing", currency, favour=round_money(demand.favour, currency), by=left.by, ignored=left.ignored,
        credited=ZERO if left.is_replaced else round_money(asks - left.amount, currency),
        paid_on=max((each.on for each in paid), default=None), how=how,
    )  # fmt: skip
    if left.is_replaced:
        return bare._replace(kind="replaced")
    asked = round_money(asks, currency)
    if not asked:
        return bare._replace(kind="credit" if demand.favour or demand.is_credit_note else "nothing")
    owed = round_money(left.amount, currency)
    if not owed:
        return bare._replace(kind="credited")
    parts = _without_last(_parts(demand, asked), asked - owed)
    parts = _without_first(parts, _sum_paid(paid, owed))
    if not parts:
        return bare._replace(kind="said_paid" if all(each.by == "customer" for each in paid) else "paid")
    kind: Kind = "collected" if demand.is_collected else "asks"
    return _next(bare, kind, parts, today, is_divided=bool(demand.instalments))


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
    return sum((owed if each.amount is None else each.amount for each in paid), ZERO)


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
    return _without_first(parts[::-1], amount)[::-1]
