"""Reads amounts: exact, positive, with the decimal places of their currency."""

import re
from decimal import Decimal
from typing import Final

from bill import Money, minor_units
from payments.files.iso20022.elements import Element, child
from untrusted.value_parsing import LARGEST_AMOUNT, NotAValueError, decimal

_is_currency: Final = re.compile(r"[A-Z]{3}").fullmatch


def read_amount(element: Element | None, *path: str, currency: str = "") -> Money | None:
    """The amount at the end of a path; *currency* is that of an element without one. None where there is no element.

    Raises NotAValueError for what is no number or negative, has more decimal places than its currency, or no currency.
    """
    found = child(element, *path)
    if found is None:
        return None
    return exact_amount(found.text or "", (found.get("Ccy") or currency).strip())


def exact_amount(text: str, currency: str) -> Money:
    """The amount of a text and a currency; raises NotAValueError as `read_amount` does."""
    if not _is_currency(currency):
        raise NotAValueError("PAYMENT-CURRENCY", "'{code}' is no currency such as EUR (ISO 4217)", code=currency[:40])
    value = decimal(text)
    if value < 0:
        sentence = "an amount is never negative, its direction is said beside it: {amount}"
        raise NotAValueError("PAYMENT-AMOUNT-NEGATIVE", sentence, amount=value)
    if value > LARGEST_AMOUNT:
        raise NotAValueError("AMOUNT-RANGE", "'{text}' has more digits than any amount needs", text=text[:40])
    exact = value.quantize(Decimal(1).scaleb(-minor_units(currency)))
    if exact != value:
        sentence = "{amount} has more decimal places than {currency}"
        raise NotAValueError("PAYMENT-AMOUNT-DECIMALS", sentence, amount=value, currency=currency)
    return Money(amount=exact, currency=currency)
