"""Parties of a bill: seller, buyer, payee (EN 16931 BG-4, BG-7, BG-10), their identifiers and contacts."""

from bill.frozen_struct import FrozenStruct
from bill.postal_address import PostalAddress


class Identifier(FrozenStruct, frozen=True):
    """A value and its scheme (ISO 6523 or other); the scheme may be ""."""

    value: str
    scheme: str = ""


class Contact(FrozenStruct, frozen=True):
    """A contact (BG-6, BG-9)."""

    name: str = ""
    phone: str = ""
    email: str = ""


class Party(FrozenStruct, frozen=True):
    """A seller, buyer, payee, tax representative or delivery place."""

    name: str = ""  # BT-27, BT-44
    trading_name: str = ""  # BT-28, BT-45
    identifiers: tuple[Identifier, ...] = ()  # BT-29, BT-46
    legal_id: Identifier | None = None  # BT-30, BT-47: a SIREN in France
    vat_id: str = ""  # BT-31, BT-48
    tax_id: str = ""  # BT-32
    legal_form: str = ""  # BT-33
    electronic_address: Identifier | None = None  # BT-34, BT-49
    address: PostalAddress = PostalAddress()
    contact: Contact | None = None
