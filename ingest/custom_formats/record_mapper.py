"""Maps the records (rows, JSON objects, elements) of one bill to a `BillDraft`, term by term, by the issuer's
profile."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from bill import (
    Bill,
    ControlTotals,
    Finding,
    Line,
    Party,
    PostalAddress,
    Reference,
    Value,
    VatBreakdown,
    fatal,
    warning,
)
from ingest.bill_builder import build_bill
from ingest.custom_formats.field_names import NUMBERS, ONCE, TERMS, header, make_line, make_vat, parts, whereabouts
from ingest.custom_formats.number_and_date_formats import AmountAndDateParser
from ingest.custom_formats.spreadsheet_damage import Columns, unguarded
from ingest.document_findings import DocumentNotes, Found
from ingest.instalments import InstalmentPart
from ingest.items import BillDraft
from ingest.reader_interface import ReadContext
from issuers.file_layouts import AmountAndDateFormat
from issuers.profile import Profile
from untrusted.feed_error import FeedError
from untrusted.value_parsing import NotAValueError

#: The most records of one bill, which are in memory together.
MOST_ROWS: Final = 100_000
DEFAULT_CURRENCY: Final = "EUR"
#: The terms whose columns are checked for damage by a spreadsheet.
_WATCHED: Final = NUMBERS & ONCE.keys()


@dataclass(slots=True)
class MappedRecord:
    """One record of a bill: its texts by term, its place in the file, the name of each term's column or key, and faults
    of the record itself."""

    place: str
    texts: dict[str, str]
    names: dict[str, str] = field(default_factory=dict)
    faults: tuple[Finding, ...] = ()

    def where(self, term: str) -> str:
        """Return the place of a term, for findings."""
        return f"{self.place}, {self.names.get(term, term)}"


class RecordMapper:
    """Makes drafts from mapped records, by one profile."""

    def __init__(self, read_context: ReadContext, form: AmountAndDateFormat) -> None:
        self._read_context, self._profile, self._constants = read_context, read_context.profile, form.constants
        self._issuer = _issuer(read_context.profile)
        self._columns = Columns()
        self.value_parser = AmountAndDateParser(form)
        read_context.layouts.add(type(form).__name__)

    def finish(self) -> None:
        """Add the findings about whole columns, after the last draft; raises FeedError when identifiers lost their
        digits."""
        self._read_context.findings.extend(self._columns.findings())

    def draft(self, place: str, records: Iterable[MappedRecord], sha: str) -> BillDraft:
        """Return the draft of these records; a fault in one of them rejects this bill and no other. *sha* is the item's
        digest."""
        notes = DocumentNotes(self._profile.acceptance)
        found: Found = {}
        lines: list[Line] = []
        vat: list[VatBreakdown] = []
        beside: Found = {"instalments": [], "preceding": []}
        for record in records:
            notes.findings.extend(record.faults)
            said = self._values(record, notes)
            _once(said, found, record, notes)
            by_part = parts(said)
            if "line" in by_part:
                lines.append(make_line(by_part["line"]))
            if "vat" in by_part:
                vat.append(make_vat(by_part["vat"]))
            _beside(by_part, beside)
        bill = self._bill(found, lines, list(dict.fromkeys(vat)), beside, notes)
        return BillDraft(place, sha, bill, found.get("number"), notes.findings, whereabouts(found))

    def _bill(
        self, found: Found, lines: list[Line], vat: list[VatBreakdown], beside: Found, notes: DocumentNotes
    ) -> Bill | None:
        terms = header(found)
        terms["instalments"] = list(dict.fromkeys(beside["instalments"]))
        if beside["instalments"] and "due_date" not in terms:
            days = [part.due for part in beside["instalments"] if part.due]
            terms |= {"due_date": min(days)} if days else {}
        if beside["preceding"]:
            terms["preceding"] = list(dict.fromkeys([*terms.get("preceding", ()), *beside["preceding"]]))
        terms.setdefault("currency", DEFAULT_CURRENCY)
        terms.setdefault("seller", self._issuer)
        if lines:
            terms["lines"] = lines
        if vat:
            terms["vat"] = vat
        return build_bill(terms, notes)

    def _values(self, record: MappedRecord, notes: DocumentNotes) -> Found:
        found: Found = {}
        for term, written in {**self._constants, **record.texts}.items():
            text = unguarded(written)
            if text and not text.isspace():
                try:
                    value = self.value_parser.value(term, text)
                except NotAValueError as fault:
                    notes.findings.append(fatal(fault.rule, fault.sentence, record.where(term), **fault.values))
                    continue
                if value is not None:
                    found[term] = value
                    if term in _WATCHED:
                        self._columns.see(term, text)
        return found


def _beside(by_part: dict[str, Found], beside: Found) -> None:
    """Keep an instalment, or a preceding bill (BG-3), that a record gives."""
    if part := by_part.get("instalment"):
        beside["instalments"].append(InstalmentPart(part.get("amount"), None, part.get("due"), part.get("text", "")))
    if "number" in (reference := by_part.get("preceding", {})):
        beside["preceding"].append(Reference(**reference))


def _once(said: Found, found: Found, record: MappedRecord, notes: DocumentNotes) -> None:
    """Keep the terms of the whole bill; they must be equal in all its records, or stand in one of them."""
    for term in said.keys() & ONCE.keys():
        if found.setdefault(term, said[term]) != said[term]:
            sentence = "{term} is {here} here and {there} in an earlier record of the same bill"
            values = {"term": term, "here": _told(said[term]), "there": _told(found[term])}
            notes.findings.append(fatal("CSV-DIFFERS", sentence, record.where(term), **values))


def _told(value: object) -> Value:
    """A value of a finding: amounts stay amounts, for whoever spells them."""
    return value if isinstance(value, Decimal) else str(value)[:100]


def check_terms(terms: Iterable[str], table: str) -> None:
    """Raise FeedError, naming the profile's key, for a term that no bill has."""
    for term in terms:
        if term not in TERMS:
            sentence, known = "'{term}' is no term of a bill; these are: {known}", ", ".join(sorted(TERMS))
            raise FeedError("PROFILE-TERM", sentence, f"{table}.{term}", term=term, known=known)


def currency_known(terms: set[str], read_context: ReadContext, table: str) -> None:
    """Add a finding when nothing in the profile gives the currency."""
    if "currency" not in terms:
        sentence, place = "no column gives the currency, so it is {currency}; say it in constants", f"{table}.constants"
        read_context.findings.append(warning("BR-05", sentence, f"{place}.currency", currency=DEFAULT_CURRENCY))


def read_trailer(
    texts: dict[str, str], place: str, counted: int, form: AmountAndDateFormat, read_context: ReadContext
) -> None:
    """Read a trailer: its number of records is compared with *counted* here, its count and sum go to the
    ReadContext."""
    value_parser = AmountAndDateParser(form)
    values: dict[str, Decimal] = {}
    for term in ("count", "records", "sum"):
        if term in texts:
            values[term] = _declared(value_parser, term, texts[term].strip(), place)
    if "records" in values and values["records"] != counted:
        sentence = "the trailer counts {said} records, and there are {counted}: send the file again"
        raise FeedError("TRAILER-COUNT", sentence, place, said=values["records"], counted=counted)
    try:
        currency = currency_code(texts.get("currency", "").strip() or form.constants.get("currency", DEFAULT_CURRENCY))
    except NotAValueError as fault:
        raise FeedError("TRAILER-BROKEN", fault.sentence, place, **fault.values) from fault
    count = int(values["count"]) if "count" in values else None
    sums = {currency: values["sum"]} if "sum" in values else {}
    if count is not None or sums:
        read_context.declared.append(ControlTotals(count=count, sums=sums, source=f"trailer, {place}"))


def currency_code(text: str) -> str:
    """Return a currency code (ISO 4217) of a control total; raises NotAValueError for anything else."""
    if not (len(text) == 3 and text.isascii() and text.isalpha() and text.isupper()):
        raise NotAValueError("CURRENCY-INVALID", "'{text}' is no currency such as EUR", text=text[:40])
    return text


def _declared(value_parser: AmountAndDateParser, term: str, text: str, place: str) -> Decimal:
    try:
        return value_parser.amount(text) if term == "sum" else _whole(text)
    except NotAValueError as fault:
        raise FeedError("TRAILER-BROKEN", fault.sentence, f"{place}, {term}", **fault.values) from fault


def _whole(text: str) -> Decimal:
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise NotAValueError("AMOUNT-INVALID", "'{text}' is no count", text=text[:40])
    return Decimal(text)


def _issuer(profile: Profile) -> Party:
    """Return the seller where no column names one: the issuer, as its profile describes it."""
    sender = profile.sender
    address = PostalAddress(
        line1=sender.line1, line2=sender.line2, postcode=sender.postcode, city=sender.city, country=sender.country
    )
    return Party(name=profile.name, vat_id=sender.vat_id, address=address)
