"""Sends one invitation by mail or SMS, for a claimed background job, through the channels that bills' messages go by.

At most once: the attempt is committed before the act, and what may have left is never sent again. Whoever is not to be
invited any more by then, is not.
"""

from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy.orm import Session

from adoption.campaigns.choose_households import INVITE_BY_MAIL, INVITE_BY_SMS
from adoption.campaigns.household_contact import HouseholdContact, contacts_of
from adoption.campaigns.invitation_message import invitation_links, invitation_mail, invitation_sms, kept_wording
from adoption.campaigns.judge_candidate import states_of
from adoption.campaigns.undisturbed import undisturbed
from adoption.campaigns.wordings import WORDINGS, InvitationWording
from bill import Reason
from consumers.paperless_consent import show_wording
from delivery.calendar.postal_calendar import Calendar
from delivery.channels.delivery_error import DeliveryError
from delivery.channels.email.email_message import write_mail
from delivery.channels.email.smtp.smtp_client import MailTransport
from delivery.channels.provider_health import ProviderHealth
from delivery.channels.sms.send_due_sms import SmsRoute
from delivery.channels.sms.sms_provider import Sms
from delivery.notices.notice_preference import preferences_of
from delivery.relationship.account_relationships import relationships_of
from store import Store
from store.accounts.account_notice import NewNotice, append_notice
from store.accounts.customer_account import CustomerAccount
from store.campaigns.campaign import Campaign
from store.campaigns.campaign_invitation import CampaignInvitation, InvitationState, change_invitation
from store.campaigns.stopped_contact import contact_digest, stop_invitations, stopped_accounts, stopped_contacts
from store.customers.customer_reference import references_of
from store.issuer import Issuer
from store.job import MOST_ATTEMPTS, Job, finish_job, postpone_job, put_off_job, retry_job
from store.vault.key_ring import KeyRing

#: Kinds of the jobs that send one.
INVITATION_JOBS: Final = (INVITE_BY_MAIL, INVITE_BY_SMS)
_NOT_NEEDED: Final = Reason("invitation_not_needed")
_IN_DOUBT: Final = Reason("invitation_in_doubt")
_REST: Final = Reason("invitation_at_rest")


class InvitationRoutes(NamedTuple):
    """By what invitations leave: the mail server, the provider of SMS, and whether each answers."""

    post: MailTransport
    relay: ProviderHealth
    sms: SmsRoute | None
    public_url: str


class _Message(NamedTuple):
    contact: HouseholdContact
    issuer: Issuer
    wording: InvitationWording
    invitation_id: int
    account_id: int
    campaign_id: int


def run_invitation_job(
    store: Store, job: Job, routes: InvitationRoutes, now: datetime, calendar: Calendar
) -> None:  # fmt: skip
    """Send the invitation of one claimed job and finish, postpone or retry the job; it waits for an hour at which it
    disturbs nobody."""
    with store.writing() as session:
        if (until := _not_before(session, job, now, calendar)) > now:
            put_off_job(session, job, until, _REST)
            return
        message = _begin(session, job, now, calendar)
        if message is None:
            finish_job(session, job.id, why=_NOT_NEEDED)
            return
    try:
        said = _send(job, message, routes, store.keys, now)
    except DeliveryError as error:
        _health(job, routes).record_result(error.kind, now)
        _note_failure(store, job, message, error, now)
        return
    _health(job, routes).record_success()
    with store.writing() as session:
        finish_job(session, job.id, said, sent_at=now)
        _end(session, message, "sent", sent_at=now)
        show_wording(session, kept_wording(message.wording, _lever(job)), now)
        append_notice(session, _notice(message, job, now))


def _not_before(session: Session, job: Job, now: datetime, calendar: Calendar) -> datetime:
    """When an invitation that waits may come to its reader; now for any other."""
    invitation = session.get_one(CampaignInvitation, job.particulars["invitation_id"])
    if invitation.state != "planned":
        return now
    address = session.get_one(CustomerAccount, invitation.account_id).postal_address
    pair = (invitation.consumer_id or 0, invitation.account_id)
    return undisturbed(now, _lever(job), address, calendar, preferences_of(session, [pair])[pair])


def _begin(session: Session, job: Job, now: datetime, calendar: Calendar) -> _Message | None:
    """Record the attempt; None where nothing is to be sent (any more). An attempt whose end nobody knows is in
    doubt."""
    invitation = session.get_one(CampaignInvitation, job.particulars["invitation_id"], populate_existing=True)
    if change_invitation(session, invitation.id, ["sending"], "in_doubt", reason=_IN_DOUBT, sent_at=now):
        return None
    campaign = session.get_one(Campaign, invitation.campaign_id)
    contact = _contact(session, campaign, invitation, now, calendar)
    if contact is None:
        change_invitation(session, invitation.id, ["planned"], "cancelled", reason=_NOT_NEEDED)
        return None
    if not change_invitation(session, invitation.id, ["planned"], "sending"):
        return None
    issuer, wording = session.get_one(Issuer, campaign.issuer_id), WORDINGS[invitation.arm]
    return _Message(contact, issuer, wording, invitation.id, invitation.account_id, campaign.id)


def _contact(
    session: Session, campaign: Campaign, invitation: CampaignInvitation, now: datetime, calendar: Calendar
) -> HouseholdContact | None:
    """Whom to write to now; None where the campaign is over, the account is not to be invited any more, or its contact
    is another by now."""
    account_id = invitation.account_id
    if campaign.state != "running":
        return None
    relationship = relationships_of(session, [account_id], now, calendar)[account_id]
    if relationship.state not in states_of(campaign.segment, campaign.lever):
        return None
    references = references_of(session, [account_id])
    contact = contacts_of(session, [account_id], references, "sms" if campaign.lever == "sms" else "email").get(
        account_id
    )
    if contact is None or contact.has_failed or contact_digest(contact.to) != invitation.contact_digest:
        return None
    is_stopped = stopped_accounts(session, [account_id]) or stopped_contacts(session, [contact.to])
    return None if is_stopped else contact


def _send(job: Job, message: _Message, routes: InvitationRoutes, keys: KeyRing, now: datetime) -> str:
    """Hand it over. Returns the provider's answer; raises DeliveryError."""
    links = invitation_links(keys, routes.public_url, message.invitation_id)
    if job.kind == INVITE_BY_SMS:
        return _send_sms(
            job, message, routes.sms, invitation_sms(message.wording, message.issuer, message.contact, links)
        )
    words = invitation_mail(message.wording, message.issuer, message.contact, links)
    post = routes.post
    try:
        return post.send(write_mail(words, post.sender, message.contact.to, f"<e{job.id}@{post.host}>", now),
                         message.contact.to)  # fmt: skip
    finally:
        post.hang_up()


def _send_sms(job: Job, message: _Message, route: SmsRoute | None, text: str) -> str:
    if route is None or route.provider is None:
        raise DeliveryError("refused", "no provider of SMS is configured")
    try:
        return route.provider.send(Sms(to=message.contact.to, text=text, reference=f"i{job.id}")).words
    finally:
        route.provider.hang_up()


def _health(job: Job, routes: InvitationRoutes) -> ProviderHealth:
    return routes.sms.health if job.kind == INVITE_BY_SMS and routes.sms is not None else routes.relay


def _note_failure(store: Store, job: Job, message: _Message, error: DeliveryError, now: datetime) -> None:
    refused = Reason.of("invitation_refused", answer=str(error))
    with store.writing() as session:
        if error.kind == "in_doubt":
            finish_job(session, job.id, why=_IN_DOUBT)
            _end(session, message, "in_doubt", reason=_IN_DOUBT, sent_at=now)
        elif error.kind == "refused" or (error.kind == "later" and job.attempts >= MOST_ATTEMPTS):
            finish_job(session, job.id, why=refused)
            _end(session, message, "failed", reason=refused)
            if error.kind == "refused":
                stop_invitations(session, message.account_id, contact_digest(message.contact.to), "came_back", now)
        else:
            _end(session, message, "planned")
            later = postpone_job if error.kind in {"down", "busy"} else retry_job
            later(session, job, now, refused)


def _end(session: Session, message: _Message, to: InvitationState, **also: Any) -> None:
    change_invitation(session, message.invitation_id, ["sending"], to, **also)


def _lever(job: Job) -> Any:
    return "sms" if job.kind == INVITE_BY_SMS else "email"


def _notice(message: _Message, job: Job, now: datetime) -> NewNotice:
    return NewNotice(
        account_id=message.account_id, kind="invited", at=now, consumer_id=message.contact.consumer_id,
        key=f"campaign {message.campaign_id}", by=f"issuer {message.issuer.slug}", channel=_lever(job),
        wording=kept_wording(message.wording, _lever(job)).version,
    )  # fmt: skip
