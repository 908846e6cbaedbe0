"""By which address or phone an account's customer can be invited: a holder's own, else one that the issuer knows."""

from collections.abc import Collection
from typing import Final, Literal, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from bill import Bill
from store.accounts.consumer import Consumer, holders_of
from store.accounts.phone import phones_of
from store.bills.bill import BillRow
from store.customers.contact_key import email_key
from store.customers.customer_reference import CustomerReference
from store.test_sides.side_customer import side_of_address

#: The most addresses in one statement.
_TOGETHER: Final = 400


class HouseholdContact(NamedTuple):
    """Where an invitation goes: to a holder (*consumer_id*), or to whom the issuer knows. *has_failed*: mail or SMS to
    it comes back, or was unwanted."""

    to: str
    consumer_id: int | None = None
    name: str = ""
    language: str = ""
    has_failed: bool = False


def contacts_of(
    session: Session, account_ids: Collection[int], references: dict[int, CustomerReference],
    by: Literal["email", "sms"],
) -> dict[int, HouseholdContact]:  # fmt: skip
    """The contact of each of these accounts; one that has none is left out."""
    holders = holders_of(session, account_ids)
    known = _emails_known(session, account_ids, references, holders) if by == "email" else _phones_known(references)
    failed = _failed(session, set(known.values())) if by == "email" else set()
    phones = phones_of(session, [each.id for group in holders.values() for each in group]) if by == "sms" else {}
    found = {}
    for account_id in account_ids:
        if account_id in holders:
            texted = {each.id: phones[each.id].number for each in holders[account_id] if each.id in phones
                      and phones[each.id].can_be_texted}  # fmt: skip
            contact = _of_holder(holders[account_id], texted, by)
        else:
            to = known.get(account_id, "")
            language = references[account_id].language if account_id in references else ""
            contact = HouseholdContact(to, language=language, has_failed=to in failed) if to else None
        if contact is not None:
            found[account_id] = contact
    return found


def _of_holder(holders: list[Consumer], texted: dict[int, str], by: str) -> HouseholdContact | None:
    """The first holder who can be written to; else the first, whom nothing reaches."""
    for each in holders:
        to = texted.get(each.id, "") if by == "sms" else each.email if each.can_be_mailed else ""
        if to:
            return HouseholdContact(to, each.id, each.name, each.language)
    lost = [each for each in holders if by == "email" and each.mail_failed_at is not None]
    return HouseholdContact(lost[0].email, lost[0].id, has_failed=True) if lost else None


def _phones_known(references: dict[int, CustomerReference]) -> dict[int, str]:
    return {account_id: each.phone_key for account_id, each in references.items() if each.phone_key}


def _emails_known(
    session: Session, account_ids: Collection[int], references: dict[int, CustomerReference],
    holders: Collection[int],
) -> dict[int, str]:  # fmt: skip
    """The address that the issuer says an account has, else the one on its last bill (BT-58)."""
    said = {account_id: each.email_key for account_id, each in references.items() if each.email_key}
    unsaid = [each for each in account_ids if each not in said and each not in holders]
    last = select(func.max(BillRow.id)).where(BillRow.account_id.in_(unsaid)).group_by(BillRow.account_id)
    bills = select(BillRow).where(BillRow.id.in_(last)).options(undefer(BillRow.content))
    on_bills = {row.account_id: _email(row.bill) for row in session.scalars(bills) if unsaid}
    return {account_id: to for account_id, to in {**on_bills, **said}.items() if to and side_of_address(to) is None}


def _email(bill: Bill) -> str:
    """The buyer's address as a bill states it (BT-58)."""
    contact = bill.buyer.contact
    return email_key(contact.email) if contact is not None and "@" in contact.email else ""


def _failed(session: Session, emails: Collection[str]) -> set[str]:
    """Those of these addresses at which somebody's mail comes back, or was unwanted."""
    found, asked = set(), sorted(emails)
    for at in range(0, len(asked), _TOGETHER):
        mine = (Consumer.email.in_(asked[at : at + _TOGETHER]), Consumer.mail_failed_at.is_not(None))
        found |= set(session.scalars(select(Consumer.email).where(*mine)))
    return found
