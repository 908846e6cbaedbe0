"""The nouns: plain frozen data in the words of EN 16931. They know nobody."""

from bill.account_number import number_key, scheme_key
from bill.account_term import LOOKED_AT, AccountNumber, account_label, account_labels, account_number_of
from bill.address_likeness import compare_addresses
from bill.amount_due import ASKED_FOR, AmountDue, Paid, amount_due, as_issued
from bill.bill import (
    CREDIT_NOTE_TYPES,
    Attachment,
    Bill,
    CreditTransfer,
    Delivered,
    Instalment,
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
from bill.demand import CORRECTIVE_TYPES, Demand, demand_of
from bill.discount import Offer, offers_of
from bill.finding import Finding, Severity, Value, fatal, fill_in, warning
from bill.history import METERED, MOST_SPANS, History, Span, pack_history, span_of, unpack_history
from bill.iban import closed_iban, grouped, is_iban, looks_like_iban
from bill.likeness import Likeness
from bill.line import (
    GROUP_LINE,
    MOST_DEEP,
    NOT_COUNTED,
    AllowanceCharge,
    Attribute,
    Line,
    LinePart,
    Period,
    Placed,
    outline,
)
from bill.means import Means, means_of, spell_means
from bill.money import CENT, ZERO, Money, minor_units, round_money, spell_amount, spell_money, spell_number
from bill.name_likeness import compare_names
from bill.overlay import Overlay, SetNumber
from bill.party import Contact, Identifier, Party
from bill.pay_link import pay_link
from bill.payment_code import is_creditor_reference, payment_code, payment_code_of
from bill.person import CIVILITIES, fold_name, person_key
from bill.postal_address import PostalAddress, envelope_lines
from bill.typeface import SANS, TYPEFACES
from bill.way_to_pay import Account, WayToPay, way_to_pay

__all__ = [
    "ASKED_FOR", "BY_OBJECT", "CENT", "CIVILITIES", "CORRECTIVE_TYPES", "CREDIT_NOTE_TYPES", "GROUP", "GROUP_LINE",
    "LEAST_CONTRAST", "LOOKED_AT", "METERED", "MOST_DEEP", "MOST_SPANS", "NOT_COUNTED", "PLATFORMS_SINCE", "SANS",
    "SECTIONS", "TYPEFACES", "ZERO", "Account", "AccountNumber", "AllowanceCharge", "AmountDue", "Attachment",
    "Attribute", "Bill", "Brand", "Contact", "ControlTotals", "CreditTransfer", "Delivered", "Demand", "Finding",
    "History", "Identifier", "Instalment", "Likeness", "Line", "LinePart", "Means", "Money", "Note", "Offer",
    "Overlay", "PagePart", "Paid", "Party", "Payment", "Period", "Placed", "PostalAddress", "Reference", "SetNumber",
    "Severity", "Span", "Totals", "Value", "VatBreakdown", "WayToPay", "account_label", "account_labels",
    "account_number_of", "amount_due", "as_issued", "closed_iban", "compare_addresses", "compare_names",
    "contrast_on_white", "demand_of", "envelope_lines", "fatal", "fill_in", "fold_name", "goes_by_platform",
    "grouped", "is_creditor_reference", "is_iban", "looks_like_iban", "means_of", "minor_units", "number_key",
    "offers_of", "outline", "pack", "pack_history", "pay_link", "payment_code", "payment_code_of", "person_key",
    "round_money", "scheme_key", "siren_of", "span_of", "spell_amount", "spell_means", "spell_money", "spell_number",
    "unpack", "unpack_history", "warning", "way_to_pay",
]  # fmt: skip
