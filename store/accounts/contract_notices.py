"""Which kinds of notices about their contracts a consumer may have to be shown, asked in one statement: as a rule none
are there, and pages need not look for each."""

from typing import Any, Final, NamedTuple

from sqlalchemy import Exists, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from store.access_grants.access_grant import AccessGrant
from store.accounts.account_notice import AccountNotice
from store.accounts.address_suppression import AddressSuppression
from store.accounts.consumer import Consumer, Enrolment, is_in_force
from store.accounts.joint_holder_notice import HolderNotice
from store.accounts.suitability_event import SuitabilityEvent, is_open_question
from store.bills.bill_enquiry import Enquiry


class ContractNotices(NamedTuple):
    """Whether there may be any, of each kind: what another holder or the issuer did; letters that came back; the yearly
    question whether bills without paper still suit; the announcement of bills without paper by default; an answer to
    a question of theirs; bills that others let them read, or invite them to read. Whoever shows them reads on, and may
    find that none is to be shown."""

    of_holders: bool
    of_returned_letters: bool
    of_suitability: bool
    of_defaults: bool
    of_answers: bool
    of_shared_bills: bool


def contract_notices(session: Session, consumer_id: int) -> ContractNotices:
    """The kinds of notices that the accounts of this consumer have."""
    return ContractNotices(*session.connection().execute(_QUERY, {"consumer_id": consumer_id}).one())


def _of_accounts(table: Any, *conditions: Any) -> Exists:
    """SQL condition: a row of the table is of an account that the consumer holds."""
    mine = (Enrolment.consumer_id == _CONSUMER, is_in_force())
    return exists().where(*mine, table.account_id == Enrolment.account_id, *conditions)


_CONSUMER: Final = bindparam("consumer_id", type_=Enrolment.consumer_id.type)
_EMAIL: Final = select(Consumer.email).where(Consumer.id == _CONSUMER).scalar_subquery()
#: The expressions of the kinds, in their order, for a consumer (`:consumer_id`): other statements may ask along.
KINDS: Final = (
    exists().where(HolderNotice.consumer_id == _CONSUMER, HolderNotice.seen_at.is_(None)),
    _of_accounts(AddressSuppression, AddressSuppression.lifted_at.is_(None)),
    _of_accounts(SuitabilityEvent, is_open_question()),
    _of_accounts(AccountNotice, AccountNotice.kind == "default_sent"),
    exists().where(Enquiry.consumer_id == _CONSUMER, Enquiry.seen_at.is_(None)),
    or_(
        exists().where(AccessGrant.reader_id == _CONSUMER, AccessGrant.state == "accepted"),
        exists().where(AccessGrant.email == _EMAIL, AccessGrant.state == "invited"),
    ),
)
_QUERY: Final = select(*KINDS)
