"""Orders of direct debits (pain.008) as a whole: a statement books one total for all, or the bank refuses all."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from bill import ZERO
from bill.payment.payment_reference_key import reference_key
from payments.matching.movement import Movement
from store.payments.payment_key import batch_key


def collected_orders(
    movements: Iterable[Movement], standing: Iterable[Movement]
) -> Iterator[tuple[Movement, list[Movement]]]:
    """The totals among these movements whose order is known, each with the announced direct debits that it is the sum
    of. *standing* may hold any movements; those that were refused are not among them."""
    orders = _orders(standing)
    for each in movements:
        entry = each.entry
        if not entry.is_batch_total or not entry.is_booked:
            continue
        debits = orders.get((reference_key(entry.order_id) or batch_key(entry), entry.currency), [])
        if debits and sum((one.entry.amount for one in debits), ZERO) == entry.amount:
            yield each, debits


def refused_orders(movements: Sequence[Movement]) -> dict[int, list[Movement]]:
    """The announced direct debits of each order that was refused as a whole, by the refusal's payment id. A refusal
    with another sum than the order's undoes nothing; one of 0 does not say its sum."""
    orders: dict[str, list[Movement]] = defaultdict(list)
    for (key, _), debits in _orders(movements).items():
        orders[key] += debits
    found: dict[int, list[Movement]] = {}
    for each in movements:
        debits = orders.get(batch_key(each.entry), [])
        total: Decimal = sum((one.entry.amount for one in debits), ZERO)
        is_whole = each.entry.kind == "refused" and each.entry.is_batch_total
        if is_whole and debits and each.entry.amount in (ZERO, total):
            found[each.payment_id] = debits
    return found


def _orders(movements: Iterable[Movement]) -> dict[tuple[str, str], list[Movement]]:
    """The announced direct debits, by order and currency."""
    orders: dict[tuple[str, str], list[Movement]] = defaultdict(list)
    for each in movements:
        if each.entry.kind == "announced" and (key := batch_key(each.entry)):
            orders[key, each.entry.currency].append(each)
    return orders
