"""Reads the text of a bill: its terms, each sure or offered. Pure; knows no person and no store."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from bill.document_reading import DocumentReading, FoundValue, TermReading, sure, unsure
from ingest.plain_text.amount_to_pay import amount_in, currency_in
from ingest.plain_text.bill_number import bill_number_in
from ingest.plain_text.issuer_name import KnownIssuer, issuer_in, legal_ids_in
from ingest.plain_text.labelled_day import due_date_in, issue_date_in
from ingest.plain_text.payee_iban import iban_in

#: Words of languages that write the day before the month.
_DAY_FIRST: Final = re.compile(r"\b(?:facture|échéance|montant|rechnung|betrag|datum|factura|fattura)\b", re.IGNORECASE)
_INVOICE: Final = re.compile(r"\b(?:facture|invoice|rechnung|bill)\b|\w*rechnung\b", re.IGNORECASE)
_CREDIT: Final = re.compile(
    r"\b(?:avoir|note de crédit|credit note|gutschrift|refund|remboursement|erstatt\w*)\b", re.IGNORECASE
)


def read_text(text: str, today: date, known: Sequence[KnownIssuer] = (), pages: int = 0) -> DocumentReading:
    """What this text says of a bill. *known* are the issuers that the person has already."""
    lines = [line for line in re.split(r"[\n\f]", text) if line.strip()]
    day_first = bool(_DAY_FIRST.search(text))
    issued = issue_date_in(lines, today, day_first)
    terms: dict[str, TermReading] = {
        "issuer": issuer_in(lines, known), "number": bill_number_in(lines), "kind": _kind(text), "issue_date": issued,
        "due_date": due_date_in(lines, issued.sure, day_first), "amount": amount_in(lines),
        "currency": currency_in(text), "iban": iban_in(lines), "legal_id": unsure(legal_ids_in(lines)),
    }  # fmt: skip
    return DocumentReading(terms, text, pages)


def _kind(text: str) -> TermReading:
    """A bill, unless a word in it may make it a credit note."""
    if _CREDIT.search(text):
        return unsure([FoundValue("invoice"), FoundValue("credit_note")])
    return sure(FoundValue("invoice")) if _INVOICE.search(text) else unsure([FoundValue("invoice")])
