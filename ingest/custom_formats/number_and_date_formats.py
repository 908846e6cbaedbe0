"""Parses amounts and dates in the issuer's own notation (decimal mark, sign, date format) by its profile."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from ingest.custom_formats.field_names import ACCOUNTS, NUMBERS, TERMS, Kind
from ingest.custom_formats.spreadsheet_damage import check_number, check_whole
from issuers.file_layouts import AmountAndDateFormat, date_forms
from untrusted.value_parsing import NotAValueError, decimal, sensible, words

#: Overpunch: the last digit of a number and its sign in one character, as mainframes write it.
_OVERPUNCH: Final = {
    **{mark: (str(figure), "") for figure, mark in enumerate("{ABCDEFGHI")},
    **{mark: (str(figure), "-") for figure, mark in enumerate("}JKLMNOPQR")},
}  # fmt: skip
_figures = re.compile(r"[+-]?[0-9]+").fullmatch


class AmountAndDateParser:
    """Parses the texts of one feed by the profile's notation; raises NotAValueError for a text that does not fit."""

    def __init__(self, form: AmountAndDateFormat) -> None:
        self._form = form
        self._dates = date_forms(form)
        self._thousands = form.thousands.replace("\N{NO-BREAK SPACE}", " ")
        self._read: dict[Kind, Callable[[str], Any]] = {str: words, Decimal: self.amount, date: self.day}

    def value(self, term: str, text: str) -> Any:
        """Return the value of a term, of the type that the field in `bill` has."""
        if term in NUMBERS:
            check_number(text)
            if term in ACCOUNTS:
                check_whole(text)
        return self._read[TERMS[term]](text)

    def amount(self, text: str) -> Decimal:
        """Return an exact number, with the profile's decimal and thousands marks, signs and implied decimals."""
        form = self._form
        text = text.strip().replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
        if form.signs != "leading":
            text = _signed(text, form.signs)
        if self._thousands:
            text = _without_thousands(text, self._thousands, form.decimal)
        if form.decimal == ",":
            if "." in text:
                sentence = "'{text}' has a point, and the profile says decimal comma"
                raise NotAValueError("AMOUNT-INVALID", sentence, text=text[:40])
            text = text.replace(",", ".")
        number = decimal(text)
        return number.scaleb(-form.decimals) if form.decimals and _figures(text) else number

    def day(self, text: str) -> date | None:
        """Return a day in one of the profile's date formats; None for zeros alone, which mainframes write for no
        date."""
        text = text.strip()
        return _day(text, self._dates) if text.strip("0") else None


@lru_cache(maxsize=1024)
def _day(text: str, forms: tuple[str, ...]) -> date:
    for form in forms:
        try:
            return sensible(datetime.strptime(text, form).date())  # noqa: DTZ007 - a day, no instant
        except ValueError:
            continue
    raise NotAValueError(
        "DATE-INVALID", "'{text}' is no date of the form {forms}", text=text[:40], forms=", ".join(forms)
    )


def _signed(text: str, signs: str) -> str:
    """Return the number with its sign in front: `84,20-`, or a last digit that carries the sign (overpunch)."""
    if signs == "trailing" and text[-1:] in ("-", "+"):
        return text[-1] + text[:-1].strip()
    if signs == "overpunch" and (last := _OVERPUNCH.get(text[-1:])):
        return last[1] + text[:-1] + last[0]
    return text


def _without_thousands(text: str, mark: str, point: str) -> str:
    """Return `1 234,50` without its thousands mark; a mark that does not separate three digits is left, and so
    refused."""
    whole, _, rest = text.partition(point)
    if mark in whole and not re.fullmatch(rf"[+-]?[0-9]{{1,3}}(?:{re.escape(mark)}[0-9]{{3}})*", whole):
        raise NotAValueError("AMOUNT-INVALID", "'{text}' has its thousands in the wrong places", text=text[:40])
    return whole.replace(mark, "") + (f"{point}{rest}" if rest else "")
