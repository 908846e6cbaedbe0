"""Splits the change of one item between two bills into days, quantity, price and VAT rate (decision 0070)."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from bill.billing_history import METERED
from bill.change.change_part import ChangePart, PartKind
from bill.change.item_lines import ItemLine
from bill.change.line_pairing import Pair
from bill.change.split_effects import split_effects
from bill.money import ZERO

_HUNDRED: Final = Decimal(100)
_DAY: Final = "DAY"


class _Side(NamedTuple):
    """An item in one bill: what its lines come to together."""

    quantity: Decimal
    price: Decimal  # the mean, for one unit
    factor: Decimal  # 1 and the mean VAT rate
    days: int | None


def parts_of_pair(pair: Pair) -> Iterator[ChangePart]:
    """The parts of one item, exact: their amounts are rounded later, when all are known. Together they are the change
    of the item's amount with VAT, but for fractions of a cent that the bills rounded."""
    lines = pair.now or pair.before
    name, kind = lines[0].name, lines[0].kind
    if kind != "item":
        extra: PartKind = "charge" if kind == "charge" else "allowance"
        yield ChangePart(kind=extra, amount=_gross(pair.now) - _gross(pair.before), name=name)
    elif not (pair.now and pair.before):
        whole: PartKind = "new" if pair.now else "gone"
        yield ChangePart(kind=whole, amount=_gross(pair.now) - _gross(pair.before), name=name)
    else:
        yield from _of_item(pair, name)


def _of_item(pair: Pair, name: str) -> Iterator[ChangePart]:
    is_priced = all(line.price is not None for line in (*pair.before, *pair.now))
    sides = [_side(lines, is_priced=is_priced) for lines in pair] if _is_alike(pair) else [None]
    before, now = sides[0], sides[-1]
    if before is None or now is None:
        yield from _unsplit(pair, name)
        return
    unit = pair.now[0].unit
    is_daily = _is_daily(before, now, unit)
    days = (Decimal(before.days or 1), Decimal(now.days or 1)) if is_daily else (Decimal(1), Decimal(1))
    used = before.quantity / days[0], now.quantity / days[1]
    effects = split_effects(
        (days[0], used[0], before.price, before.factor), (days[1], used[1], now.price, now.factor)
    )  # fmt: skip
    of_days, of_quantity, of_price, of_tax = effects
    yield ChangePart(kind="days", amount=of_days, name=name, before=days[0], now=days[1], is_daily=is_daily)
    if unit == _DAY:
        yield ChangePart(kind="days", amount=of_quantity, name=name, before=used[0], now=used[1])
    else:
        yield ChangePart(
            kind="quantity", amount=of_quantity, name=name, unit=unit, before=used[0], now=used[1], is_daily=is_daily
        )
    yield ChangePart(
        kind="price", amount=of_price, name=name, unit=unit, before=before.price, now=now.price,
        since=_new_price_day(pair) if is_priced else None,
    )  # fmt: skip
    yield _tax_part(name, of_tax, before.factor, now.factor)


def _unsplit(pair: Pair, name: str) -> Iterator[ChangePart]:
    """An item without quantity and price: its net amount changed, or its VAT rate."""
    nets = [sum((line.amount for line in lines), ZERO) for lines in pair]
    if not (all(nets) and _has_plain_rates(pair)):
        yield ChangePart(kind="amount", amount=_gross(pair.now) - _gross(pair.before), name=name)
        return
    factors = [_gross(lines) / net for lines, net in zip(pair, nets, strict=True)]
    of_amount, of_tax = split_effects((nets[0], factors[0]), (nets[1], factors[1]))
    yield ChangePart(kind="amount", amount=of_amount, name=name, before=nets[0], now=nets[1])
    yield _tax_part(name, of_tax, factors[0], factors[1])


def _tax_part(name: str, amount: Decimal, before: Decimal, now: Decimal) -> ChangePart:
    return ChangePart(kind="tax", amount=amount, name=name, before=(before - 1) * _HUNDRED, now=(now - 1) * _HUNDRED)


def _gross(lines: Sequence[ItemLine]) -> Decimal:
    return sum((line.amount * (1 + line.rate) for line in lines), ZERO)


def _is_alike(pair: Pair) -> bool:
    """Whether all lines are of one unit, and all of one sign on each side: else a mean price says nothing. Nor does
    the mean of several VAT rates that both bills have."""
    lines = (*pair.before, *pair.now)
    return (
        len({line.unit for line in lines}) == 1
        and _has_plain_rates(pair)
        and all(len({(line.quantity > 0, line.amount >= 0) for line in side if line.quantity}) == 1 for side in pair)
    )


def _has_plain_rates(pair: Pair) -> bool:
    before, now = ({line.rate for line in side} for side in pair)
    return before != now or len(now) == 1


def _side(lines: Sequence[ItemLine], *, is_priced: bool) -> _Side | None:
    """None where it has no quantity, or nothing to pay."""
    quantity = sum((line.quantity or ZERO for line in lines), ZERO)
    net = sum((line.exact if is_priced else line.amount for line in lines), ZERO)
    if not quantity or not net or any(line.quantity is None for line in lines):
        return None
    gross = sum(((line.exact if is_priced else line.amount) * (1 + line.rate) for line in lines), ZERO)
    factor = 1 + lines[0].rate if len({line.rate for line in lines}) == 1 else gross / net
    price = lines[0].price if is_priced and len({line.price for line in lines}) == 1 else None
    return _Side(quantity, net / quantity if price is None else price, factor, _days(lines))


def _days(lines: Sequence[ItemLine]) -> int | None:
    """The days from the first to the last of the lines; None unless every line says its own."""
    starts = [line.start for line in lines if line.start is not None]
    ends = [line.end for line in lines if line.end is not None]
    if len(starts) < len(lines) or len(ends) < len(lines):
        return None
    return (max(ends) - min(starts)).days + 1


def _is_daily(before: _Side, now: _Side, unit: str) -> bool:
    """Whether days are a cause: what a meter counted, in two bills whose days are known and not as many."""
    return unit in METERED and None not in (before.days, now.days) and before.days != now.days


def _new_price_day(pair: Pair) -> date | None:
    """The first day of the price that the item has at last, where the bills follow each other without a gap or the
    change lies within one of them."""
    dated = [(line.start, line.price) for line in (*pair.before, *pair.now) if line.start is not None]
    if len(dated) < len(pair.before) + len(pair.now) or len({price for _, price in dated}) == 1:
        return None
    ends = max((line.end for line in pair.before if line.end is not None), default=None)
    latest = max(dated, key=lambda each: each[0])[1]
    first = min(start for start, price in dated if price == latest)
    earlier = [start for start, price in dated if price != latest]
    begins = min(start for start, _ in dated[len(pair.before) :])
    if ends is None or abs((begins - ends).days - 1) > 1 or any(start >= first for start in earlier):
        return None
    return first if first > min(earlier) else None
