"""Bill: frozen data classes named after EN 16931, and pure functions on them. Imports no other room."""

from bill.addressing.countries import are_inland, country_choices, country_code, is_country
from bill.addressing.envelope_lines import EnvelopeLines, envelope_lines, fitted_envelope_lines
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
from bill.billing_history import METERED, MOST_SPANS, History, Span, pack_history, span_of, unpack_history
from bill.branding.brand import BY_OBJECT, GROUP, SECTIONS, Brand, PagePart
from bill.branding.colour_contrast import LEAST_CONTRAST, contrast_on_white
from bill.branding.typefaces import SANS, TYPEFACES
from bill.control_totals import ControlTotals
from bill.e_invoicing_mandate import PLATFORMS_SINCE, goes_by_platform, siren_of
from bill.finding import Finding, Severity, Value, fatal, fill_in, warning
from bill.first_page_overlay import MailPieceNumber, Overlay
from bill.label_language import country_language, label_language
from bill.labelled_account_number import LOOKED_AT, AccountNumber, account_label, account_labels, account_number_of
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
from bill.matching.account_number_normalisation import number_key, scheme_key
from bill.matching.address_matching import compare_addresses
from bill.matching.given_name import given_names, share_given_name
from bill.matching.name_matching import compare_names
from bill.matching.person_name import CIVILITIES, fold_name, person_key
from bill.matching.word_similarity import MatchResult
from bill.money import CENT, ZERO, Money, minor_units, round_money, spell_amount, spell_money, spell_number
from bill.party import Contact, Identifier, Party
from bill.payment.amount_due import ASKED_FOR, AmountDue, Paid, amount_due, as_issued
from bill.payment.document_amount import CORRECTIVE_TYPES, DocumentAmount, document_amount_of
from bill.payment.epc_payment_code import is_creditor_reference, payment_code, payment_code_of
from bill.payment.iban import closed_iban, grouped, hide_iban, is_iban, looks_like_iban
from bill.payment.payment_instructions import (
    PayeeAccount,
    PaymentInstructions,
    payee_accounts,
    payment_instructions,
    payments_of,
)
from bill.payment.payment_link import payment_link
from bill.payment.payment_means_codes import PaymentMeans, payment_means_of, spell_payment_means
from bill.payment.payment_plan import PaymentPlan
from bill.payment.refund import Refund, RefundKind, refund_of
from bill.payment.settled_amounts import SettledAmount, SettledKind, settled_amounts
from bill.payment.structured_payment_terms import EarlyPaymentDiscount, early_payment_discounts
from bill.postal_address import PostalAddress
from bill.reason import Reason, ReasonValue

__all__ = [
    "ASKED_FOR",
    "BY_OBJECT",
    "CENT",
    "CIVILITIES",
    "CORRECTIVE_TYPES",
    "CREDIT_NOTE_TYPES",
    "GROUP",
    "GROUP_LINE",
    "LEAST_CONTRAST",
    "LOOKED_AT",
    "METERED",
    "MOST_DEEP",
    "MOST_SPANS",
    "NOT_COUNTED",
    "PLATFORMS_SINCE",
    "SANS",
    "SECTIONS",
    "TYPEFACES",
    "ZERO",
    "AccountNumber",
    "AllowanceCharge",
    "AmountDue",
    "Attachment",
    "Attribute",
    "Bill",
    "Brand",
    "Contact",
    "ControlTotals",
    "CreditTransfer",
    "Delivered",
    "DocumentAmount",
    "EarlyPaymentDiscount",
    "EnvelopeLines",
    "Finding",
    "History",
    "Identifier",
    "Instalment",
    "Line",
    "LinePart",
    "MailPieceNumber",
    "MatchResult",
    "Money",
    "Note",
    "Overlay",
    "PagePart",
    "Paid",
    "Party",
    "PayeeAccount",
    "Payment",
    "PaymentInstructions",
    "PaymentMeans",
    "PaymentPlan",
    "Period",
    "Placed",
    "PostalAddress",
    "Reason",
    "ReasonValue",
    "Reference",
    "Refund",
    "RefundKind",
    "SettledAmount",
    "SettledKind",
    "Severity",
    "Span",
    "Totals",
    "Value",
    "VatBreakdown",
    "account_label",
    "account_labels",
    "account_number_of",
    "amount_due",
    "are_inland",
    "as_issued",
    "closed_iban",
    "compare_addresses",
    "compare_names",
    "contrast_on_white",
    "country_choices",
    "country_code",
    "country_language",
    "document_amount_of",
    "early_payment_discounts",
    "envelope_lines",
    "fatal",
    "fill_in",
    "fitted_envelope_lines",
    "fold_name",
    "given_names",
    "goes_by_platform",
    "grouped",
    "hide_iban",
    "is_country",
    "is_creditor_reference",
    "is_iban",
    "label_language",
    "looks_like_iban",
    "minor_units",
    "number_key",
    "outline",
    "pack",
    "pack_history",
    "payee_accounts",
    "payment_code",
    "payment_code_of",
    "payment_instructions",
    "payment_link",
    "payment_means_of",
    "payments_of",
    "person_key",
    "refund_of",
    "round_money",
    "scheme_key",
    "settled_amounts",
    "share_given_name",
    "siren_of",
    "span_of",
    "spell_amount",
    "spell_money",
    "spell_number",
    "spell_payment_means",
    "unpack",
    "unpack_history",
    "warning",
]
