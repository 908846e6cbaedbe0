"""Share an amount out among the bills that a payment names: to the cent, and never by guess."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from bill import ZERO
from bill.payment.payment_entry import PaymentEntry
from payments.matching.demand import Demand
from payments.matching.movement import Share
from payments.matching.named_bills import Demands


class SharedOut(NamedTuple):
    """The *shares*, which add up to the payment less *rest*; or, without shares, *why* a person must decide."""

    shares: tuple[Share, ...] = ()
    rest: Decimal = ZERO
    why: str = ""


class OpenAmounts:
    """What is still asked of each bill, and what credit notes still give, while payments are shared out."""

    def __init__(self, demands: Mapping[int, Demand]) -> None:
        self.asked = {each.bill_id: each.asks for each in demands.values()}
        self.favour = {each.bill_id: each.favour for each in demands.values()}
        self.paid: dict[int, list[Decimal]] = {}

    def take(self, shares: Sequence[Share]) -> None:
        """Deduct a payment's shares. A negative share uses a credit note."""
        for bill_id, amount in shares:
            if bill_id not in self.asked:
                continue
            if amount < 0:
                self.favour[bill_id] = max(self.favour[bill_id] + amount, ZERO)
            else:
                self.asked[bill_id] = max(self.asked[bill_id] - amount, ZERO)
                self.paid.setdefault(bill_id, []).append(amount)

    def left(self, demand: Demand) -> Decimal:
        """What is still asked of this bill."""
        return self.asked[demand.bill_id]

    def is_seen(self, demand: Demand, standing: Demand, amount: Decimal) -> bool:
        """Whether this amount is what the bill asked when it was issued, and nothing was paid yet of it or of the one
        *standing* in its place."""
        return demand.amount_seen == amount and not (self.paid.keys() & {demand.bill_id, standing.bill_id})


def share_out(entry: PaymentEntry, bills: Sequence[Demand], demands: Demands, left: OpenAmounts) -> SharedOut:
    """Share a payment out among the *bills* that it names: as the payer says (`PaymentEntry.shares`), else to the one
    bill, else to all of them if it covers them. More than is asked is the rest."""
    if any(each.currency != entry.currency for each in bills):
        return SharedOut(why="other_currency")
    if entry.shares:
        return _as_said(entry, demands, left)
    asking = [each for each in bills if left.left(each)]
    if not asking:
        return SharedOut(why=_why_nothing_asked(entry, bills, left))
    return to_one(entry, asking[0], left) if len(asking) == 1 else _to_all(entry, bills, asking, left)


def to_one(entry: PaymentEntry, bill: Demand, left: OpenAmounts) -> SharedOut:
    """To this bill all that it asks; more is the rest."""
    taken = min(entry.amount, left.left(bill))
    if not taken:
        return SharedOut(why=_why_nothing_asked(entry, [bill], left))
    return SharedOut(((bill.bill_id, taken),), entry.amount - taken)


def _to_all(entry: PaymentEntry, bills: Sequence[Demand], asking: Sequence[Demand], left: OpenAmounts) -> SharedOut:
    """To each bill all that it asks, with the credit notes that are named beside, if that is what came; more is the
    rest; less is for a person to share out."""
    shares = [(each.bill_id, left.left(each)) for each in asking]
    total = sum((amount for _, amount in shares), ZERO)
    credited = [(each.bill_id, -left.favour[each.bill_id]) for each in bills if left.favour[each.bill_id]]
    if credited and total + sum((amount for _, amount in credited), ZERO) == entry.amount:
        return SharedOut((*shares, *credited))
    if entry.amount < total:
        return SharedOut(why="split_unknown")
    return SharedOut(tuple(shares), entry.amount - total)


def _as_said(entry: PaymentEntry, demands: Demands, left: OpenAmounts) -> SharedOut:
    """The shares that the payer gives. A credit note's is negative; one that is set off in its bill already is left
    out."""
    if any(demands.of_reference(each.reference) is None for each in entry.shares):
        return SharedOut(why="share_of_unknown_bill")
    said = _added_up([(one, each.amount) for each in entry.shares if (one := demands.of_reference(each.reference))])
    paid = [(one.bill_id, min(amount, left.left(one))) for one, amount in said if amount > 0 and left.left(one)]
    credited = [(one.bill_id, amount) for one, amount in said if amount < 0 and left.favour[one.bill_id] >= -amount]
    total = sum((amount for _, amount in paid), ZERO)
    used = sum((amount for _, amount in credited), ZERO)
    if not paid:
        return SharedOut(why=_why_nothing_asked(entry, [one for one, _ in said], left))
    if credited and total + used == entry.amount:
        return SharedOut((*paid, *credited))
    if total > entry.amount:
        return SharedOut(why="shares_do_not_add_up")
    return SharedOut(tuple(paid), entry.amount - total)


def _added_up(said: Sequence[tuple[Demand, Decimal]]) -> list[tuple[Demand, Decimal]]:
    """The parts of one bill added up: of what it corrects and of itself, say."""
    bills = {one.bill_id: one for one, _ in said}
    sums: dict[int, Decimal] = {}
    for one, amount in said:
        sums[one.bill_id] = sums.get(one.bill_id, ZERO) + amount
    return [(bills[bill_id], amount) for bill_id, amount in sums.items()]


def _why_nothing_asked(entry: PaymentEntry, bills: Sequence[Demand], left: OpenAmounts) -> str:
    """`paid_twice` if a payment of the same amount came before; `asks_nothing` if the bill never asked anything, or
    does no more."""
    if any(len(each.replaced_by) > 1 for each in bills):
        return "several_correctives"
    if bills and all(each.is_withdrawn for each in bills):
        return "bill_withdrawn"
    if any(entry.amount in left.paid.get(each.bill_id, ()) for each in bills):
        return "paid_twice"
    return "already_paid" if any(left.paid.get(each.bill_id) for each in bills) else "asks_nothing"
