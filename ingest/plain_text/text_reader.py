"""Reads the text of a bill: its terms, each sure or offered. Pure; knows no person and no store."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from bill.document_reading import DocumentReading, FoundValue, TermReading, sure, unsure
from ingest.plain_text.amount_to_pay import amount_in, currency_in, may_be_credit
from ingest.plain_text.bill_number import bill_number_in
from ingest.plain_text.issuer_name import KnownIssuer, issuer_in, legal_ids_in
from ingest.plain_text.labelled_day import due_date_in, issue_date_in
from ingest.plain_text.payee_iban import iban_in

#: Characters of a text and of a line that are read, and of a word: some patterns take time by their square. No bill has
#: more, and part of a text says nothing for sure.
_LONGEST: Final = 400_000
_LONGEST_LINE: Final = 2_000
_no_word: Final = re.compile(r"\w{120,}")
#: Words of languages that write the day before the month.
_DAY_FIRST: Final = re.compile(r"\b(?:facture|échéance|montant|rechnung|betrag|datum|factura|fattura)\b", re.IGNORECASE)
#: Words of a page that may write either first, also beside those of another language.
_EITHER_FIRST: Final = re.compile(
    r"\b(?:invoice|(?:amount|balance|total) due|due date|bill(?:ing)? date)\b", re.IGNORECASE
)
_INVOICE: Final = re.compile(r"\b(?:facture|invoice|rechnung|bill)\b|\w*rechnung\b", re.IGNORECASE)
_CREDIT: Final = re.compile(
    r"\b(?:avoir|note de crédit|credit (?:note|memo)|gutschrift|refund|remboursement|erstatt\w*|storn\w*|"
    r"(?:rechnungs-?)?korrektur\w*|nota (?:di|de) cr[ée]dito|credit(?:nota|factuur)|kreditnota|annule\w*|"
    r"facture d.annulation|rectificati\w*|(?:corrected|corrective) invoice|pro-?\s?forma)\b",
    re.IGNORECASE,
)
#: A page with such a title is about another bill, whose number and day stand there too.
_TITLE_OF_CREDIT: Final = re.compile(
    r"^\W*(?:avoir|note de crédit|credit (?:note|memo)|gutschrift|stornorechnung|rechnungs-?korrektur|"
    r"nota (?:di|de) cr[ée]dito|creditnota|kreditnota)\b",
    re.IGNORECASE | re.MULTILINE,
)


def read_text(text: str, today: date, known: Sequence[KnownIssuer] = (), pages: int = 0) -> DocumentReading:
    """What this text says of a bill; nothing where it is longer than any. *known* are the issuers that the person
    has."""
    whole = text
    if len(text) > _LONGEST or any(len(line) > _LONGEST_LINE for line in re.split(r"[\n\f]", text)):
        return DocumentReading({}, whole, pages)
    text = _no_word.sub(" ", text)
    lines = [line for line in re.split(r"[\n\f]", text) if line.strip()]
    day_first = bool(_DAY_FIRST.search(text)) and not _EITHER_FIRST.search(text)
    issued, number = issue_date_in(lines, today, day_first), bill_number_in(lines)
    if _TITLE_OF_CREDIT.search(text):
        issued, number = unsure(list(issued.found)), unsure(list(number.found))
    terms: dict[str, TermReading] = {
        "issuer": issuer_in(lines, known), "number": number, "kind": _kind(text, lines), "issue_date": issued,
        "due_date": due_date_in(lines, issued.sure, day_first), "amount": amount_in(lines),
        "currency": currency_in(text), "iban": iban_in(lines), "legal_id": unsure(legal_ids_in(lines)),
    }  # fmt: skip
    return DocumentReading(terms, whole, pages)


def _kind(text: str, lines: list[str]) -> TermReading:
    """A bill, unless a word in it, or a total, may make it a credit note."""
    if _CREDIT.search(text) or may_be_credit(lines):
        return unsure([FoundValue("invoice"), FoundValue("credit_note")])
    return sure(FoundValue("invoice")) if _INVOICE.search(text) else unsure([FoundValue("invoice")])
