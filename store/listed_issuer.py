"""An issuer as lists read it: without its logo, which may weigh more than the page."""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import BigInteger, bindparam, select
from sqlalchemy.orm import Session

from store.accounts.consumer import Enrolment, is_in_force
from store.accounts.customer_account import CustomerAccount
from store.issuer import Issuer


class ListedIssuer(NamedTuple):
    """The columns of `Issuer` that a list shows. *has_logo* says whether there is one."""

    id: int
    slug: str
    name: str
    profile: str
    voice: str | None
    changed_at: datetime
    has_logo: bool


def issuers_of_consumer(session: Session, consumer_id: int) -> dict[int, ListedIssuer]:
    """The issuers of the accounts that a consumer holds today, by id, in the order of their names."""
    found = session.connection().execute(_QUERY, {"consumer_id": consumer_id})
    return {each.id: each for each in (ListedIssuer(*row) for row in found)}


_QUERY: Final = (
    select(
        Issuer.id, Issuer.slug, Issuer.name, Issuer.profile, Issuer.voice, Issuer.changed_at, Issuer.logo.is_not(None)
    )
    .where(
        Issuer.id.in_(
            select(CustomerAccount.issuer_id)
            .join(Enrolment, Enrolment.account_id == CustomerAccount.id)
            .where(Enrolment.consumer_id == bindparam("consumer_id", type_=BigInteger), is_in_force())
        )
    )
    .order_by(Issuer.name)
)
