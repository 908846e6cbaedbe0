"""The accounts of a reader and their issuers, as lists read them: some columns, in one statement."""

from typing import Final, NamedTuple

from sqlalchemy import BigInteger, bindparam, select
from sqlalchemy.orm import Session

from store.accounts.consumer import Enrolment, is_in_force
from store.accounts.customer_account import CustomerAccount
from store.issuer import Issuer
from store.listed_issuer import LISTED_ISSUER, ListedIssuer


class HeldAccount(NamedTuple):
    """The columns of `CustomerAccount` by which a holder knows it."""

    id: int
    issuer_id: int
    term: str
    value: str

    @property
    def number(self) -> str:
        """As `CustomerAccount.number`."""
        return "" if self.term == "address" else self.value


def held_accounts(session: Session, consumer_id: int) -> tuple[list[HeldAccount], dict[int, ListedIssuer]]:
    """The accounts that a consumer holds today (`store.accounts.consumer.accounts_of`), and their issuers by id."""
    accounts, issuers = [], {}
    for account_id, term, value, *issuer in session.connection().execute(_QUERY, {"consumer_id": consumer_id}):
        issuer_id = issuer[0]
        accounts.append(HeldAccount(account_id, issuer_id, term, value))
        if issuer_id not in issuers:
            issuers[issuer_id] = ListedIssuer(*issuer)
    return accounts, issuers


_QUERY: Final = (
    select(CustomerAccount.id, CustomerAccount.term, CustomerAccount.value, *LISTED_ISSUER)
    .join(Enrolment, Enrolment.account_id == CustomerAccount.id)
    .join(Issuer, Issuer.id == CustomerAccount.issuer_id)
    .where(Enrolment.consumer_id == bindparam("consumer_id", type_=BigInteger), is_in_force())
    .order_by(CustomerAccount.id)
)
