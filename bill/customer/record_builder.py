"""Builds a customer record from its texts by term, as CSV columns and JSON keys give them, with findings.

A record with a fatal finding is refused as a whole: half of it would be a statement that nobody made. An e-mail
address, a telephone number or a language that is none is left out with a warning.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from msgspec import UNSET, UnsetType

from bill.addressing.countries import country_code, is_country
from bill.customer.customer_record import PAPER_RIGHTS, CustomerRecord, PaperRight, StatedAddress
from bill.finding import Finding, fatal, warning
from bill.postal_address import PostalAddress

_ADDRESS_LINES: Final = ("line1", "line2", "line3", "postcode", "city", "subdivision", "country")
_ADDRESS_DAYS: Final = ("from", "until")
MOST_NAMES: Final = 4
NAME_TERMS: Final = ("name", *(f"name_{n}" for n in range(2, MOST_NAMES + 1)))
#: All terms that a customer file may say.
CUSTOMER_TERMS: Final = frozenset({
    "number", "term", "scheme", "as_of", *NAME_TERMS,
    *(f"{kind}.{part}" for kind in ("postal_address", "delivery_address")
      for part in (*_ADDRESS_LINES, *_ADDRESS_DAYS)),
    "email", "phone", "language", "large_print", "paper_by_right", "closed_on", "died_on", "household",
})  # fmt: skip
#: The longest text of a term, in characters, as far as it is not LONGEST.
_LENGTHS: Final = {"number": 200, "term": 10, "scheme": 20, "email": 254, "phone": 40, "household": 100}
LONGEST: Final = 140
ACCOUNT_TERMS: Final = ("BT-46", "BT-12", "BT-10", "BT-18")
YES: Final = frozenset({"1", "true", "yes", "y", "oui", "o", "ja", "j", "x", "vrai"})
NO: Final = frozenset({"0", "false", "no", "n", "non", "nein", "faux"})
#: Years of a last day that stand for `never`: 31/12/9999 and 31/12/2999, where a customer system must have a date.
_NEVER: Final = (2999, 9999)
_email: Final = re.compile(r"[^@\s,;<>]{1,64}@[^@\s,;<>]+\.[^@\s,;<>.]+").fullmatch
_language: Final = re.compile(r"([a-z]{2})(?:[-_][a-z0-9_-]+)?", re.IGNORECASE).fullmatch


class BuiltRecord(NamedTuple):
    """A record with its findings; no record where one of them is fatal. *number* as far as it is known."""

    record: CustomerRecord | None
    findings: tuple[Finding, ...]
    number: str | None


def build_customer_record(
    texts: Mapping[str, str | None], place: str, read_day: Callable[[str], date],
    read_moment: Callable[[str], datetime],
) -> BuiltRecord:  # fmt: skip
    """Build the record of these texts. A term that is absent or "" is not said, one that is None is removed. The two
    readers of dates raise ValueError; *read_moment* gives aware moments."""
    builder = _Builder(texts, place, read_day, read_moment)
    record = builder.record()
    findings = tuple(builder.findings)
    is_refused = any(each.severity == "fatal" for each in findings)
    return BuiltRecord(None if is_refused else record, findings, builder.text("number") or None)


class _Builder:
    def __init__(
        self, texts: Mapping[str, str | None], place: str, read_day: Callable[[str], date],
        read_moment: Callable[[str], datetime],
    ) -> None:  # fmt: skip
        self.findings: list[Finding] = []
        self._place, self._read_day, self._read_moment = place, read_day, read_moment
        self._texts = {term: None if text is None else self._clean(term, text) for term, text in texts.items()}
        self._texts = {term: text for term, text in self._texts.items() if text != ""}

    def text(self, term: str) -> str:
        """The text of a term; "" where it is absent or removed."""
        return self._texts.get(term) or ""

    def record(self) -> CustomerRecord:
        """The record; whoever asks looks at the findings as well."""
        if not self.text("number"):
            self.refuse("CUSTOMER-NUMBER", "this customer has no account number", "number")
        if (term := self.text("term")) and term not in ACCOUNT_TERMS:
            sentence = "'{text}' is no term of an account number: give one of {terms}"
            self.refuse("CUSTOMER-TERM", sentence, "term", text=term, terms=", ".join(ACCOUNT_TERMS))
        return CustomerRecord(
            number=self.text("number"), term=term, scheme=self.text("scheme"), as_of=self._moment("as_of"),
            **dict(self._fields()),
        )  # fmt: skip

    def _fields(self) -> Iterator[tuple[str, Any]]:
        """The fields that are said."""
        if any(term in self._texts for term in NAME_TERMS):
            names = tuple(text for term in NAME_TERMS if (text := self.text(term)))
            yield "names", names or None
        for kind in ("postal_address", "delivery_address"):
            if kind in self._texts or any(f"{kind}.{part}" in self._texts for part in _ADDRESS_LINES + _ADDRESS_DAYS):
                yield kind, self._address(kind)
        readers: dict[str, Callable[[str], Any]] = {
            "email": self._email, "phone": self._phone, "language": self._language, "large_print": self._yes_or_no,
            "paper_by_right": self._paper_right, "closed_on": self._day, "died_on": self._day,
            "household": lambda term: self.text(term),
        }  # fmt: skip
        for term, read in readers.items():
            if term not in self._texts:
                continue
            value = None if self._texts[term] is None else read(term)
            if value is not UNSET:
                yield term, value

    def _address(self, kind: str) -> StatedAddress | None:
        lines = {line: self.text(f"{kind}.{line}") for line in _ADDRESS_LINES}
        begins, ends = (self._day(f"{kind}.{day}") for day in _ADDRESS_DAYS)
        if not any(lines.values()):
            if any(self.text(f"{kind}.{day}") for day in _ADDRESS_DAYS):
                self.refuse("CUSTOMER-ADDRESS", "these days are of no address: give it with them", kind)
            return None
        if begins and ends and ends < begins:
            sentence = "the address is valid from {begins} until {ends}: it ends before it begins"
            self.refuse("CUSTOMER-ADDRESS", sentence, kind, begins=begins.isoformat(), ends=ends.isoformat())
        code = country_code(lines["country"])
        if code and not is_country(code):
            self.warn("CUSTOMER-COUNTRY", "'{text}' is no country", f"{kind}.country", text=lines["country"])
        return StatedAddress(address=PostalAddress(**{**lines, "country": code}), valid_from=begins, valid_until=ends)

    def _email(self, term: str) -> str | UnsetType:
        if _email(text := self.text(term)):
            return text
        self.warn("CUSTOMER-EMAIL", "'{text}' is no e-mail address: it was left out", term, text=text)
        return UNSET

    def _phone(self, term: str) -> str | UnsetType:
        text = self.text(term)
        if sum(c.isdecimal() for c in text) >= 3 and not any(c.isalpha() for c in text):
            return text
        self.warn("CUSTOMER-PHONE", "'{text}' is no telephone number: it was left out", term, text=text)
        return UNSET

    def _language(self, term: str) -> str | UnsetType:
        if found := _language(text := self.text(term)):
            return found[1].lower()
        self.warn("CUSTOMER-LANGUAGE", "'{text}' is no code of a language: it was left out", term, text=text)
        return UNSET

    def _yes_or_no(self, term: str) -> bool | None:
        text = self.text(term).casefold()
        if text in YES or text in NO:
            return text in YES
        self.refuse("CUSTOMER-YES-NO", "'{text}' is neither yes nor no", term, text=text)
        return None

    def _paper_right(self, term: str) -> PaperRight | None:
        """An unknown word is a right all the same: an error takes no paper away."""
        text = self.text(term).casefold()
        if text in NO:
            return None
        return next((right for right in PAPER_RIGHTS if right == text), "yes")

    def _day(self, term: str) -> date | None:
        if not (text := self.text(term)):
            return None
        try:
            day = self._read_day(text)
        except ValueError:
            self.refuse("CUSTOMER-DATE", "'{text}' is no date as the profile has them", term, text=text)
            return None
        is_never = day.year < 1900 if term.endswith(".from") else day.year in _NEVER
        if not is_never:
            self._check_year(term, text, day)
        return None if is_never else day

    def _moment(self, term: str) -> datetime | None:
        if not (text := self.text(term)):
            return None
        try:
            moment = self._read_moment(text)
        except (ValueError, OverflowError):
            self.refuse("CUSTOMER-DATE", "'{text}' is no date as the profile has them", term, text=text)
            return None
        self._check_year(term, text, moment)
        return moment

    def _check_year(self, term: str, text: str, day: date) -> None:
        if not 1900 <= day.year <= 2200:
            self.refuse("CUSTOMER-DATE", "'{text}' is no date as the profile has them", term, text=text)

    def _clean(self, term: str, text: str) -> str:
        """One line without control and invisible characters."""
        parted = "".join(" " if c in "\t\r\n" else c for c in unicodedata.normalize("NFC", text))
        line = " ".join("".join(c for c in parted if unicodedata.category(c)[0] != "C").split())
        if len(line) > (most := _LENGTHS.get(term, LONGEST)):
            sentence = "more than {most} characters: this is no {field}"
            self.refuse("CUSTOMER-TOO-LONG", sentence, term, most=most, field=term)
        return line

    def refuse(self, rule: str, sentence: str, term: str, **values: Any) -> None:
        self.findings.append(fatal(rule, sentence, f"{self._place}, {term}".strip(", "), **values))

    def warn(self, rule: str, sentence: str, term: str, **values: Any) -> None:
        self.findings.append(warning(rule, sentence, f"{self._place}, {term}".strip(", "), **values))
