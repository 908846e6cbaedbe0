"""Counts accounts: active, enrolled, paperless …, for each account and for all at the end of a month.

`adoption.measures.registry` defines each figure.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, tzinfo
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, Row, Select, case, exists, func, select
from sqlalchemy.orm import Session

from adoption.account_day_changes import ACTIVE_MONTHS, MANY_ISSUERS, packed_changes
from adoption.account_states import NOTICES, AccountPast, ConsentAct, Hold, SaidNotice, SentInvitation, Statement
from adoption.calendar_months import earlier, later
from store.accounts.account_notice import AccountNotice
from store.accounts.consent import Consent
from store.accounts.consumer import Enrolment
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.campaigns.campaign import Campaign
from store.campaigns.campaign_invitation import CampaignInvitation
from store.campaigns.household_arm import arms_of
from store.customers.customer_reference import CustomerReference
from store.db.bound_ids import is_among
from store.facts.counted_contribution import DaysOfBills, OfAccount
from store.facts.fact_trigger import COUNTED
from store.feeds.feed import OUT, Feed
from store.issuer import of_issuer

#: Queries of many *accounts*, written once: that takes as long as they run.
_SAID: Final = (
    select(
        CustomerAccount.id, CustomerAccount.issuer_id, CustomerReference.died_on, CustomerReference.closed_on,
        CustomerReference.paper_by_right, CustomerAccount.standing, CustomerAccount.bereavement_verdict,
    )
    .outerjoin(CustomerReference, CustomerReference.account_id == CustomerAccount.id)
    .where(is_among(CustomerAccount.id, "accounts"))
)  # fmt: skip
_HOLDS: Final = (
    select(Enrolment.account_id, Enrolment.consumer_id, Enrolment.enrolled_at, Enrolment.ended_at)
    .where(is_among(Enrolment.account_id, "accounts"))
    .order_by(Enrolment.consumer_id)
)
_ACTS: Final = select(Consent.account_id, Consent.at, Consent.id, Consent.act, Consent.basis).where(
    is_among(Consent.account_id, "accounts")
)
_NOTICES: Final = select(
    AccountNotice.account_id, AccountNotice.at, AccountNotice.id, AccountNotice.kind, AccountNotice.key
).where(is_among(AccountNotice.account_id, "accounts"), AccountNotice.kind.in_(NOTICES))
_INVITED: Final = (
    select(CampaignInvitation.account_id, CampaignInvitation.sent_at, Campaign.unit_cost)
    .join(Campaign, Campaign.id == CampaignInvitation.campaign_id)
    .where(is_among(CampaignInvitation.account_id, "accounts"), CampaignInvitation.sent_at.is_not(None))
)
#: What these *consumers* hold, of every issuer.
_HELD: Final = (
    select(Enrolment.consumer_id, CustomerAccount.issuer_id, Enrolment.enrolled_at, Enrolment.ended_at)
    .join(CustomerAccount, CustomerAccount.id == Enrolment.account_id)
    .where(is_among(Enrolment.consumer_id, "consumers"), of_issuer(CustomerAccount.issuer_id, None))
    .order_by(Enrolment.consumer_id, CustomerAccount.issuer_id, Enrolment.enrolled_at, Enrolment.account_id)
)


def account_figures(
    session: Session, billed: Mapping[int, DaysOfBills], zone: tzinfo, until: date
) -> dict[int, OfAccount]:
    """Return what each of these accounts adds to its issuer's figures up to this day, from its counted bills,
    enrolments, consents, notices, and what its issuer says."""
    said = _said_of(session, billed)
    holds, acts, notices = _holds_of(session, billed), _acts_of(session, billed), _notices_of(session, billed)
    elsewhere, arms, invited = _held_elsewhere(session, holds), arms_of(session, billed), _invited(session, billed)
    return {
        account_id: OfAccount(said[account_id][0], arms.get(account_id, ""), *packed_changes(
            AccountPast(
                days.issued, days.coded, tuple(hold for _, hold in holds.get(account_id, ())),
                tuple(acts.get(account_id, ())), tuple(notices.get(account_id, ())), said[account_id][1],
                tuple((own, elsewhere[who]) for who, own in holds.get(account_id, ()) if who in elsewhere),
                tuple(invited.get(account_id, ())),
            ),
            zone, until.toordinal(),
        ))
        for account_id, days in billed.items() if account_id in said
    }  # fmt: skip


def _said_of(session: Session, account_ids: Collection[int]) -> dict[int, tuple[int, Statement]]:
    """The issuer of each account, and what is said of it."""
    rows = _rows(session, _SAID, account_ids)
    return {
        account_id: (issuer_id, Statement(died_on, closed_on, right or "", standing, bereavement))
        for account_id, issuer_id, died_on, closed_on, right, standing, bereavement in rows
    }


def _rows(
    session: Session, query: Select[*tuple[Any, ...]], account_ids: Collection[int]
) -> Iterable[Row[*tuple[Any, ...]]]:
    """The rows of these *accounts*: read without the ORM, whose rows cost twice as much."""
    return session.connection().execute(query, {"accounts": account_ids})


def _holds_of(session: Session, account_ids: Collection[int]) -> dict[int, list[tuple[int, Hold]]]:
    """The holds of each account, each with its consumer."""
    holds: dict[int, list[tuple[int, Hold]]] = {}
    for account_id, consumer_id, since, until in _rows(session, _HOLDS, account_ids):
        holds.setdefault(account_id, []).append((consumer_id, Hold(since, until)))
    return holds


def _held_elsewhere(
    session: Session, holds: dict[int, list[tuple[int, Hold]]]
) -> dict[int, tuple[tuple[Hold, ...], ...]]:
    """What each of these consumers holds of each issuer; those with few issuers are left out."""
    consumers = {consumer_id for of_account in holds.values() for consumer_id, _ in of_account}
    if not consumers:
        return {}
    found: dict[int, dict[int, list[Hold]]] = defaultdict(lambda: defaultdict(list))
    for consumer_id, issuer_id, since, until in session.connection().execute(_HELD, {"consumers": consumers}):
        found[consumer_id][issuer_id].append(Hold(since, until))
    return {
        consumer_id: tuple(tuple(each) for each in issuers.values())
        for consumer_id, issuers in found.items()
        if len(issuers) >= MANY_ISSUERS
    }


def _acts_of(session: Session, account_ids: Collection[int]) -> dict[int, list[ConsentAct]]:
    acts: dict[int, list[ConsentAct]] = {}
    for account_id, at, n, act, basis in _rows(session, _ACTS, account_ids):
        acts.setdefault(account_id, []).append(ConsentAct(at, n, act, basis))
    return acts


def _notices_of(session: Session, account_ids: Collection[int]) -> dict[int, list[SaidNotice]]:
    notices: dict[int, list[SaidNotice]] = {}
    for account_id, at, n, kind, key in _rows(session, _NOTICES, account_ids):
        notices.setdefault(account_id, []).append(SaidNotice(at, n, kind, key))
    return notices


def _invited(session: Session, account_ids: Collection[int]) -> dict[int, list[SentInvitation]]:
    found: dict[int, list[SentInvitation]] = {}
    for account_id, at, cost in _rows(session, _INVITED, account_ids):
        if at is not None:
            found.setdefault(account_id, []).append(SentInvitation(at, cost))
    return found


def accounts_at_end(session: Session, month: date, zone: tzinfo) -> dict[int, dict[str, int]]:
    """Return the accounts, enrolled and paperless of each issuer at the end of *month*, midnight in *zone*."""
    end = datetime.combine(later(month), time.min, zone)
    query = (
        select(
            CustomerAccount.issuer_id,
            func.count().label("accounts"),
            func.sum(case((_is_held_at(end), 1), else_=0), type_=Integer).label("enrolled"),
            func.sum(case((_last_act_before(end) == "paperless", 1), else_=0), type_=Integer).label("paperless"),
        )
        .where(_is_active(month), of_issuer(CustomerAccount.issuer_id, None))
        .group_by(CustomerAccount.issuer_id)
    )
    return {
        row.issuer_id: {"accounts": row.accounts, "enrolled": row.enrolled, "paperless": row.paperless}
        for row in session.execute(query)
    }


def _is_active(month: date) -> ColumnElement[bool]:
    return (
        exists()
        .where(BillRow.account_id == CustomerAccount.id, BillRow.state.in_(COUNTED))
        .where(BillRow.issue_date >= earlier(month, ACTIVE_MONTHS - 1), BillRow.issue_date < later(month))
        .where(Feed.id == BillRow.feed_id, Feed.state.in_(OUT))
        .correlate(CustomerAccount)
    )


def _is_held_at(end: datetime) -> ColumnElement[bool]:
    return (
        exists()
        .where(Enrolment.account_id == CustomerAccount.id, Enrolment.enrolled_at < end)
        .where(Enrolment.ended_at.is_(None) | (Enrolment.ended_at >= end))
        .correlate(CustomerAccount)
    )


def _last_act_before(end: datetime) -> ColumnElement[str | None]:
    return (
        select(Consent.act)
        .where(Consent.account_id == CustomerAccount.id, Consent.at < end)
        .order_by(Consent.at.desc(), Consent.id.desc())
        .limit(1)
        .correlate(CustomerAccount)
        .scalar_subquery()
    )
