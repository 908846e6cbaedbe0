"""Letters: what is laid over an archived bill for the print house, and in which order they are printed."""

from typing import BinaryIO, Protocol

import msgspec
from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from bill import PostalAddress, envelope_lines
from delivery.claim_code import claim_code
from issuers.registry import profile_of
from store.account import CustomerAccount
from store.bill import BillRow
from store.delivery import Delivery
from store.issuer import Issuer
from store.print_batch import PrintBatch


class Face(msgspec.Struct, frozen=True, kw_only=True):
    """What the print stream lays over a bill's first page, or draws on a *carrier* page in front of it. *copy*: the
    original is the bill on line."""

    lot: int
    set: int
    sets: int
    sender: str
    address: tuple[str, ...]
    return_address: tuple[str, ...]
    claim_code: str | None
    claim_url: str | None
    copy: bool
    language: str
    carrier: bool = False


class Press(Protocol):
    """A print stream that is being written: one PDF made of many archived bills."""

    def add(self, prefix: bytes, suffix: bytes, face: Face) -> int:
        """One letter more; its sheets. A sheet is one page: letters are printed on one side."""

    def close(self) -> None:
        """The PDF is whole."""


class OpenPress(Protocol):
    """Begins a print stream."""

    def __call__(self, out: BinaryIO, /) -> Press: ...


class Letter(msgspec.Struct, frozen=True):
    """A delivery on paper, with all that its face is made of."""

    delivery: Delivery
    bill: BillRow
    account: CustomerAccount
    issuer: Issuer
    was_presented: bool


def letters_of(session: Session, batch: PrintBatch) -> list[Letter]:
    """The letters of a closed batch as they are printed: by country and postcode, a household's together."""
    shown = aliased(Delivery)
    was_presented = exists().where(shown.bill_id == BillRow.id, shown.channel == "portal", shown.sent_at.is_not(None))
    query = (
        select(Delivery, BillRow, CustomerAccount, Issuer, was_presented)
        .join(BillRow, BillRow.id == Delivery.bill_id)
        .join(CustomerAccount, CustomerAccount.id == BillRow.account_id)
        .join(Issuer, Issuer.id == BillRow.issuer_id)
        .where(Delivery.batch_id == batch.id, Delivery.state == "attempting")
    )
    letters = [Letter(*row) for row in session.execute(query)]
    return sorted(letters, key=_round)


def _round(letter: Letter) -> tuple[str, str, str, int, int]:
    """The postman's way."""
    address = letter.account.postal_address
    return address.country, address.postcode, letter.account.holder.casefold(), letter.account.id, letter.delivery.id


def face_of(letter: Letter, place: tuple[int, int, int], secret: bytes, public_url: str) -> Face:
    """What is laid over this letter; *place* is its lot, its set and the number of sets (`lot 231 pli 12/4212`).

    The claim code is there for whoever may still claim the account: on every letter but those of paperless accounts.
    """
    account = letter.account
    code = None if account.paperless else claim_code(secret, letter.delivery.id)
    lot, number, sets = place
    return Face(
        lot=lot, set=number, sets=sets, sender=letter.issuer.name,
        address=envelope_lines(account.holder or letter.bill.buyer_name, account.postal_address),
        return_address=_return_address(letter.issuer),
        claim_code=code,
        claim_url=f"{public_url}/c/{code}" if code else None,
        copy=account.paperless and letter.was_presented,
        language=profile_of(letter.issuer).brand.language,
    )  # fmt: skip


def _return_address(issuer: Issuer) -> tuple[str, ...]:
    sender = profile_of(issuer).sender
    if not sender.city:
        return ()
    address = PostalAddress(
        line1=sender.line1, line2=sender.line2, postcode=sender.postcode, city=sender.city, country=sender.country
    )
    return envelope_lines(issuer.name, address)
