"""By what an issuer is known again: its SIREN, its VAT identifier, its name. Pure."""

from typing import NamedTuple

from bill import Bill, Party
from bill.matching.name_matching import KINDS
from bill.matching.word_similarity import fold_words

_SIREN_DIGITS = 9


class IssuerIdentity(NamedTuple):
    """An issuer's name, and "" where its registration or its VAT identifier is not known."""

    name: str
    legal_id: str = ""
    vat_id: str = ""

    @property
    def name_key(self) -> str:
        """The name in comparable form."""
        return name_key(self.name)

    def is_same(self, other: "IssuerIdentity") -> bool:
        """Whether both are one issuer: by the registration where both have one, else by the VAT identifier, else by the
        name."""
        if self.legal_id and other.legal_id:
            return self.legal_id == other.legal_id
        if self.vat_id and other.vat_id:
            return self.vat_id == other.vat_id
        return bool(self.name_key) and self.name_key == other.name_key


def name_key(name: str) -> str:
    """A name in lower case letters without accents, and without what companies are called by law: `S.A.S. Énergie`
    and `energie` are one."""
    words = fold_words(name.replace(".", ""))
    return (" ".join([each for each in words if each not in KINDS] or words) or name.strip().casefold())[:200]


def identity_of(party: Party) -> IssuerIdentity:
    """The identity of a bill's seller. A French VAT identifier ends with the SIREN."""
    vat_id = "".join(party.vat_id.split()).upper()
    digits = "" if party.legal_id is None else "".join(c for c in party.legal_id.value if c.isdigit())
    legal_id = digits[:_SIREN_DIGITS] if len(digits) in (_SIREN_DIGITS, 14) else digits
    if not legal_id and vat_id.startswith("FR"):
        legal_id = vat_id[-_SIREN_DIGITS:] if vat_id[-_SIREN_DIGITS:].isdigit() else ""
    return IssuerIdentity(party.name or party.trading_name, legal_id[:40], vat_id[:40])


def issuer_of_bill(bill: Bill) -> IssuerIdentity:
    """The identity of the issuer of this bill."""
    return identity_of(bill.seller)
