"""Checks the terms of the bill as a whole: invoicing period, tax point, means of payment, notes and attachments."""

from bill import Bill, Payment
from ingest.checks.broken_rule import BrokenRule
from ingest.checks.code_list_reader import (
    CREDIT_NOTE_TYPES,
    CURRENCIES,
    INVOICE_TYPES,
    MEDIA_TYPES,
    NOTE_SUBJECTS,
    PAYMENT_MEANS,
    REFERENCES,
)
from ingest.checks.ubl_cii_differences import Binding

#: UNTDID 4461: credit transfer and SEPA credit transfer, which need an account.
_TRANSFERS = {"30", "58"}
_TYPES = INVOICE_TYPES | CREDIT_NOTE_TYPES
_NO_PAYMENT = Payment()
_NO_CURRENCY = "'{code}' is no currency (ISO 4217)"


def check_document(bill: Bill, binding: Binding, broken: list[BrokenRule]) -> None:
    """Check BR-29, BR-49, BR-50, BR-52, BR-61, BR-CO-03 and the codes of the bill itself."""
    period = bill.period
    if period is not None and period.start and period.end and period.end < period.start:
        broken.append(BrokenRule("BR-29", "the period billed ends before it begins", "BT-74"))
    if bill.tax_point_code or bill.tax_point is not None:
        _tax_point(bill, binding, broken)
    if bill.payment is not _NO_PAYMENT:
        for payment in (bill.payment, *bill.payments):
            _payment(payment, binding, broken)
    if bill.attachments:
        _attachments(bill, broken)
    _codes(bill, broken)
    if bill.notes:
        _notes(bill, binding, broken)


def _tax_point(bill: Bill, binding: Binding, broken: list[BrokenRule]) -> None:
    if bill.tax_point_code and bill.tax_point is not None:
        wrong = "the day the tax is due is said twice: as a date and as a code"
        broken.append(BrokenRule("BR-CO-03", wrong, "BT-7, BT-8"))
    if bill.tax_point_code and bill.tax_point_code not in binding.tax_point_codes:
        known = ", ".join(sorted(binding.tax_point_codes))
        wrong = "'{code}' is no code for when the tax is due: {known}"
        broken.append(BrokenRule("BR-CL-06", wrong, "BT-8", {"code": bill.tax_point_code[:40], "known": known}))


def _payment(payment: Payment, binding: Binding, broken: list[BrokenRule]) -> None:
    """Check BR-49, BR-CL-16, BR-50 (the account of a credit transfer) and BR-61 (a credit transfer has an account,
    which CII asks only where the account's group is present)."""
    means = payment.means_code
    if not means and (payment.transfers or payment.card_number or payment.debited_iban):
        broken.append(BrokenRule("BR-49", "a way to pay must say which means it is", "BT-81"))
    if means and means not in PAYMENT_MEANS:
        wrong = "'{code}' is no means of payment (UNTDID 4461)"
        broken.append(BrokenRule("BR-CL-16", wrong, "BT-81", {"code": means[:40]}))
    if means in _TRANSFERS:
        nameless = any(not transfer.iban for transfer in payment.transfers)
        if nameless:
            broken.append(BrokenRule("BR-50", "a credit transfer must say to which account", "BT-84"))
        if nameless or (not payment.transfers and binding.name != "CII"):
            broken.append(BrokenRule("BR-61", "a credit transfer must say to which account", "BT-84"))


def _attachments(bill: Bill, broken: list[BrokenRule]) -> None:
    for one in bill.attachments:
        if not one.id:
            broken.append(BrokenRule("BR-52", "a supporting document must have a reference", "BT-122"))
        if one.media_type and one.media_type not in MEDIA_TYPES:
            wrong = "'{kind}' is no kind of file that may be attached"
            broken.append(BrokenRule("BR-CL-24", wrong, f"BT-125, {one.id}", {"kind": one.media_type[:80]}))


def _codes(bill: Bill, broken: list[BrokenRule]) -> None:
    if bill.type_code not in _TYPES:
        wrong = "'{code}' is no type of document (UNTDID 1001)"
        broken.append(BrokenRule("BR-CL-01", wrong, "BT-3", {"code": bill.type_code[:40]}))
    if bill.currency not in CURRENCIES:
        broken.append(BrokenRule("BR-CL-04", _NO_CURRENCY, "BT-5", {"code": bill.currency[:40]}))
    if bill.vat_currency and bill.vat_currency not in CURRENCIES:
        broken.append(BrokenRule("BR-CL-05", _NO_CURRENCY, "BT-6", {"code": bill.vat_currency[:40]}))
    scheme = bill.object_id.scheme if bill.object_id is not None else ""
    if scheme and scheme not in REFERENCES:
        wrong = "'{code}' is no kind of reference (UNTDID 1153)"
        broken.append(BrokenRule("BR-CL-07", wrong, "BT-18", {"code": scheme[:40]}))


def _notes(bill: Bill, binding: Binding, broken: list[BrokenRule]) -> None:
    """Check BR-CL-08. UBL has no element for a note's subject: three characters between two `#` count as one."""
    for note in bill.notes:
        subject = note.subject
        if not subject and binding.name == "UBL" and "#" in note.text:
            between = note.text.split("#", 2)
            subject = between[1] if len(between) == 3 and len(between[1]) == 3 else ""
        if subject and subject not in NOTE_SUBJECTS:
            wrong = "'{code}' is no subject of a note (UNTDID 4451)"
            broken.append(BrokenRule("BR-CL-08", wrong, "BT-21", {"code": subject[:40]}))
