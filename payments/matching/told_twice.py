"""Find payments that the issuer tells and the bank tells too."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from payments.matching.movement import Movement
from payments.matching.named_bills import Demands

#: Days between the date that an issuer gives and the bank's booking date of the same payment.
APART: Final = timedelta(days=5)

_Told = tuple[str, str, str, frozenset[int]]


def told_twice(movements: Sequence[Movement], demands: Demands) -> dict[int, Movement]:
    """What each payment told by the issuer is the same as, by its payment id: one told by the bank, of the same kind
    and amount, for the same bills, at most APART. Each payment of the bank stands for one of the issuer's."""
    of_bank: dict[_Told, list[Movement]] = defaultdict(list)
    for each in movements:
        if each.told_by == "bank" and (told := _told(each, demands)):
            of_bank[told].append(each)
    same: dict[int, Movement] = {}
    for each in movements:
        if each.told_by != "issuer" or not (told := _told(each, demands)):
            continue
        near = [one for one in of_bank[told] if abs(one.entry.booked_on - each.entry.booked_on) <= APART]
        if near:
            nearest = min(near, key=lambda one: (abs(one.entry.booked_on - each.entry.booked_on), one.order))
            of_bank[told].remove(nearest)
            same[each.payment_id] = nearest
    return same


def _told(movement: Movement, demands: Demands) -> _Told | None:
    entry = movement.entry
    bills = frozenset(each.bill_id for each in demands.named_by(entry).bills)
    return (entry.kind, str(entry.amount.normalize()), entry.currency, bills) if bills else None
