"""The nouns: plain frozen data in the words of EN 16931. They know nobody."""

from bill.bill import (
    CREDIT_NOTE_TYPES,
    Attachment,
    Bill,
    CreditTransfer,
    Delivered,
    Note,
    Payment,
    Reference,
    Totals,
    VatBreakdown,
    pack,
    unpack,
)
from bill.brand import BY_OBJECT, GROUP, SECTIONS, Brand, PagePart
from bill.colour import LEAST_CONTRAST, contrast_on_white
from bill.company import PLATFORMS_SINCE, goes_by_platform, siren_of
from bill.control_totals import ControlTotals
from bill.finding import Finding, Severity, Value, fatal, fill_in, warning
from bill.history import METERED, MOST_SPANS, History, Span, pack_history, span_of, unpack_history
from bill.iban import closed_iban, grouped, is_iban
from bill.line import AllowanceCharge, Attribute, Line, Period
from bill.money import CENT, ZERO, Money, minor_units, round_money, spell_amount, spell_money, spell_number
from bill.party import Contact, Identifier, Party
from bill.payment_code import is_creditor_reference, payment_code
from bill.person import CIVILITIES, fold_name, person_key
from bill.postal_address import PostalAddress, envelope_lines
from bill.typeface import SANS, TYPEFACES

__all__ = [
    "BY_OBJECT", "CENT", "CIVILITIES", "CREDIT_NOTE_TYPES", "GROUP", "LEAST_CONTRAST", "METERED", "MOST_SPANS",
    "PLATFORMS_SINCE", "SANS", "SECTIONS", "TYPEFACES", "ZERO", "AllowanceCharge", "Attachment", "Attribute", "Bill",
    "Brand", "Contact", "ControlTotals", "CreditTransfer", "Delivered", "Finding", "History", "Identifier", "Line",
    "Money", "Note", "PagePart", "Party", "Payment", "Period", "PostalAddress", "Reference", "Severity", "Span",
    "Totals", "Value", "VatBreakdown", "closed_iban", "contrast_on_white", "envelope_lines", "fatal", "fill_in",
    "fold_name", "goes_by_platform", "grouped", "is_creditor_reference", "is_iban", "minor_units", "pack",
    "pack_history", "payment_code", "person_key", "round_money", "siren_of", "span_of", "spell_amount", "spell_money",
    "spell_number", "unpack", "unpack_history", "warning",
]  # fmt: skip
