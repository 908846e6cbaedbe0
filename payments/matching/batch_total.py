"""Find totals of batches whose payments are told one by one: a statement books the sum, a notice tells the payments."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from bill import ZERO
from payments.matching.movement import Movement
from store.payments.payment_key import batch_key


def batch_totals_told(movements: Sequence[Movement]) -> list[int]:
    """The payment ids of the batch totals that the payments of the same batch add up to."""
    told: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for each in movements:
        if not each.entry.is_batch_total and (key := batch_key(each.entry)):
            told[key] += each.entry.amount
    return [
        each.payment_id
        for each in movements
        if each.entry.is_batch_total and told.get(batch_key(each.entry)) == each.entry.amount
    ]
