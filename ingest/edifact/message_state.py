"""The state of one INVOIC message while it is read: the terms found so far, and the segment group that is open."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from string import ascii_uppercase, digits
from typing import Any, Final

from bill import Value, fatal, warning
from ingest.document_findings import DocumentNotes, Found
from ingest.edifact.segment_tokenizer import Segment
from untrusted.value_parsing import NotAValueError, day, decimal, prose, sensible, words

#: UNTDID 2379 date formats with a two-digit year -> their length; other formats are told by length.
_SHORT_DAYS: Final = {"101": 6, "201": 10, "202": 12}


@dataclass(slots=True)
class MessageState:
    """One message. *found* holds the terms of the bill; *party*, *line*, *charge* and *tax* the group that is open, if
    any."""

    notes: DocumentNotes
    modern: bool  # of a directory in which a party's second name is its trading name (CEN/TS 16931-3-4)
    found: Found = field(default_factory=dict)
    parties: dict[str, Found] = field(default_factory=dict)
    lines: list[Found] = field(default_factory=list)
    amounts: dict[str, Decimal] = field(default_factory=dict)
    payment: Found = field(default_factory=dict)
    summary: bool = False
    party: Found | None = None
    line: Found | None = None
    charge: Found | None = None
    tax: Found | None = None
    terms: Found | None = None  # payment terms that are open (PAT), which may be an instalment's
    reference: str = ""

    def words(self, segment: Segment, element: int, component: int = 0) -> str:
        """Return a name, number or code of a segment; "" when it is absent."""
        return self.value(segment, segment.get(element, component), words) or ""

    def prose(self, segment: Segment, element: int) -> str:
        """Return free text: the components of an element joined by blanks."""
        return self.value(segment, " ".join(segment.rest(element)), prose) or ""

    def amount(self, segment: Segment, text: str) -> Decimal | None:
        """Return the exact number; comma and point are both decimal marks (ISO 9735-1, 10.1)."""
        number: Decimal | None = self.value(segment, text.replace(",", "."), decimal)
        return number

    def value(self, segment: Segment, text: str, read: Callable[[str], Any]) -> Any:
        """Return the text parsed with *read*; None when it is empty, or, with a fatal finding, when it is no such
        value."""
        if not text:
            return None
        try:
            return read(text)
        except NotAValueError as fault:
            self.notes.findings.append(fatal(fault.rule, fault.sentence, segment.place, **fault.values))
            return None

    def day(self, segment: Segment, *, decides: bool = False) -> date | None:
        """Return the day of a DTM; an invalid one is a warning, or fatal where it *decides* (the bill's own date)."""
        try:
            return _day(segment.get(1, 1), segment.get(1, 2))
        except NotAValueError as fault:
            tell = fatal if decides else warning
            self.notes.findings.append(tell(fault.rule, fault.sentence, segment.place, **fault.values))
            return None

    def refuse(self, rule: str, sentence: str, segment: Segment, **values: Value) -> None:
        """Add a fatal finding at this segment."""
        self.notes.findings.append(fatal(rule, sentence, segment.place, **values))

    def keep(self, where: Found, key: str, value: Any, segment: Segment) -> None:
        """Store a value that may be given once; a different value given later is a fatal finding."""
        if value in (None, ""):
            return
        if where.setdefault(key, value) != value:
            before = str(where[key])[:100]
            self.refuse("TERM-REPEATED", "this was said before, and it was {before}", segment, before=before)

    def keep_first(self, where: Found, key: str, value: Any, segment: Segment) -> None:
        """Store a value of which the first counts; a different one given later is a warning."""
        if value not in (None, "") and where.setdefault(key, value) != value:
            sentence = "this is said a second time; the first one counts"
            self.notes.findings.append(warning("TERM-TWICE", sentence, segment.place))


#: Stores the terms of one segment in the state.
Step = Callable[[Segment, MessageState], None]


@lru_cache(maxsize=1024)
def _day(text: str, form: str) -> date:
    """Return the day of a DTM in UNTDID 2379's 101, 102, 201 to 204, 2 (DDMMYY), 303 and the like; of a period the
    first day."""
    if form == "2" and len(text) == 6:
        text = text[4:] + text[2:4] + text[:2]
    if (form in _SHORT_DAYS or form == "2") and text.isdigit() and len(text) >= 6:
        text = ("20" if text[:2] < "70" else "19") + text
    return day(text[:8] if len(text) >= 8 and text[:8].isdigit() else text)


def due(issued: date, term: str) -> date | None:
    """Return the day so long after the day of issue (PAT 2475 = 5): a number, and days (D, CD, or nothing), weeks (W)
    or months (M) of UNTDID 2151. None for another term, as working days are."""
    count, unit = term.rstrip(ascii_uppercase), term.lstrip(digits)
    if not 1 <= len(count) <= 3 or not count.isdecimal():
        return None
    try:
        if unit == "M":
            return sensible(_months_after(issued, int(count)))
        return sensible(issued + timedelta(days=int(count) * _UNITS[unit])) if unit in _UNITS else None
    except ValueError:
        return None


_UNITS: Final = {"": 1, "D": 1, "CD": 1, "W": 7}


def _months_after(day: date, count: int) -> date:
    """Return the same day of a later month, or its last one."""
    years, month = divmod(day.month - 1 + count, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
