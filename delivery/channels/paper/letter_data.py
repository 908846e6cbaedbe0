"""Loads what a letter is made of: the delivery, its bill and account, and the overlay with address and claim code.

Also the protocols of what prints letters.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, Protocol

import msgspec
from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased, undefer

from bill import (
    AmountDue,
    Bill,
    Brand,
    MailPieceNumber,
    Overlay,
    Reason,
    account_label,
    amount_due,
    envelope_lines,
    label_language,
)
from bill.payment.amount_due import is_changed
from consumers.claim_code import letter_code
from consumers.one_bill_link import one_bill_url
from delivery.channels.paper.letter_address import addressee, estate_address, letter_address, return_lines
from delivery.channels.paper.print_house_profile import PrintHouse
from delivery.channels.paper.print_houses.lot_carrier import LotCarrier
from issuers.registry import brand_of_issuer, profile_of
from payments.amounts_due import amounts_due
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.campaigns.letter_invitation import LetterInvitation, letter_invitations
from store.customers.customer_reference import CustomerReference, references_of
from store.delivery import Delivery, number_of_again
from store.issuer import Issuer
from store.vault.key_ring import KeyRing
from words.invitation_lines import invitation_line
from words.printed_languages import PRINTED

#: Letters that are read from the store at a time.
_GROUP: Final = 200


class Unprintable(Exception):  # noqa: N818
    """This PDF cannot be printed as a letter. *seconds*: CPU spent on it; infinite when it ended the sandbox worker.
    *reason* says why, where it is not the PDF's fault."""

    def __init__(self, said: str, seconds: float = 0.0, reason: Reason | None = None) -> None:
        super().__init__(said)
        self.seconds = seconds
        self.reason = reason


class PrintablePages(Protocol):
    """An archived bill, read for printing."""

    @property
    def pages(self) -> int:
        """The number of pages."""

    @property
    def scaled(self) -> int:
        """How many pages will be scaled to A4."""

    @property
    def seconds(self) -> float:
        """CPU seconds spent on reading an issuer's own PDF."""

    @property
    def body(self) -> bytes:
        """The pages, as the print stream takes them."""


class LetterStream(Protocol):
    """One PDF of many letters, being written."""

    def add(
        self, prefix: bytes, body: bytes, overlay: Overlay, number: MailPieceNumber, large_print: Sequence[bytes] = ()
    ) -> int:
        """Add one letter with its overlay, its set number and the pages of its large-print edition, if it has one;
        returns its sheets. When it raises, the PDF is unusable."""

    def close(self) -> None:
        """Finish the PDF."""


class LetterPrinter(Protocol):
    """Turns archived bills into letters. A bill with an empty prefix is the issuer's own PDF."""

    def read(self, prefix: bytes, suffix: bytes) -> PrintablePages:
        """Read the bill's pages. Raises Unprintable."""

    def large_print(self, bill: Bill, brand: Brand, due: AmountDue) -> tuple[bytes, ...]:
        """Lay out the large-print edition of a bill of which *due* is due; returns its pages for `LetterStream.add`."""

    def begin(self, out: BinaryIO, *, duplex: bool) -> LetterStream:
        """Start a print stream into *out*."""


class PrintRoom(msgspec.Struct, frozen=True, kw_only=True):
    """What printing for a house needs: the printer, the print house's profile, the outbox folder, the portal's URL, and
    who carries lots on from the folder, where the house does not look into it itself."""

    printer: LetterPrinter
    house: PrintHouse
    outbox: Path
    public_url: str
    carrier: LotCarrier | None = None


class Letter(NamedTuple):
    """One letter with the rows that its overlay is made from. *was_presented*: the bill is in somebody's portal.
    *customer*: what the issuer says of the account's customer, if anything. *invitation*: what a campaign lets it
    bear."""

    delivery: Delivery
    bill: BillRow
    account: CustomerAccount
    issuer: Issuer
    was_presented: bool
    due: AmountDue
    customer: CustomerReference | None = None
    invitation: LetterInvitation | None = None


def letter_ids(session: Session, batch_id: int) -> list[int]:
    """Return the deliveries of a closed batch that are still to be printed."""
    mine = (Delivery.batch_id == batch_id, Delivery.state == "attempting")
    return list(session.scalars(select(Delivery.id).where(*mine).order_by(Delivery.id)))


def letters_of(session: Session, ids: Sequence[int], at: datetime | None = None) -> Iterator[Letter]:
    """Yield the letters of these deliveries in this order, loading a few at a time.

    What is due is as known *at* that moment (None: now), so a letter that is composed twice is the same letter.
    """
    shown = aliased(Delivery)
    was_presented = exists().where(shown.bill_id == BillRow.id, shown.channel == "portal", shown.sent_at.is_not(None))
    query = (
        select(Delivery, BillRow, CustomerAccount, Issuer, was_presented)
        .join(BillRow, BillRow.id == Delivery.bill_id)
        .join(CustomerAccount, CustomerAccount.id == BillRow.account_id)
        .join(Issuer, Issuer.id == BillRow.issuer_id)
        .options(undefer(BillRow.content))
    )
    for start in range(0, len(ids), _GROUP):
        group = ids[start : start + _GROUP]
        rows = session.execute(query.where(Delivery.id.in_(group))).all()
        due = amounts_due(session, {row[1].id: row[1] for row in rows}.values(), None, at)
        customers = references_of(session, {row[2].id for row in rows})
        invitations = letter_invitations(session, group)
        found = {
            row[0].id: Letter(*row, due[row[1].id], customers.get(row[2].id), invitations.get(row[0].id))
            for row in rows
        }
        yield from (found[each] for each in group)


def overlay_of(
    letter: Letter, keys: KeyRing, public_url: str, *, carrier: bool, home_country: str = "FR"
) -> Overlay:  # fmt: skip
    """Return the overlay of this letter. *carrier*: it has a carrier page; *home_country* is where it is posted.

    It has a claim code unless the account is paperless, as nobody needs to claim it then, its customer has paper by
    right, or the letter goes to an estate: they are not invited. It speaks the customer's language, if the issuer says
    which and letters have it.
    """
    account, customer = letter.account, letter.customer
    is_spared = bool(customer and customer.paper_by_right) or estate_address(account) is not None
    is_invited = not account.paperless and not is_spared
    code = letter_code(keys, letter.delivery) if is_invited else None
    profile = profile_of(letter.issuer)
    language = profile.brand.own_language or label_language(letter.bill.bill)
    if customer and customer.language in PRINTED:
        language = customer.language
    address = letter_address(account, letter.issuer, letter.bill, home_country)
    return Overlay(
        sender=letter.issuer.name,
        address=envelope_lines(addressee(account, letter.bill), address, home_country),
        return_address=return_lines(letter.issuer, letter.bill, address, home_country),
        account=account.asked_number,
        account_label=account_label(account.term, language, profile.account_label),
        claim_code=code,
        claim_url=f"{public_url}/c/{code}" if code else None,
        bill_url=one_bill_url(keys, public_url, letter.delivery) if code else None,
        invitation=invitation_line(letter.invitation.wording, language) if letter.invitation and code else "",
        copy=number_of_again(letter.delivery.purpose) > 0 or (account.paperless and letter.was_presented),
        language=language,
        carrier=carrier,
        due=letter.due if is_changed(letter.due) else None,
        is_code_void=is_changed(letter.due) and letter.due.amount != amount_due(letter.bill.demand).amount,
    )


def large_print_of(letter: Letter, printer: LetterPrinter) -> tuple[bytes, ...]:
    """Return the pages of the letter's large-print edition, in the bill's language; () unless the issuer says that the
    customer needs it."""
    if letter.customer is None or not letter.customer.large_print:
        return ()
    bill = letter.bill.bill
    return printer.large_print(bill, brand_of_issuer(letter.issuer, label_language(bill)), letter.due)
