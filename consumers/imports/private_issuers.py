"""The issuers that a person keeps of what they bring in: one for each issuer that the bills name."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from bill import Bill
from consumers.imports.issuer_identity import IssuerIdentity, issuer_of_bill
from store.imports.private_issuer import PrivateIssuer, add_private_issuer, private_issuers_of
from store.issuer import Issuer, issuers_by_id


def private_issuer_for(
    session: Session, encrypt_key: Callable[[bytes], bytes], consumer_id: int, bill: Bill, now: datetime
) -> PrivateIssuer:
    """The person's issuer of this bill: one that they have, or a new one. What the bill says of its registration is
    kept where it was not known."""
    issuer = issuer_of_bill(bill)
    known = identities_of(session, consumer_id)
    found = next((mine for mine, identity in known if _is(issuer, mine, identity)), None)
    if found is not None and found.stands_for_id is not None:  # joined to another of the person's
        found = session.get(PrivateIssuer, found.stands_for_id) or found
    if found is None:
        found = add_private_issuer(session, consumer_id, issuer.name, issuer.name_key, encrypt_key, now)
    found.legal_id, found.vat_id = found.legal_id or issuer.legal_id, found.vat_id or issuer.vat_id
    session.flush()
    return found


def identities_of(session: Session, consumer_id: int) -> list[tuple[PrivateIssuer, IssuerIdentity]]:
    """The person's issuers with what they are known by, also those that were joined to another."""
    mine = private_issuers_of(session, consumer_id)
    issuers = issuers_by_id(session, [each.issuer_id for each in mine])
    return [(each, _identity(each, issuers[each.issuer_id])) for each in mine]


def _is(issuer: IssuerIdentity, mine: PrivateIssuer, identity: IssuerIdentity) -> bool:
    """Whether it is this one: also by the name that its bills had when the person gave it another."""
    return identity.is_same(issuer) or identity._replace(name=mine.name_key).is_same(issuer)


def _identity(private: PrivateIssuer, issuer: Issuer) -> IssuerIdentity:
    return IssuerIdentity(issuer.name, private.legal_id, private.vat_id)
