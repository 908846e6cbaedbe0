"""The rest of a bill's own terms: its period and tax point, how it is paid, what is attached."""

from bill import Bill, Payment
from ingest.checks.binding import Binding
from ingest.checks.broken import Broken
from ingest.checks.lists import (
    CREDIT_NOTE_TYPES,
    CURRENCIES,
    INVOICE_TYPES,
    MEDIA_TYPES,
    NOTE_SUBJECTS,
    PAYMENT_MEANS,
    REFERENCES,
)

#: UNTDID 4461: a credit transfer, and one of SEPA. Who asks for one says to which account.
_TRANSFERS = {"30", "58"}
_TYPES = INVOICE_TYPES | CREDIT_NOTE_TYPES
_NO_PAYMENT = Payment()


def terms(bill: Bill, binding: Binding, broken: list[Broken]) -> None:
    """BR-29, BR-49, BR-50, BR-52, BR-61, BR-CO-03, and the codes of the bill itself."""
    period = bill.period
    if period is not None and period.start and period.end and period.end < period.start:
        broken.append(Broken("BR-29", "the period billed ends before it begins", "BT-74"))
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


def _tax_point(bill: Bill, binding: Binding, broken: list[Broken]) -> None:
    if bill.tax_point_code and bill.tax_point is not None:
        message = "the day the tax is due is said twice: as a date and as a code"
        broken.append(Broken("BR-CO-03", message, "BT-7, BT-8"))
    if bill.tax_point_code and bill.tax_point_code not in binding.tax_point_codes:
        known = ", ".join(sorted(binding.tax_point_codes))
        message = f"{bill.tax_point_code[:40]!r} is no code for when the tax is due: {known}"
        broken.append(Broken("BR-CL-06", message, "BT-8"))


def _payment(payment: Payment, binding: Binding, broken: list[Broken]) -> None:
    """BR-50 asks for the account where its group is there, BR-61 wherever the means is a transfer; CII asks once."""
    means = payment.means_code
    if not means and (payment.transfers or payment.card_number or payment.debited_iban):
        broken.append(Broken("BR-49", "a way to pay must say which means it is", "BT-81"))
    if means and means not in PAYMENT_MEANS:
        broken.append(Broken("BR-CL-16", f"{means[:40]!r} is no means of payment (UNTDID 4461)", "BT-81"))
    if means in _TRANSFERS:
        nameless = any(not transfer.iban for transfer in payment.transfers)
        if nameless:
            broken.append(Broken("BR-50", "a credit transfer must say to which account", "BT-84"))
        if nameless or (not payment.transfers and binding.name != "CII"):
            broken.append(Broken("BR-61", "a credit transfer must say to which account", "BT-84"))


def _attachments(bill: Bill, broken: list[Broken]) -> None:
    for one in bill.attachments:
        if not one.id:
            broken.append(Broken("BR-52", "a supporting document must have a reference", "BT-122"))
        if one.media_type and one.media_type not in MEDIA_TYPES:
            message = f"{one.media_type[:80]!r} is no kind of file that may be attached"
            broken.append(Broken("BR-CL-24", message, f"BT-125, {one.id}"))


def _codes(bill: Bill, broken: list[Broken]) -> None:
    if bill.type_code not in _TYPES:
        broken.append(Broken("BR-CL-01", f"{bill.type_code[:40]!r} is no type of document (UNTDID 1001)", "BT-3"))
    if bill.currency not in CURRENCIES:
        broken.append(Broken("BR-CL-04", f"{bill.currency[:40]!r} is no currency (ISO 4217)", "BT-5"))
    if bill.vat_currency and bill.vat_currency not in CURRENCIES:
        broken.append(Broken("BR-CL-05", f"{bill.vat_currency[:40]!r} is no currency (ISO 4217)", "BT-6"))
    scheme = bill.object_id.scheme if bill.object_id is not None else ""
    if scheme and scheme not in REFERENCES:
        broken.append(Broken("BR-CL-07", f"{scheme[:40]!r} is no kind of reference (UNTDID 1153)", "BT-18"))


def _notes(bill: Bill, binding: Binding, broken: list[Broken]) -> None:
    """BR-CL-08. UBL has no place for the subject: three characters between two `#` are taken for one."""
    for note in bill.notes:
        subject = note.subject
        if not subject and binding.name == "UBL" and "#" in note.text:
            between = note.text.split("#", 2)
            subject = between[1] if len(between) == 3 and len(between[1]) == 3 else ""
        if subject and subject not in NOTE_SUBJECTS:
            broken.append(Broken("BR-CL-08", f"{subject[:40]!r} is no subject of a note (UNTDID 4451)", "BT-21"))
