"""A holder objects to bills without paper by default: free of charge, without a reason, before they come and at any
time after."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from delivery.calendar.postal_calendar import Calendar
from delivery.relationship.default_notices import told_holders
from delivery.relationship.default_wording import DEFAULT_ON
from delivery.relationship.months_after import months_after
from delivery.return_to_paper import return_to_paper
from issuers.policy_clocks import policy_clocks
from issuers.registry import profile_of
from store.accounts.account_notice import NewNotice, NoticeChannel, append_notice, notices_of
from store.accounts.consumer import Consumer, accounts_of, is_holder
from store.accounts.customer_account import CustomerAccount
from store.campaigns.default_campaign import asked_by_campaign
from store.db.event import record
from store.db.row_locks import ROW_LOCK
from store.issuer import Issuer, issuers_by_id


class OpenDefault(NamedTuple):
    """A notice that runs: nobody has objected, and the account is on paper until *begins_on*."""

    account: CustomerAccount
    issuer: Issuer
    begins_on: date


def object_to_default(
    session: Session, account_id: int, consumer_id: int, now: datetime, calendar: Calendar, channel: NoticeChannel
) -> bool:
    """Keep the account on paper, or bring it back there. Returns False if the consumer does not hold it; objecting
    twice is as once. Send the wake-up signal after the commit."""
    account = session.get(CustomerAccount, account_id, with_for_update=ROW_LOCK, populate_existing=True)
    consumer = session.get(Consumer, consumer_id)
    if account is None or consumer is None:
        return False
    if not is_holder(session, account_id, consumer_id):
        return False
    by = f"consumer {consumer_id}"
    objected = NewNotice(
        account_id=account_id, kind="objected", at=now, key=f"{by} {calendar.day_of(now).isoformat()}",
        consumer_id=consumer_id, by=by, channel=channel, basis="objection", wording=DEFAULT_ON.version,
    )  # fmt: skip
    if append_notice(session, objected):
        record(session, "account", account_id, "objected", now, by=by, why=DEFAULT_ON.version)
    if account.paperless:
        return_to_paper(session, account, consumer, now, calendar)
    return True


def open_defaults(session: Session, consumer_id: int, now: datetime, calendar: Calendar) -> list[OpenDefault]:
    """The notices that run for the accounts of this consumer, whoever of its holders was told."""
    accounts = {each.id: each for each in accounts_of(session, consumer_id) if not each.paperless}
    issuers = issuers_by_id(session, {each.issuer_id for each in accounts.values()})
    asked = {key for key, each in accounts.items() if profile_of(issuers[each.issuer_id]).policy.default_on}
    asked |= asked_by_campaign(session, accounts.keys() - asked)
    if not asked:
        return []
    sent: dict[int, datetime] = {}
    for (account_id, _), told in told_holders(session, asked, now).items():
        if told.is_told and told.sent_at is not None:
            sent[account_id] = max(told.sent_at, sent.get(account_id, told.sent_at))
    for account_id, notices in notices_of(session, sent).items():
        if any(each.kind == "objected" and each.at >= sent[account_id] for each in notices):
            del sent[account_id]
    return [
        OpenDefault(accounts[each], issuer, default_begins_on(issuer, at, calendar))
        for each, at in sorted(sent.items())
        for issuer in [issuers[accounts[each].issuer_id]]
    ]


def default_begins_on(issuer: Issuer, sent_at: datetime, calendar: Calendar) -> date:
    """The day from which bills come without paper, for a notice that leaves at this moment."""
    return months_after(calendar.day_of(sent_at), policy_clocks(profile_of(issuer)).notice_months)
