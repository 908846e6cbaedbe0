"""The words for why a bill changed: of a cause, and of each part of it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from bill.change import Cause, ChangePart
from bill.money import NBSP
from portal.presenters.amounts_and_dates import exact_day, money, number
from portal.translation import say

#: The unit after a quantity: (code, quantity) -> words.
Unit = Callable[[str, Decimal], str]
_DAY: Final = "DAY"
_TENTH: Final = Decimal("0.1")
_HUNDREDTH: Final = Decimal("0.01")


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
            words = _from_to(_figure(part.before), _counted(part.now, part.unit, unit))
            return say("{quantity} par jour", quantity=words) if part.is_daily else words
        case "price" | "amount":
            return _from_to(money(_shown_price(part.before), currency), money(_shown_price(part.now), currency))
        case "tax":
            return _from_to(_percent(part.before), _percent(part.now))
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
    if more < 0:
        return say("{n} jour de moins|{n} jours de moins", n=-more)
    return say("{n} jour de plus|{n} jours de plus", n=more)


def _quantity(cause: Cause, unit: Unit) -> str:
    """Returns `27 kWh de plus`, with the item's name where it is one item's; `1,4 kWh de plus par jour`."""
    if cause.before is None or cause.now is None:
        return cause.name or say("quantité")
    more = cause.now - cause.before
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


def _counted(quantity: Decimal, code: str, unit: Unit) -> str:
    """Returns a quantity with its unit: `27 kWh`; pieces have none."""
    figure = _figure(quantity)
    words = unit(code, quantity)
    return f"{figure}{NBSP}{words}" if words else figure


def _figure(quantity: Decimal) -> str:
    """Returns a quantity rounded as far as it stays telling: 440, 14,2, 0,07."""
    if abs(quantity) >= 100:
        return number(quantity.quantize(Decimal(1)))
    return number(quantity.quantize(_TENTH if abs(quantity) >= 1 else _HUNDREDTH))


def _shown_price(price: Decimal) -> Decimal:
    return price if price == price.quantize(Decimal("0.000001")) else price.quantize(Decimal("0.0001"))


def _percent(rate: Decimal) -> str:
    return f"{number(rate.quantize(_HUNDREDTH))}{NBSP}%"
