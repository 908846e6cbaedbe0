"""Money: exact decimal amounts in an ISO 4217 currency, rounding, and formatting for people."""

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final

from bill.frozen_struct import FrozenStruct
from words.number_form import CURRENCY, number_form

ZERO: Final = Decimal(0)
CENT: Final = Decimal("0.01")

#: Decimal places of currencies that do not have two (ISO 4217).
_MINOR_UNITS: Final = {
    "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0, "UGX": 0,
    "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
    "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}  # fmt: skip
_SYMBOLS: Final = {"EUR": "€", "GBP": "£", "USD": "$", "JPY": "¥", "CHF": "CHF"}

NARROW: Final = "\N{NARROW NO-BREAK SPACE}"
NBSP: Final = "\N{NO-BREAK SPACE}"


class Money(FrozenStruct, frozen=True):
    """An amount and its currency."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        return spell_money(self.amount, self.currency)


def minor_units(currency: str) -> int:
    """The decimal places of this currency (ISO 4217)."""
    return _MINOR_UNITS.get(currency, 2)


def round_money(amount: Decimal, currency: str = "EUR") -> Decimal:
    """The amount rounded half up to the currency's decimal places (EN 16931-1, 6.5)."""
    return amount.quantize(_minor_unit(currency), ROUND_HALF_UP)


@lru_cache(maxsize=256)
def _minor_unit(currency: str) -> Decimal:
    """The smallest amount of this currency: 0.01 for most."""
    return _step(minor_units(currency))


@lru_cache(maxsize=64)
def _step(places: int) -> Decimal:
    """10 to the power of -*places*."""
    return Decimal(1).scaleb(-places)


def spell_number(number: Decimal, language: str = "fr", places: int | None = None) -> str:
    """`1 234,50` in French, `1,234.50` in English, `1.234,50` in German, Dutch and Spanish; *places* None drops
    trailing zeros."""
    if places is not None:
        number = number.quantize(_step(places), ROUND_HALF_UP)
    elif number == number.to_integral_value():
        number = number.to_integral_value()
    else:
        number = number.normalize()
    return f"{number:,f}".translate(number_form(language).separators)


def spell_amount(amount: Decimal, currency: str, language: str = "fr") -> str:
    """`84,20`: with the currency's decimal places, and more if they are not 0, so that no fraction of a cent is
    hidden."""
    places = minor_units(currency)
    if amount != amount.quantize(_step(places), ROUND_HALF_UP):
        places = max(places, _written_places(amount))
    return spell_number(amount, language, places)


def spell_money(amount: Decimal, currency: str, language: str = "fr", places: int | None = None) -> str:
    """`84,20 €` in French, `€84.20` in English, `€ 84,20` in Dutch; a currency without a sign keeps its code,
    behind the amount. *places* None: those of the currency."""
    number = spell_amount(amount, currency, language) if places is None else spell_number(amount, language, places)
    sign = _SYMBOLS.get(currency, currency)
    if len(sign) > 1:
        return f"{number}{NBSP}{sign}"
    form, is_negative = number_form(language), number.startswith("-")
    return f"{form.before[is_negative]}{number.removeprefix('-')}{form.behind[is_negative]}".replace(CURRENCY, sign)


def _written_places(amount: Decimal) -> int:
    """The decimal places without trailing zeros."""
    exponent = amount.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0
