"""Find what a return, a refusal or a returned refund undoes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from bill.payment.payment_reference_key import reference_key
from payments.matching.movement import UNDOES, Movement

_ANNOUNCED: Final = frozenset({"announced"})


def undone_payments(movements: Sequence[Movement]) -> dict[int, Movement]:
    """What each movement undoes, by its payment id. Each is undone once, or by several returns of parts of it. Of
    several that bear the id that the return names it is the latest of which just its amount is left and that came no
    later; else the only one of which more is left; else, of a return, the collection that was announced. A refusal of 0
    does not say its amount, and one without a currency says none."""
    known: dict[str, list[Movement]] = defaultdict(list)
    for movement in movements:
        for key in _own_ids(movement):
            known[key].append(movement)
    undone: dict[int, Movement] = {}
    left = {each.payment_id: each.entry.amount for each in movements}
    for movement in movements:
        if movement.entry.kind not in UNDOES:
            continue
        original = _original_of(movement, known, left)
        if original is not None:
            undone[movement.payment_id] = original
            left[original.payment_id] -= movement.entry.amount or left[original.payment_id]
    return undone


def _original_of(
    undoing: Movement, known: dict[str, list[Movement]], left: dict[int, Decimal]
) -> Movement | None:  # fmt: skip
    original = _original_among(undoing, UNDOES[undoing.entry.kind], known, left)
    if original is None and undoing.entry.kind == "returned":  # the bank told of the collection in a total alone
        return _original_among(undoing, _ANNOUNCED, known, left)
    return original


def _original_among(
    undoing: Movement, kinds: frozenset[str], known: dict[str, list[Movement]], left: dict[int, Decimal]
) -> Movement | None:
    entry = undoing.entry
    found = {
        each.payment_id: each
        for key in ids_of_original(undoing)
        for each in known.get(key, ())
        if each.entry.kind in kinds and left[each.payment_id] and entry.currency in ("", each.entry.currency)
    }
    same = [each for each in found.values() if left[each.payment_id] == entry.amount or not entry.amount]
    before = [each for each in same if each.entry.booked_on <= entry.booked_on] or same
    if before:
        return max(before, key=lambda each: each.order)
    larger = [each for each in found.values() if left[each.payment_id] > entry.amount]
    return larger[0] if len(larger) == 1 else None


def _own_ids(movement: Movement) -> Iterable[str]:
    entry = movement.entry
    return {key for each in (entry.entry_id, entry.end_to_end_id) if (key := reference_key(each))}


def ids_of_original(undoing: Movement) -> list[str]:
    """The ids by which a return or refusal names what it undoes, surest first."""
    entry = undoing.entry
    said = [entry.original_id] if reference_key(entry.original_id) else [entry.end_to_end_id]
    return [key for each in said if (key := reference_key(each))]
