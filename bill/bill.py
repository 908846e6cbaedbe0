"""The bill data model (EN 16931-1): number, dates, totals, VAT, lines, payment, attachments."""

from datetime import date
from decimal import Decimal
from typing import Final

import msgspec

from bill.frozen_struct import FrozenStruct
from bill.line import AllowanceCharge, Line, Period
from bill.party import Identifier, Party
from bill.payment.payment_means_codes import payment_means_of

#: UNTDID 1001 codes that mean a credit: the amounts are owed to the buyer.
CREDIT_NOTE_TYPES: Final = frozenset(
    {"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532"}
)


class Note(FrozenStruct, frozen=True):
    """A note on the whole bill (BG-1)."""

    text: str
    subject: str = ""  # BT-21: UNTDID 4451


class Reference(FrozenStruct, frozen=True):
    """A reference to another document by its number (BG-3, BT-11 to BT-18)."""

    number: str
    issue_date: date | None = None


class Totals(FrozenStruct, frozen=True):
    """The document totals (BG-22) as sent; None where the syntax or the profile has none."""

    payable: Decimal  # BT-115
    gross: Decimal | None = None  # BT-112, with VAT
    net: Decimal | None = None  # BT-109, without VAT
    vat: Decimal | None = None  # BT-110
    lines: Decimal | None = None  # BT-106
    allowances: Decimal | None = None  # BT-107
    charges: Decimal | None = None  # BT-108
    paid: Decimal | None = None  # BT-113
    rounding: Decimal | None = None  # BT-114
    vat_in_vat_currency: Decimal | None = None  # BT-111
    previous_balance: Decimal | None = None  # owed before this bill; part of BT-113 in EN 16931
    payments: Decimal | None = None  # received since then
    third_party: Decimal | None = None  # collected for others (XRechnung BT-DEX-002); part of BT-113 in EN 16931


class VatBreakdown(FrozenStruct, frozen=True):
    """One VAT category and rate (BG-23)."""

    category: str  # BT-118
    taxable: Decimal | None = None  # BT-116
    vat: Decimal | None = None  # BT-117
    rate: Decimal | None = None  # BT-119, per cent
    exemption_reason: str = ""  # BT-120
    exemption_code: str = ""  # BT-121


class CreditTransfer(FrozenStruct, frozen=True):
    """An account to pay to (BG-17)."""

    iban: str = ""  # BT-84
    name: str = ""  # BT-85
    bic: str = ""  # BT-86
    scheme: str = ""  # of an account that is no IBAN, if given: `PlusGiro`


class Payment(FrozenStruct, frozen=True):
    """One means of payment (BG-16 to BG-19)."""

    means_code: str = ""  # BT-81: UNTDID 4461
    means_text: str = ""  # BT-82
    remittance: str = ""  # BT-83: what the payer quotes
    transfers: tuple[CreditTransfer, ...] = ()
    card_number: str = ""  # BT-87: its last digits
    card_holder: str = ""  # BT-88
    mandate: str = ""  # BT-89: the unique mandate reference (UMR)
    creditor_id: str = ""  # BT-90: the SEPA creditor identifier (ICS)
    debited_iban: str = ""  # BT-91

    @property
    def is_direct_debit(self) -> bool:
        """Whether the issuer collects by this means: by its code (BT-81) or a mandate (BT-89). For a whole bill use
        `bill.payment.payment_instructions.is_collected`."""
        return payment_means_of(self.means_code) == "debit" or bool(self.mandate)


class Instalment(FrozenStruct, frozen=True):
    """A part of the amount to pay, with its own date. EN 16931 has no such term; the syntaxes have."""

    amount: Decimal
    due: date | None = None
    text: str = ""  # the issuer's words for it


class Attachment(FrozenStruct, frozen=True):
    """A supporting document (BG-24). *content* is None for a mere link, which is never followed, and where the bytes
    are stored apart from the bill; then *sha256* and *size* (in bytes) identify them."""

    id: str
    description: str = ""
    link: str = ""
    filename: str = ""
    media_type: str = ""
    content: bytes | None = None
    sha256: str = ""
    size: int = 0

    @property
    def is_kept(self) -> bool:
        """Whether its bytes came with the bill."""
        return self.content is not None or bool(self.sha256)


class Delivered(FrozenStruct, frozen=True):
    """Where and when the goods or the service were delivered (BG-13)."""

    name: str = ""
    location: Identifier | None = None
    on: date | None = None  # BT-72
    party: Party | None = None


class Bill(FrozenStruct, frozen=True):
    """A bill, invoice or credit note to one buyer.

    Amounts are as sent: exact decimals, positive on a credit note (its type gives the direction). Dates have no time
    zone, names no line breaks. *lines* is empty in a profile without lines.
    """

    number: str  # BT-1
    issue_date: date  # BT-2
    currency: str  # BT-5
    totals: Totals  # BG-22
    type_code: str = "380"  # BT-3: UNTDID 1001
    due_date: date | None = None  # BT-9; of several instalments the first
    seller: Party = Party()  # BG-4
    buyer: Party = Party()  # BG-7
    lines: tuple[Line, ...] = ()  # BG-25
    vat: tuple[VatBreakdown, ...] = ()  # BG-23
    payment: Payment = Payment()  # BG-16
    terms: str = ""  # BT-20
    period: Period | None = None  # BG-14
    notes: tuple[Note, ...] = ()  # BG-1
    allowances_charges: tuple[AllowanceCharge, ...] = ()  # BG-20, BG-21
    contract: str = ""  # BT-12
    buyer_reference: str = ""  # BT-10
    order: str = ""  # BT-13
    sales_order: str = ""  # BT-14
    project: str = ""  # BT-11
    despatch: str = ""  # BT-16
    receiving: str = ""  # BT-15
    tender: str = ""  # BT-17
    object_id: Identifier | None = None  # BT-18
    buyer_accounting: str = ""  # BT-19
    preceding: tuple[Reference, ...] = ()  # BG-3
    payee: Party | None = None  # BG-10
    tax_representative: Party | None = None  # BG-11
    delivered: Delivered | None = None  # BG-13
    attachments: tuple[Attachment, ...] = ()  # BG-24
    process: str = ""  # BT-23
    profile: str = ""  # BT-24
    vat_currency: str = ""  # BT-6
    tax_point: date | None = None  # BT-7
    tax_point_code: str = ""  # BT-8
    payments: tuple[Payment, ...] = ()  # further BG-16, where a syntax repeats them
    language: str = ""  # ISO 639-1, where the issuer says it
    pages_sha256: str = ""  # of the issuer's own PDF, if people are shown that one
    instalments: tuple[Instalment, ...] = ()  # by date, if there is more than one

    @property
    def is_credit_note(self) -> bool:
        return self.type_code in CREDIT_NOTE_TYPES


_encoder: Final = msgspec.msgpack.Encoder(decimal_format="string")
_decoder: Final = msgspec.msgpack.Decoder(Bill)


def pack(bill: Bill) -> bytes:
    """The bill as bytes; the same bill gives the same bytes."""
    return _encoder.encode(bill)


def unpack(content: bytes) -> Bill:
    """The bill that `pack` packed."""
    return _decoder.decode(content)
