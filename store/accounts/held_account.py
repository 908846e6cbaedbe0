"""An account as lists of its holder read it."""

from typing import Final, NamedTuple

from sqlalchemy import BigInteger, bindparam, select
from sqlalchemy.orm import Session

from store.accounts.consumer import Enrolment, is_in_force
from store.accounts.customer_account import CustomerAccount


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


def held_accounts(session: Session, consumer_id: int) -> list[HeldAccount]:
    """The accounts that a consumer holds today (`store.accounts.consumer.accounts_of`)."""
    return [HeldAccount(*row) for row in session.connection().execute(_QUERY, {"consumer_id": consumer_id})]


_QUERY: Final = (
    select(CustomerAccount.id, CustomerAccount.issuer_id, CustomerAccount.term, CustomerAccount.value)
    .join(Enrolment, Enrolment.account_id == CustomerAccount.id)
    .where(Enrolment.consumer_id == bindparam("consumer_id", type_=BigInteger), is_in_force())
    .order_by(CustomerAccount.id)
)
