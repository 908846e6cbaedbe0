"""Customers' accounts as staff look for them: by parts of the holder's name or of the number, by an e-mail address."""

from collections.abc import Callable, Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.accounts.consumer import Enrolment, consumer_by_email, is_in_force
from store.accounts.customer_account import CustomerAccount
from store.customers.contact_key import email_key
from store.customers.customer_reference import CustomerReference
from store.staff_search.folded_text import closed, folded
from store.staff_search.found_bills import accounts_of_billed_email
from store.staff_search.part_index import ACCOUNT_PARTS, rows_with_parts

#: Accounts that one address is known of.
_MOST_BY_EMAIL = 50


def accounts_by_name(
    session: Session, issuer_ids: Collection[int], said: str, limit: int, before: int | None = None
) -> list[CustomerAccount]:
    """The accounts of these issuers whose holder's name has all these words, or parts of words, in any order, the
    newest first, *limit* at most. None if no word has three characters."""
    words = folded(said).split()

    def is_meant(holder: str, _value: str) -> bool:
        name = folded(holder)
        return all(word in name for word in words)

    return _found(session, issuer_ids, words, is_meant, limit, before)


def accounts_by_number(
    session: Session, issuer_ids: Collection[int], said: str, limit: int, before: int | None = None
) -> list[CustomerAccount]:
    """The accounts of these issuers with this in their number, however either is separated."""
    asked = closed(said)
    return _found(session, issuer_ids, [asked], lambda _holder, value: asked in closed(value), limit, before)


def accounts_by_email(
    session: Session, issuer_ids: Collection[int], email: str, *, of_consumers: bool
) -> list[CustomerAccount]:
    """The accounts of these issuers of which the issuer knows this address, in any spelling: by what it told of its
    customers, or since it came with a bill; *of_consumers*: and those whose holder signs in with it, which an issuer is
    not told."""
    if not (key := email_key(email)):
        return []
    known = select(CustomerReference.account_id).where(
        CustomerReference.email_key == key, CustomerReference.email_key != ""
    )
    ids = set(session.scalars(known.where(CustomerReference.issuer_id.in_(issuer_ids)).limit(_MOST_BY_EMAIL)))
    ids |= accounts_of_billed_email(session, issuer_ids, email, _MOST_BY_EMAIL)
    if of_consumers and (holder := consumer_by_email(session, email)) is not None:
        held = select(Enrolment.account_id).where(Enrolment.consumer_id == holder.id, is_in_force())
        ids |= set(session.scalars(held.limit(_MOST_BY_EMAIL)))
    query = select(CustomerAccount).where(CustomerAccount.id.in_(ids), CustomerAccount.issuer_id.in_(issuer_ids))
    return list(session.scalars(query.order_by(CustomerAccount.id.desc())))


def _found(
    session: Session, issuer_ids: Collection[int], parts: Sequence[str], is_meant: Callable[[str, str], bool],
    limit: int, before: int | None,
) -> list[CustomerAccount]:  # fmt: skip
    """*is_meant* is asked of an account's holder and number."""
    candidates = rows_with_parts(session, ACCOUNT_PARTS, parts, issuer_ids, before)
    if candidates is None:
        return []
    account = CustomerAccount
    query = select(account.id, account.issuer_id, account.holder, account.value, account.term)
    found: list[int] = []
    for account_id, issuer_id, holder, value, term in session.execute(
        query.where(account.id.in_(candidates.subquery().select())).order_by(account.id.desc())
    ):
        if issuer_id in issuer_ids and is_meant(holder, "" if term == "address" else value):
            found.append(account_id)
            if len(found) == limit:
                break
    return list(session.scalars(select(account).where(account.id.in_(found)).order_by(account.id.desc())))
