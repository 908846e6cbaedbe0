"""The four demo issuers: their profiles (`demo/issuers/`), identifiers, billing days and seller details."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, Literal

from bill import Contact, Party
from demo.check_digits import creditor_id, french_iban
from issuers.profile import Profile, brand_of, read_profile

FOLDER: Final = Path(__file__).parent / "issuers"


@dataclass(frozen=True, eq=False)
class DemoIssuer:
    """A demo issuer: how it bills and what all its bills state."""

    slug: str
    prefix: str  # of its bills' numbers
    place: int  # 1, 2 …: makes its bank account and creditor identifier
    telephone: str
    account_in: Literal["BT-12", "BT-46"]  # where its bills carry the account's number
    day: int  # of the month, when its bills go out
    months: int  # that one bill is for
    days_to_pay: int = 30
    days_to_debit: int = 24  # 14 days of advance notice, and the post (SDD Core 4.3.4)

    @cached_property
    def toml(self) -> str:
        """The text of its profile."""
        return self.profile_path.read_text(encoding="utf-8")

    @property
    def profile_path(self) -> Path:
        """The file of its profile."""
        return FOLDER / f"{self.slug}.toml"

    @cached_property
    def profile(self) -> Profile:
        """Its profile."""
        return read_profile(self.toml)

    @property
    def name(self) -> str:
        """Its name."""
        return self.profile.name

    @cached_property
    def iban(self) -> str:
        """Its bank account."""
        return french_iban(44_000_000 + self.place, branch=self.place)

    @cached_property
    def creditor_id(self) -> str:
        """Its SEPA creditor identifier."""
        return creditor_id(900_000 + self.place)

    @cached_property
    def seller(self) -> Party:
        """The seller that its bills state."""
        sender = brand_of(self.profile, self.name, None).sender
        contact = Contact(name="Relations clients", phone=self.telephone, email=f"clients@{self.slug}.example")
        return Party(
            name=sender.name, legal_id=sender.legal_id, vat_id=sender.vat_id, address=sender.address, contact=contact
        )


ELECTRICITY: Final = DemoIssuer("lumiere-ouest", "LO", 1, "02 61 91 10 10", "BT-12", day=4, months=1)
TELECOM: Final = DemoIssuer("mobile-plus", "MP", 2, "02 61 91 20 20", "BT-46", day=8, months=1)
WATER: Final = DemoIssuer("eaux-du-val", "EV", 3, "02 61 91 30 30", "BT-12", day=12, months=2)
BANK: Final = DemoIssuer("banque-du-port", "BP", 4, "02 61 91 40 40", "BT-46", day=16, months=3)
ISSUERS: Final = (ELECTRICITY, TELECOM, WATER, BANK)
