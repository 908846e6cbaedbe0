"""Joins the parts of an explanation into the few causes that a reader is told."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal

from bill.billing_history import METERED
from bill.change.change_part import ChangePart, PartKind
from bill.change.explain_change import Explanation
from bill.frozen_struct import FrozenStruct
from bill.money import ZERO

CauseKind = PartKind | Literal["others"]


class Cause(FrozenStruct, frozen=True):
    """Parts that have one reason, and their sum. *before* and *now* are what changed, where it is one thing: the
    consumption of the whole bill in *unit* (of a day, if *is_daily*), days, a VAT rate."""

    kind: CauseKind
    amount: Decimal
    parts: tuple[ChangePart, ...]
    name: str = ""  # of the item, if it is one
    unit: str = ""
    before: Decimal | None = None
    now: Decimal | None = None
    is_daily: bool = False


def join_causes(explanation: Explanation) -> list[Cause]:
    """All causes, the greatest first; their amounts add up to the difference. Joined are the days, the consumption of
    one unit (with the levies on it), prices of one day, VAT rates, allowances; other items stay apart."""
    groups: dict[tuple[object, ...], list[ChangePart]] = {}
    for part in explanation.parts:
        groups.setdefault(_key(part, explanation), []).append(part)
    causes = [cause for parts in groups.values() for cause in _causes(parts, explanation) if cause.amount]
    return sorted(causes, key=lambda cause: -abs(cause.amount))


def few_causes(causes: Sequence[Cause], most: int) -> list[Cause]:
    """At most so many causes: the smallest are joined as `others`, at the end."""
    if len(causes) <= most:
        return list(causes)
    kept, small = causes[: most - 1], causes[most - 1 :]
    parts = tuple(part for cause in small for part in cause.parts)
    return [*kept, Cause(kind="others", amount=sum((cause.amount for cause in small), ZERO), parts=parts)]


def _key(part: ChangePart, explanation: Explanation) -> tuple[object, ...]:
    match part.kind:
        case "quantity" if part.unit in METERED and part.unit == explanation.unit:
            return part.kind, part.unit, part.is_daily
        case "quantity":
            return part.kind, part.name, part.unit
        case "price":
            return part.kind, part.since
        case "tax":
            return part.kind, part.before, part.now
        case "new" | "gone" | "amount" | "charge":
            return part.kind, part.name
        case _:
            return (part.kind,)


def _causes(parts: Sequence[ChangePart], explanation: Explanation) -> Iterable[Cause]:
    first, amount = parts[0], sum((part.amount for part in parts), ZERO)
    if first.kind == "quantity" and first.unit == explanation.unit:
        return _consumption(parts, amount, explanation)
    if len(parts) == 1:
        return [_single(first)]
    values = {(part.before, part.now) for part in parts}
    before, now = values.pop() if len(values) == 1 and first.kind in ("days", "tax") else (None, None)
    name = first.name if len({part.name for part in parts}) == 1 else ""
    return [Cause(kind=first.kind, amount=amount, parts=tuple(parts), name=name, before=before, now=now)]


def _single(part: ChangePart) -> Cause:
    return Cause(
        kind=part.kind, amount=part.amount, parts=(part,), name=part.name, unit=part.unit, before=part.before,
        now=part.now, is_daily=part.is_daily,
    )  # fmt: skip


def _consumption(parts: Sequence[ChangePart], amount: Decimal, explanation: Explanation) -> list[Cause]:
    """One cause for all that is billed by the meter, where the consumption rose or fell as its amount did; else (more
    of the cheap, less of the dear, or only what is fed in or taken back) one for each item."""
    used, before = explanation.used, explanation.used_before
    if parts[0].is_daily:
        used, before = _a_day(used, explanation.days), _a_day(before, explanation.days_before)
    is_taken_back = all(part.now is not None and part.now < 0 for part in parts)
    if used is None or before is None or is_taken_back or (used - before) * amount <= 0:
        return [_single(part) for part in parts]
    return [
        Cause(
            kind="quantity", amount=amount, parts=tuple(parts), unit=parts[0].unit, before=before, now=used,
            is_daily=parts[0].is_daily,
        )
    ]  # fmt: skip


def _a_day(used: Decimal | None, days: int | None) -> Decimal | None:
    return None if used is None or days is None else used / days
