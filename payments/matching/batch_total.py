"""Find totals of batches whose payments are told one by one: a statement books the sum, a notice tells the payments."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from bill import ZERO
from bill.payment.payment_reference_key import reference_key
from payments.matching.movement import Movement
from store.payments.payment_key import batch_key


def batch_totals_told(movements: Sequence[Movement]) -> list[int]:
    """The payment ids of the batch totals that the payments of the same batch add up to."""
    told: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for each in movements:
        if not each.entry.is_batch_total:
            for key in {batch_key(each.entry), reference_key(each.entry.order_id)} - {""}:
                told[key] += each.entry.amount
    return [
        each.payment_id
        for each in movements
        if each.entry.is_batch_total
        and each.entry.amount in (told.get(batch_key(each.entry)), told.get(reference_key(each.entry.order_id)))
    ]
