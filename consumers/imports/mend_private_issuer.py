"""A person mends their own issuers: gives one another name, joins two, or says which issuer on board one is.

Nothing is joined by itself: what looks like one issuer is offered.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from consumers.imports.issuer_identity import IssuerIdentity
from consumers.imports.private_issuers import identities_of
from issuers.registry import profile_of
from store.accounts.consumer import Enrolment
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow, stands
from store.bills.page_pictures import PagePictures
from store.bills.references_between_bills import BillReference
from store.feeds.feed import Feed
from store.imports.private_issuer import PrivateIssuer
from store.issuer import Issuer, all_issuers
from store.search.search_entry import SearchEntry

LONGEST_NAME = 200
#: `same_numbers`: both have a bill of one number, which cannot be one issuer's.
Joining = Literal["joined", "same_numbers", "itself"]


def rename(session: Session, private: PrivateIssuer, name: str, now: datetime) -> bool:
    """Give an issuer another name. It is still known by the name that its bills bear. Returns False for no name."""
    name = " ".join(name.split())[:LONGEST_NAME]
    if not any(c.isalnum() for c in name):
        return False
    issuer = session.get_one(Issuer, private.issuer_id)
    issuer.name, issuer.changed_at = name, now
    return True


def join(session: Session, gone: PrivateIssuer, kept: PrivateIssuer) -> Joining:
    """Move all bills of one issuer of a person's to another. What is brought in of the first goes there as well."""
    if gone.issuer_id == kept.issuer_id:
        return "itself"
    numbers = select(BillRow.number).where(BillRow.issuer_id == kept.issuer_id, stands())
    both = select(BillRow.id).where(BillRow.issuer_id == gone.issuer_id, stands(), BillRow.number.in_(numbers))
    if session.scalar(both.limit(1)) is not None:
        return "same_numbers"
    moved = {"issuer_id": kept.issuer_id, "account_id": kept.account_id}
    session.execute(update(BillRow).where(BillRow.issuer_id == gone.issuer_id).values(**moved))
    for row in (Feed, BillReference):
        session.execute(update(row).where(row.issuer_id == gone.issuer_id).values(issuer_id=kept.issuer_id))
    for entry in (SearchEntry, PagePictures):
        session.execute(update(entry).where(entry.account_id == gone.account_id).values(account_id=kept.account_id))
    session.execute(
        update(PrivateIssuer).where(PrivateIssuer.stands_for_id == gone.issuer_id).values(stands_for_id=kept.issuer_id)
    )
    held = session.get(Enrolment, (gone.consumer_id, gone.account_id))
    if held is not None:
        session.delete(held)
    # Its key still opens what was archived with it.
    account = session.get_one(CustomerAccount, gone.account_id)
    account.standing, account.joined_id = "joined", kept.account_id
    kept.legal_id, kept.vat_id = kept.legal_id or gone.legal_id, kept.vat_id or gone.vat_id
    gone.stands_for_id = kept.issuer_id
    session.flush()
    return "joined"


def stand_for(session: Session, private: PrivateIssuer, issuer: Issuer, now: datetime) -> None:
    """Record that an issuer of a person's is this one on board: its bills stand under that name, and stay theirs."""
    own = session.get_one(Issuer, private.issuer_id)
    private.stands_for_id, own.name, own.changed_at = issuer.id, issuer.name, now


def offered(session: Session, consumer_id: int) -> dict[int, Issuer]:
    """For each issuer of this person's, by its issuer id, one on board that it may be: by SIREN, VAT identifier or
    name. An issuer of which the person said already which it is has none."""
    on_board = [(issuer, _identity(issuer)) for issuer in all_issuers(session)]
    found = (
        (private.issuer_id, _like(identity, private, on_board))
        for private, identity in identities_of(session, consumer_id)
        if private.stands_for_id is None
    )
    return {issuer_id: issuer for issuer_id, issuer in found if issuer is not None}


def _like(
    identity: IssuerIdentity, private: PrivateIssuer, on_board: Iterable[tuple[Issuer, IssuerIdentity]]
) -> Issuer | None:
    names = {identity.name_key, private.name_key}
    return next((issuer for issuer, other in on_board if identity.is_same(other) or other.name_key in names), None)


def _identity(issuer: Issuer) -> IssuerIdentity:
    sender = profile_of(issuer).sender
    return IssuerIdentity(issuer.name, sender.legal_id, sender.vat_id)
