"""An account as its issuer's program sees it: what its letters bear, what its holders chose here, and what the issuer
has said of its customer."""

from collections.abc import Collection, Sequence
from typing import Annotated, Any, TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from bill import number_key
from bill.customer.record_json import known_json, lines_of
from bill.json_values import Moment, one_of, says
from store.accounts.consumer import Holding, holdings_of
from store.accounts.customer_account import STANDINGS, CustomerAccount
from store.accounts.email_address import forms_of
from store.customers.customer_reference import CustomerReference, references_of
from store.row_ids import AccountId


class HolderReport(TypedDict):
    """A person who follows an account."""

    name: Annotated[str, says("As they gave it.")]
    email: Annotated[
        str | None, says("Where you have stated this very address, and it is confirmed; another is not told.")
    ]
    email_confirmed_at: Moment | None
    since: Moment


class AccountReport(TypedDict):
    """An account: what its letters bear, who follows it, and what you have said of its customer."""

    account: AccountId
    number: Annotated[str, says("The account number, as you write it.")]
    term: Annotated[str, says("The EN 16931 term that the number comes from, such as `BT-46`.")]
    scheme: str
    standing: Annotated[str, one_of(STANDINGS, "`own`: it holds its number.")]
    holder: Annotated[str, says("The name on letters.")]
    address: Annotated[
        dict[str, str], says("Where letters go, by its parts (EN 16931): as mended here, else as you sent it.")
    ]
    address_mended_at: Annotated[Moment | None, says("When it was mended here; null: it is yours.")]
    paperless: bool
    paperless_since: Moment | None
    holders: Annotated[list[HolderReport], says("Who follows the account here.")]
    stated: Annotated[
        dict[str, Any],
        says("What you have said; of an address all statements that may still count, the newest last."),
    ]
    stated_as_of: Moment | None


def account_reports(session: Session, account_ids: Collection[int]) -> dict[int, AccountReport]:
    """The reports of these accounts, by account id."""
    query = select(CustomerAccount).where(CustomerAccount.id.in_(account_ids)).order_by(CustomerAccount.id)
    accounts = session.scalars(query.execution_options(populate_existing=True)).all()
    holdings, references = holdings_of(session, account_ids), references_of(session, account_ids)
    return {each.id: _report(each, holdings.get(each.id, []), references.get(each.id)) for each in accounts}


def account_of_number(session: Session, issuer_id: int, number: str, term: str = "") -> CustomerAccount | None:
    """The account that holds this number, in any spelling; None if there is none. *term* tells accounts of several
    terms apart."""
    query = (
        select(CustomerAccount)
        .where(CustomerAccount.issuer_id == issuer_id, CustomerAccount.number_key == number_key(number))
        .where(CustomerAccount.standing == "own", CustomerAccount.term != "address")
        .order_by(CustomerAccount.id)
        .limit(1)
    )
    return session.scalar(query.where(CustomerAccount.term == term) if term else query)


def accounts_after(session: Session, issuer_id: int, after: int, limit: int) -> Sequence[int]:
    """The ids of an issuer's accounts with a number of their own, by id."""
    query = select(CustomerAccount.id).where(CustomerAccount.issuer_id == issuer_id, CustomerAccount.id > after)
    query = query.where(CustomerAccount.term != "address", CustomerAccount.standing != "joined")
    return session.scalars(query.order_by(CustomerAccount.id).limit(limit)).all()


def _report(
    account: CustomerAccount, holdings: Sequence[Holding], reference: CustomerReference | None
) -> AccountReport:
    mended_at, since = account.mended_at, account.paperless_since
    return {
        "account": AccountId(account.id),
        "number": account.number,
        "term": account.term,
        "scheme": account.scheme,
        "standing": account.standing,
        "holder": account.holder,
        "address": lines_of(account.postal_address),
        "address_mended_at": None if mended_at is None else mended_at.isoformat(),
        "paperless": account.paperless,
        "paperless_since": None if since is None else since.isoformat(),
        "holders": [_holder(each, reference) for each in holdings if each.suspended_at is None],
        "stated": {} if reference is None else known_json(reference.known),
        "stated_as_of": None if reference is None else reference.as_of.isoformat(),
    }


def _holder(holding: Holding, reference: CustomerReference | None) -> HolderReport:
    """A holder. Their e-mail address is told where the issuer has stated the very same: nobody is shown another
    (decision 0028)."""
    consumer, confirmed_at = holding.consumer, holding.consumer.confirmed_at
    stated = reference.known.email if reference is not None else None
    is_known = stated is not None and consumer.email in forms_of(stated)
    return {
        "name": consumer.name,
        "email": consumer.email if is_known and confirmed_at is not None else None,
        "email_confirmed_at": None if confirmed_at is None else confirmed_at.isoformat(),
        "since": holding.since.isoformat(),
    }
