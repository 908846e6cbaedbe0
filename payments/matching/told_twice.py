"""Find payments that are told twice: by the issuer and the bank, or in two messages of the bank."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from payments.matching.movement import INCOMING, Movement
from payments.matching.named_bills import Demands
from payments.payment_identity import all_besides_reference, bank_reference

#: Days between the date that an issuer gives and the bank's booking date of the same payment.
APART: Final = timedelta(days=5)

#: Kinds of money that moved.
_MOVED: Final = INCOMING | {"returned", "refunded", "refund_returned"}

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


def told_in_two_messages(movements: Sequence[Movement]) -> dict[int, Movement]:
    """What each payment with a reference of the bank is the same as, by its payment id: one of another file that says
    all the same but has no reference, as some banks' notices of what their statements then tell. Where a person decided
    of the one with the reference alone, it stands for the other."""
    bare: dict[tuple[str, ...], list[Movement]] = defaultdict(list)
    for each in movements:
        if _is_of_bank(each) and not each.entry.batch_id and not bank_reference(each.entry):
            bare[all_besides_reference(each.entry)].append(each)
    same: dict[int, Movement] = {}
    for each in movements:
        if not bare or not _is_of_bank(each) or not bank_reference(each.entry):
            continue
        alike = bare.get(all_besides_reference(each.entry), [])
        other = next((one for one in alike if one.feed_id != each.feed_id), None)
        if other is None or (each.decision and other.decision):
            continue
        alike.remove(other)
        first, second = (each, other) if each.decision else (other, each)
        same[second.payment_id] = first
    return same


def _is_of_bank(movement: Movement) -> bool:
    return movement.told_by == "bank" and movement.entry.kind in _MOVED
