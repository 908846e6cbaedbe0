"""The words for why a bill changed: of a cause, and of each part of it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from bill.change import Cause, ChangePart
from bill.money import NBSP, ZERO
from portal.presenters.amounts_and_dates import exact_day, money, number
from portal.translation import say

#: The unit after a quantity: (code, quantity) -> words.
Unit = Callable[[str, Decimal], str]
_DAY: Final = "DAY"
_HUNDREDTH: Final = Decimal("0.01")
_MOST_PLACES: Final = 6


def reason_of(cause: Cause, unit: Unit) -> str:
    """Returns a cause in a few words: `27 kWh de plus`, `nouveaux prix au 1er février`, `Option sport, nouveau`."""
    match cause.kind:
        case "days":
            return _days(cause)
        case "quantity":
            return _quantity(cause, unit)
        case "price":
            return _price(cause)
        case "tax":
            return _tax(cause)
        case "others":
            return say("autres, {n} ligne|autres, {n} lignes", n=len(cause.parts))
        case _:
            return _of_item(cause) or _of_whole_bill(cause)


def change_of(part: ChangePart, unit: Unit, currency: str) -> str:
    """Returns what changed in a part: `de 310 à 283 kWh`, `de 0,1358 € à 0,1441 €`; "" where its kind says it all."""
    if part.before is None or part.now is None:
        return ""
    match part.kind:
        case "days":
            return _from_to(number(part.before), _counted(part.now, _DAY, unit))
        case "quantity":
            places = _places(part.now, part.before)
            words = _from_to(number(round(part.before, places)), _counted(part.now, part.unit, unit, places))
            return say("{quantity} par jour", quantity=words) if part.is_daily else words
        case "price" | "amount":
            before, now = _prices(part.before, part.now)
            return _from_to(money(before, currency), money(now, currency))
        case "tax":
            places = _telling_places(part.now, part.before, 2)
            return _from_to(_percent(part.before, places), _percent(part.now, places))
        case _:
            return ""


def kind_of(part: ChangePart) -> str:
    """Returns what a part is about: `Quantité`, `Prix`, `Nouveau`."""
    return {
        "days": say("Jours"), "quantity": say("Quantité"), "price": say("Prix hors taxe"), "tax": say("Taux de TVA"),
        "amount": say("Montant"), "new": say("Nouveau"), "gone": say("Plus sur cette facture"),
        "allowance": say("Remise"), "charge": say("Frais"), "vat": say("TVA"), "balance": say("Solde d’avant"),
        "payments": say("Déjà payé"), "third_party": say("Perçu pour d’autres"), "rounding": say("Arrondi"),
        "rest": say("Sans détail"), "undetailed": say("Sans détail"), "lines": say("Ensemble des lignes"),
    }[part.kind]  # fmt: skip


def _of_item(cause: Cause) -> str:
    match cause.kind:
        case "new":
            return say("{name}, nouveau", name=cause.name or say("une ligne"))
        case "gone":
            return say("{name}, plus sur cette facture", name=cause.name or say("une ligne"))
        case "amount":
            return cause.name or say("une ligne")
        case _:
            return cause.name


def _of_whole_bill(cause: Cause) -> str:
    return {
        "allowance": say("remises"), "charge": say("frais"), "vat": say("TVA"),
        "balance": say("solde des factures d’avant"), "payments": say("ce qui est déjà payé"),
        "third_party": say("sommes perçues pour d’autres"), "rounding": say("arrondis"),
        "lines": say("l’ensemble de ses lignes"),
    }.get(cause.kind, say("sans détail sur la facture"))  # fmt: skip


def _days(cause: Cause) -> str:
    if cause.before is None or cause.now is None:
        return say("nombre de jours")
    more = int(cause.now - cause.before)
    if more != cause.now - cause.before:
        return say("nombre de jours")  # an issuer may bill half a day
    if more < 0:
        return say("{n} jour de moins|{n} jours de moins", n=-more)
    return say("{n} jour de plus|{n} jours de plus", n=more)


def _quantity(cause: Cause, unit: Unit) -> str:
    """Returns `27 kWh de plus`, with the item's name where it is one item's; `1,4 kWh de plus par jour`."""
    if cause.before is None or cause.now is None:
        return cause.name or say("quantité")
    more = cause.now - cause.before
    if cause.name and max(cause.now, cause.before) < 0:
        more = -more  # of what is fed in or taken back, more is more
    counted = _counted(abs(more), cause.unit, unit)
    words = say("{quantity} de plus", quantity=counted) if more > 0 else say("{quantity} de moins", quantity=counted)
    if cause.is_daily:
        words = say("{quantity} par jour", quantity=words)
    return say("{name} : {reason}", name=cause.name, reason=words) if cause.name else words


def _price(cause: Cause) -> str:
    since = cause.parts[0].since
    if cause.name:
        day = exact_day(since, year=False) if since else None
        words = say("nouveau prix au {day}", day=day) if day else say("nouveau prix")
        return say("{name} : {reason}", name=cause.name, reason=words)
    return say("nouveaux prix au {day}", day=exact_day(since, year=False)) if since else say("nouveaux prix")


def _tax(cause: Cause) -> str:
    if cause.before is None or cause.now is None or _is_mean(cause.before) or _is_mean(cause.now):
        return say("nouveau taux de TVA")
    return say("TVA de {now} au lieu de {before}", now=_percent(cause.now), before=_percent(cause.before))


def _is_mean(rate: Decimal) -> bool:
    return rate != rate.quantize(_HUNDREDTH)


def _from_to(before: str, now: str) -> str:
    return say("de {before} à {now}", before=before, now=now)


def _counted(quantity: Decimal, code: str, unit: Unit, places: int | None = None) -> str:
    """Returns a quantity with its unit: `27 kWh`; pieces have none."""
    figure = number(round(quantity, _places(quantity) if places is None else places))
    words = unit(code, quantity)
    return f"{figure}{NBSP}{words}" if words else figure


def _places(quantity: Decimal, other: Decimal = ZERO) -> int:
    """Returns how far a quantity is rounded so that it stays telling beside another: 440, 14,2, 0,07, 0,004."""
    return _telling_places(quantity, other, 0 if abs(quantity) >= 100 else 1 if abs(quantity) >= 1 else 2)


def _telling_places(one: Decimal, other: Decimal, fewest: int) -> int:
    """Returns the fewest decimal places with which two values that differ are not written alike."""
    return next((n for n in range(fewest, _MOST_PLACES) if round(one, n) != round(other, n)), _MOST_PLACES)


def _prices(before: Decimal, now: Decimal) -> tuple[Decimal, Decimal]:
    """Returns prices as the bills write them; mean ones are rounded."""
    places = _telling_places(now, before, 4)
    written = (price if price == round(price, _MOST_PLACES) else round(price, places) for price in (before, now))
    return next(written), next(written)


def _percent(rate: Decimal, places: int = 2) -> str:
    return f"{number(round(rate, places))}{NBSP}%"
