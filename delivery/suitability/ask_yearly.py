"""Asks each year, where the law has it, whether bills without paper still suit: in the portal, and by mail."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from bill import Reason
from consumers.paperless_consent import show_wording
from consumers.suitability_wording import SUITABILITY
from delivery.calendar.postal_calendar import Calendar
from delivery.delivery_articles import laws_of
from delivery.law.sector_law import SectorLaw
from delivery.suitability.check_dates import next_check
from store.accounts.account_notice import NewNotice, append_notice
from store.accounts.consumer import Consumer, holders_of
from store.accounts.customer_account import CustomerAccount
from store.accounts.stopped_mail import YEARLY_QUESTION, who_stopped
from store.accounts.suitability_event import (
    SuitabilityEvent,
    append_suitability,
    ever_not_asked,
    last_due,
    was_asked,
)
from store.customers.customer_reference import CustomerReference
from store.db.event import record
from store.issuer import all_issuers
from store.job import request_job

#: Accounts that are looked at together.
GROUP: Final = 500
#: Standings of accounts that hold their number.
_LIVING: Final = ("own", "apart", "split")
_SHORTEST_YEAR: Final = timedelta(days=365)
#: A question that came back is asked anew no sooner.
_ASKED_ANEW_AFTER: Final = timedelta(days=30)


def ask_yearly(session: Session, now: datetime, calendar: Calendar, after: int = 0) -> int | None:
    """Ask the holders of the next accounts whose question is to be announced. Returns the id to go on after, or None
    when no account is left. Send the wake-up signal after the commit.

    Never asked are customers with paper by right, who have died, or whose contract has ended, and accounts whose number
    is in question or which nobody follows. One whose question came back is asked anew once a holder can be mailed.
    """
    today = calendar.day_of(now)
    laws = {each: law for each, law in _laws(session).items() if law.yearly_check.value}
    accounts = _candidates(session, laws, now, today, after)
    ids = [each.id for each in accounts]
    last, holders = last_due(session, ids), _reachable(session, ids)
    for account in accounts:
        law, since = laws[account.issuer_id], account.paperless_since
        assert since is not None
        dates = next_check(calendar.day_of(since), last.get(account.id), today, law.check_announced_days.value)
        if dates.asked_on <= today and account.id in holders:
            _ask(session, account, holders[account.id], law, dates.due_on, now)
    return ids[-1] if len(ids) == GROUP else None


def _laws(session: Session) -> dict[int, SectorLaw]:
    return laws_of(session, [issuer.id for issuer in all_issuers(session)])


def _reachable(session: Session, account_ids: Sequence[int]) -> dict[int, list[Consumer]]:
    """The holders of these accounts; without the accounts whose question came back while none can be mailed."""
    holders, returned = holders_of(session, account_ids), ever_not_asked(session, account_ids)
    return {
        account_id: mine
        for account_id, mine in holders.items()
        if account_id not in returned or any(each.can_be_mailed for each in mine)
    }


def _candidates(
    session: Session, laws: Mapping[int, SectorLaw], now: datetime, today: date, after: int
) -> Sequence[CustomerAccount]:  # fmt: skip
    """The next accounts without paper that were not asked of late and may be asked."""
    longest = max((law.check_announced_days.value for law in laws.values()), default=0)
    of_late = today - _SHORTEST_YEAR + timedelta(days=longest)
    mine = SuitabilityEvent.account_id == CustomerAccount.id
    asked = exists().where(mine, was_asked(), SuitabilityEvent.due_on > of_late)
    came_back = exists().where(
        mine, SuitabilityEvent.act == "not_asked", SuitabilityEvent.at > now - _ASKED_ANEW_AFTER
    )  # fmt: skip
    spared = exists().where(
        CustomerReference.account_id == CustomerAccount.id,
        or_(
            CustomerReference.paper_by_right != "",
            and_(CustomerReference.died_on.is_not(None), CustomerAccount.bereavement_verdict != "alive"),
            and_(CustomerReference.closed_on.is_not(None), CustomerReference.closed_on < today),
        ),
    )
    query = select(CustomerAccount).where(
        CustomerAccount.id > after, CustomerAccount.issuer_id.in_(laws), CustomerAccount.paperless,
        CustomerAccount.paperless_since.is_not(None), CustomerAccount.standing.in_(_LIVING), ~asked, ~came_back,
        ~spared,
    )  # fmt: skip
    return session.scalars(query.order_by(CustomerAccount.id).limit(GROUP)).all()


def _ask(
    session: Session, account: CustomerAccount, holders: Sequence[Consumer], law: SectorLaw, due_on: date, now: datetime
) -> None:
    stopped = who_stopped(session, [holder.id for holder in holders], YEARLY_QUESTION)
    mailable = [holder for holder in holders if holder.can_be_mailed and holder.id not in stopped]
    is_new = append_suitability(
        session, account.id, due_on, "asked", now, wording=SUITABILITY.version, way="email" if mailable else "portal",
        article=law.yearly_check.article,
    )  # fmt: skip
    if not is_new:
        return
    why = Reason.of("suitability_check", day=due_on.isoformat(), article=law.yearly_check.article)
    record(session, "account", account.id, "suitability asked", now, why=why)
    show_wording(session, SUITABILITY, now)
    asked = NewNotice(
        account_id=account.id, kind="suitability", at=now, key=due_on.isoformat(), wording=SUITABILITY.version,
        channel="email" if mailable else "portal",
    )  # fmt: skip
    append_notice(session, asked)
    for holder in mailable:
        particulars = {"account_id": account.id, "consumer_id": holder.id, "due_on": due_on.isoformat()}
        request_job(session, YEARLY_QUESTION, particulars, now)
