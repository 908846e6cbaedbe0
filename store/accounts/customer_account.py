"""Customer accounts: number, holder, address, paperless choice, and the encrypted key of the account's documents."""

import hashlib
from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any, Final

import msgspec
from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, LargeBinary, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bill import Bill, PostalAddress, account_number_of, number_key
from store.accounts.bereavement_decision import BereavementDecision, unpack_bereavement
from store.base import Base

#: `own`: the account that holds its number. Other accounts under the same number: `provisional`, of another name and
#: address, with an open question; `apart`, somebody else's by a person's decision; `former`, which held the number
#: before it passed on; `split`, opened under another spelling of the number, with an open question; `joined`, whose
#: bills are in another account now.
STANDINGS: Final = ("own", "provisional", "apart", "former", "split", "joined")
#: The term of the account in which a person keeps the bills of one issuer that they bring in (`store.imports`).
IMPORTED: Final = "imported"


def _number_key(context: Any) -> str:
    return number_key(context.get_current_parameters()["value"])


class CustomerAccount(Base):
    """An account of an issuer's customer, unique by issuer, source term, scheme and number.

    The number is BT-46, else BT-12, else the term that the profile names. An account whose bills have no number is
    keyed by name and address (*term* `address`) and is never merged with another by guess. Numbers are compared by
    *number_key* and printed as *value*, in the latest bill's spelling. A scheme tells accounts apart only where both
    have one and they differ. Several people may have accounts under one number, each with its own *variant*.

    *paperless* follows the last consent, never a guess.
    """

    __tablename__ = "account"
    __table_args__ = (
        UniqueConstraint("issuer_id", "term", "number_key", "scheme", "variant"),
        CheckConstraint(f"standing IN {STANDINGS}", name="standing"),
        CheckConstraint("(standing = 'joined') = (joined_id IS NOT NULL)", name="joined"),
        Index("ix_account_issuer_id_id", "issuer_id", "id"),
        Index("ix_account_issuer_id_person_key", "issuer_id", "person_key"),
        Index("ix_account_issuer_id_number_key", "issuer_id", "number_key"),
        Index("ix_account_joined_id", "joined_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    term: Mapped[str] = mapped_column(String(10))
    scheme: Mapped[str] = mapped_column(String(20), default="")
    value: Mapped[str] = mapped_column(String(200))
    holder: Mapped[str] = mapped_column(String(300), default="")  # the name on letters, from the latest bill
    address: Mapped[bytes] = mapped_column(LargeBinary)
    as_of: Mapped[date] = mapped_column(Date)  # issue date of the bill that named holder and address
    paperless: Mapped[bool] = mapped_column(default=False)
    paperless_since: Mapped[datetime | None]
    encrypted_key: Mapped[bytes] = mapped_column(LargeBinary)
    claim_failures: Mapped[int] = mapped_column(default=0)
    claim_blocked_until: Mapped[datetime | None]
    person_key: Mapped[str] = mapped_column(String(16), default="")  # see `bill.person_key`
    number_key: Mapped[str] = mapped_column(String(200), default=_number_key)  # normalised number
    variant: Mapped[str] = mapped_column(String(32), default="")  # "" for the first account under the number
    standing: Mapped[str] = mapped_column(String(12), default="own")
    joined_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # the account that has its bills now
    mended_address: Mapped[bytes | None] = mapped_column(LargeBinary)  # a person's, until the issuer sends another
    mended_at: Mapped[datetime | None]  # when that person mended it
    bereavement: Mapped[bytes | None] = mapped_column(LargeBinary)  # what a person decided after a death
    bereavement_verdict: Mapped[str] = mapped_column(String(8), default="", server_default="")  # of that decision
    # Name and address before they changed, and when one of them changed last. NULL: as they are now.
    baseline_holder: Mapped[str | None] = mapped_column(String(300))
    baseline_address: Mapped[bytes | None] = mapped_column(LargeBinary)
    drifted_on: Mapped[date | None] = mapped_column(Date)

    def start_baseline(self) -> None:
        """From now on later statements are compared with name and address as they are now."""
        self.baseline_holder = self.baseline_address = self.drifted_on = None

    @property
    def postal_address(self) -> PostalAddress:
        """The address on letters: as a person mended it, else as the issuer sent it."""
        return msgspec.msgpack.decode(self.mended_address or self.address, type=PostalAddress)

    @property
    def bereavement_decision(self) -> BereavementDecision | None:
        """What a person decided after the issuer said that the customer has died; None while nobody has."""
        return unpack_bereavement(self.bereavement) if self.bereavement else None

    @property
    def sent_address(self) -> PostalAddress:
        """The address as the issuer sent it."""
        return msgspec.msgpack.decode(self.address, type=PostalAddress)

    @property
    def key(self) -> "AccountKey":
        return self.term, self.scheme, self.value

    @property
    def number(self) -> str:
        """The number as the consumer knows it; "" for an account made from an address."""
        return "" if self.term == "address" else self.value

    @property
    def asked_number(self) -> str:
        """The number that a claim must name beside the code. "" where there is none, or where another account has the
        number: then the code alone is enough."""
        return "" if self.standing in {"provisional", "apart"} else self.number


def accounts_by_id(session: Session, ids: Collection[int]) -> dict[int, CustomerAccount]:
    """These accounts, by id."""
    found = session.scalars(select(CustomerAccount).where(CustomerAccount.id.in_(ids))) if ids else ()
    return {each.id: each for each in found}


AccountKey = tuple[str, str, str]  # term, scheme, value
KeyMaker = Callable[[bytes], bytes]  # encrypts a new document key under the master key


def account_key(bill: Bill, term: str | None = None) -> AccountKey:
    """The key of the account that a bill belongs to (docs/promises.md). *term* is the profile's choice of term; None
    tries the usual ones."""
    if number := account_number_of(bill, term):
        return number.term, number.scheme[:20], number.value[:200]
    return "address", "", _address_key(bill)


def _address_key(bill: Bill) -> str:
    """A key from name and address; one letter of difference makes another account."""
    address = bill.buyer.address
    lines = [address.line1, address.line2, address.line3, address.postcode, address.city, address.country]
    folded = "\n".join(" ".join(word.split()).casefold() for word in [bill.buyer.name, *lines])
    return hashlib.sha256(folded.encode()).hexdigest()[:32]
