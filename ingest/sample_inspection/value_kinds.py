"""What the values of a field are: dates of which form, amounts with which marks, IBANs, postcodes and the like."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from stdnum.fr import siren

from bill.payment.iban import is_iban
from issuers.profile_studio.sample_report import EvidenceCode

#: Forms of dates, those that Europe writes first. Where day and month could change places, the first stands.
DATE_FORMS: Final = (
    "%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y", "%Y%m%d", "%Y/%m/%d", "%d/%m/%y", "%d.%m.%y", "%m/%d/%Y", "%d%m%Y",
)  # fmt: skip
#: Bills are of these years; an eight-figure number of other years is no date.
_YEARS: Final = range(1990, 2101)
#: From so many percent of the values on, a field is of a kind.
MOSTLY: Final = 80

_AMOUNT: Final = re.compile(
    r"(?P<sign>[+-]?)(?P<whole>[0-9]{1,3}(?:(?P<thousands>[ .,'\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}])[0-9]{3})+"
    r"|[0-9]+)(?:(?P<decimal>[.,])(?P<rest>[0-9]{1,6}))?[+-]?"
)
_CURRENCIES: Final = frozenset({
    "EUR", "CHF", "GBP", "USD", "XPF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "BGN", "CAD", "MAD", "TND",
    "DZD", "XOF", "XAF",
})  # fmt: skip
_VAT_ID: Final = re.compile(
    r"(?:AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK|XI|GB|CHE)"
    r"[-. ]?[0-9A-Z][0-9A-Z. ]{6,13}"
)


class NumberMarks(NamedTuple):
    """How amounts are written: the decimal mark ("" where none has any) and the thousands mark."""

    decimal: str
    thousands: str


#: Tests of one value, by what it speaks for. Amounts and dates are looked at by all values together.
_TESTS: Final[dict[EvidenceCode, Callable[[str], object]]] = {
    "iban": is_iban,
    "email": re.compile(r"[^@\s;,]+@[^@\s;,]+\.[A-Za-z]{2,}").fullmatch,
    "vat_id": _VAT_ID.fullmatch,
    "siren": lambda value: siren.is_valid(value) and value.replace(" ", "").isdigit(),
    "postcode": re.compile(r"(?:F-)?(?:0[1-9]|[1-8][0-9]|9[0-8])[0-9]{3}").fullmatch,
    "currency": lambda value: value in _CURRENCIES,
    "phone": re.compile(r"(?:\+33|0033|0)[ .]?[1-9](?:[ .-]?[0-9]{2}){4}").fullmatch,
}


def kinds_of(values: Sequence[str]) -> dict[EvidenceCode, int]:
    """The kinds of these values (none empty), each with its share in percent, where it is `MOSTLY` so."""
    shares: dict[EvidenceCode, int] = {code: _share(values, test) for code, test in _TESTS.items()}
    shares["date"] = max((_share(values, _reads(form)) for form in DATE_FORMS), default=0)
    shares["amount"] = _share(values, _AMOUNT.fullmatch)
    return {code: share for code, share in shares.items() if share >= MOSTLY}


def date_form(values: Sequence[str]) -> str:
    """The form that most of these dates have."""
    return max(DATE_FORMS, key=lambda form: _share(values, _reads(form)))


def number_marks(values: Iterable[str]) -> NumberMarks:
    """The marks of these amounts: what stands before three figures at the end may be either, and is the decimal mark
    only where another value says so."""
    decimals: set[str] = set()
    thousands: set[str] = set()
    for match in filter(None, map(_AMOUNT.fullmatch, values)):
        if match["thousands"]:
            thousands.add(match["thousands"])
        if match["decimal"]:
            decimals.add(match["decimal"])
    thousands -= decimals
    is_repeated = len(thousands) == 1
    decimal = next(iter(sorted(decimals)), "") if len(decimals) == 1 else ""
    return NumberMarks(decimal, next(iter(thousands)) if is_repeated else "")


def _share(values: Sequence[str], test: Callable[[str], object]) -> int:
    return 100 * sum(bool(test(value)) for value in values) // len(values) if values else 0


def _reads(form: str) -> Callable[[str], bool]:
    length = len(date(2026, 11, 22).strftime(form))

    def reads(value: str) -> bool:
        try:
            return len(value) == length and datetime.strptime(value, form).year in _YEARS  # noqa: DTZ007 - a day
        except ValueError:
            return False

    return reads
