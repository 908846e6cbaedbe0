"""Contracts that are offered to a person: an issuer knows, for the account of somebody of their name, the e-mail
address or the mobile phone that they have confirmed.

An offer opens nothing. An address may be out of date, a number may be somebody else's by now, and a couple may share
both: so the name must agree, too, and where an issuer knows one address for people of several names, nobody is offered
anything. Who has confirmed nothing learns nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, Literal, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from bill import MatchResult, compare_names
from bill.matching.named_person import names_person
from store.accounts.consumer import Consumer, Enrolment, holders_of
from store.accounts.customer_account import CustomerAccount
from store.accounts.joint_holder_notice import is_asked
from store.accounts.phone import confirmed_with_number, phones_of
from store.customers.customer_reference import CustomerReference, references_with_contact
from store.customers.declined_offer import declined_among

#: Accounts that are looked at for one person; an address that issuers know for more is nobody's own.
MOST_LOOKED_AT: Final = 50
#: What is shown of a contract's number before it is linked: its last characters, and less than half.
SHOWN: Final = 4

KnownBy = Literal["email", "phone"]


class ContractOffer(NamedTuple):
    """A contract that may be this person's. *state*: `free` to be linked, `held` by somebody who may be asked, or they
    are `asked` already."""

    account: CustomerAccount
    known_by: KnownBy
    state: Literal["free", "held", "asked"]

    @property
    def number_in_part(self) -> str:
        """The end of the contract's number: enough to know one's own again, not to learn it."""
        number = self.account.number
        return f"…{number[-min(SHOWN, len(number) // 2) :]}" if len(number) > 1 else "…"


class _Known(NamedTuple):
    reference: CustomerReference
    account: CustomerAccount
    known_by: KnownBy


def contracts_offered(session: Session, consumer: Consumer, today: date) -> list[ContractOffer]:
    """The contracts to offer to this person, by account id."""
    email = consumer.email if consumer.can_be_mailed else ""
    phone = _own_phone(session, consumer.id)
    if not email and not phone:
        return []
    found = references_with_contact(session, email, phone, MOST_LOOKED_AT + 1)
    if len(found) > MOST_LOOKED_AT:
        return []
    known = [_Known(each, account, "email" if email and each.email_key == email else "phone")
             for each, account in found]  # fmt: skip
    mine = [each for each in known if _may_be_of(each, consumer, today) and not _is_shared(each, known)]
    return _offers(session, consumer.id, mine)


def _own_phone(session: Session, consumer_id: int) -> str:
    """The phone that this person has confirmed and nobody else has; "" if there is none."""
    phone = phones_of(session, [consumer_id]).get(consumer_id)
    if phone is None or not phone.can_be_texted:
        return ""
    return phone.number if confirmed_with_number(session, phone.number) == [consumer_id] else ""


def _may_be_of(known: _Known, consumer: Consumer, today: date) -> bool:
    """Whether the account is in force, has its own number, and is of somebody of this name."""
    reference, account = known.reference, known.account
    if account.standing != "own" or not account.number or not consumer.name.strip() or not account.holder.strip():
        return False
    is_over = reference.closed_on is not None and reference.closed_on < today
    is_dead = reference.died_on is not None and account.bereavement_verdict != "alive"
    return not is_over and not is_dead and names_person(account.holder, consumer.name)


def _is_shared(known: _Known, all_known: Iterable[_Known]) -> bool:
    """Whether the same issuer knows the address, or the phone, for an account of another name."""
    others = (each.account for each in all_known if each.account.issuer_id == known.account.issuer_id)
    return any(compare_names(each.holder, known.account.holder) is not MatchResult.SAME for each in others)


def _offers(session: Session, consumer_id: int, known: Sequence[_Known]) -> list[ContractOffer]:
    """Leave out what the person holds, has held or has declined, and what somebody else has held."""
    ids = [each.account.id for each in known]
    enrolments = session.scalars(select(Enrolment).where(Enrolment.account_id.in_(ids))).all()
    had = {each.account_id for each in enrolments if each.consumer_id == consumer_id}
    had |= declined_among(session, consumer_id, ids)
    left = {each.account_id for each in enrolments}
    holders = holders_of(session, ids)
    offers = []
    for each in known:
        account_id = each.account.id
        others = [holder.id for holder in holders.get(account_id, [])]
        if account_id in had or (account_id in left and not others):
            continue
        is_waiting = any(is_asked(session, other, account_id, consumer_id) for other in others)
        offers.append(
            ContractOffer(each.account, each.known_by, "asked" if is_waiting else "held" if others else "free")
        )
    return offers
