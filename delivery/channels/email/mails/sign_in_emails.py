"""Sends account e-mails that somebody waits for: address confirmation, password reset, invitations, notices, an
answer to a request to pay in parts or to a question, a direct debit mandate, a payment that failed, an archive that is
ready, an issuer's endpoint that was disabled."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from sqlalchemy.orm import Session

from bill import Reason
from delivery.bill_forwarding.forward_mails import forward_ended_words, forward_question
from delivery.calendar.postal_calendar import Calendar
from delivery.channels.delivery_error import DeliveryError
from delivery.channels.email.email_message import one_line, write_mail
from delivery.channels.email.email_text import EmailText
from delivery.channels.email.mails.address_question import address_question_words
from delivery.channels.email.mails.archive_ready import archive_ready_words
from delivery.channels.email.mails.default_on_notice import default_notice_mail, note_default_mail
from delivery.channels.email.mails.enquiry_answer import enquiry_answer_words
from delivery.channels.email.mails.failed_payment import failed_payment_words
from delivery.channels.email.mails.greeting import greeting
from delivery.channels.email.mails.holder_emails import holder_words
from delivery.channels.email.mails.linked_identity import linked_identity_words
from delivery.channels.email.mails.mail_reader import reader_of_account
from delivery.channels.email.mails.mails_of_space import MAILS_OF_SPACE, mail_of_space
from delivery.channels.email.mails.mandate_copy import mandate_copy_words
from delivery.channels.email.mails.new_device import new_device_words
from delivery.channels.email.mails.paper_again_confirmation import paper_again_words
from delivery.channels.email.mails.plan_answer import plan_answer_words
from delivery.channels.email.mails.reader_grant import reader_grant_mail
from delivery.channels.email.mails.received_mail_answer import received_mail_words
from delivery.channels.email.mails.second_factor_emails import second_factor_mail
from delivery.channels.email.mails.suitability_question import suitability_words
from delivery.channels.email.smtp.smtp_client import MailTransport
from delivery.channels.provider_health import ProviderHealth
from delivery.feedback.undelivered_mail import mail_undelivered
from delivery.relationship.default_notices import JOB as DEFAULT_NOTICE
from payments.amounts_due import amounts_due
from store import Store
from store.accounts.address_suppression import accounts_to_ask
from store.accounts.consumer import Consumer, holders_of, is_suspended
from store.accounts.customer_account import CustomerAccount
from store.accounts.joint_holder_notice import HolderNotice
from store.accounts.one_time_email_link import (
    confirmation_link,
    invitation_link,
    mail_stop_link,
    reset_link,
    staff_reset_link,
    staff_unknown_device_link,
    unknown_device_link,
)
from store.accounts.sign_up import SignUp
from store.accounts.stopped_mail import YEARLY_QUESTION, who_stopped
from store.accounts.suitability_event import open_questions
from store.bill_archives.bill_archive import archive_of
from store.bill_forwarding.forward_address import ForwardAddress
from store.bills.bill import BillRow
from store.bills.bill_enquiry import Enquiry, entries_of
from store.issuer import Issuer
from store.job import Job, finish_job, postpone_job, retry_job
from store.outbox.webhook_endpoint import WebhookEndpoint
from store.payments.debit_mandate import DebitMandate
from store.payments.payment_plan import PlanRequest
from store.public_id import PublicIds
from store.received_mail.received_mail import MailWithBills
from store.staff_member import Staff
from store.vault.key_ring import KeyRing
from words.catalogue import LANGUAGES, N_, known_language, say


def run_mail_job(
    store: Store, job: Job, post: MailTransport, public_url: str, now: datetime,
    relay: ProviderHealth | None = None, calendar: Calendar | None = None,
) -> None:  # fmt: skip
    """Send the e-mail of one claimed job and finish, postpone or retry the job.

    While the mail server is down or busy the job is postponed, however long that lasts; another failure is retried; a
    refusal, or a job whose person is gone, finishes it with the reason. *relay* records whether the server answered;
    *calendar* tells on which day a moment is.
    """
    relay = relay or ProviderHealth()
    sending = _Sending(public_url, calendar or Calendar(), now, store.keys, store.public_ids)
    with store.reading() as session:
        asked = _asked(session, job.kind, job.particulars, store.keys, sending)
    if asked is None:
        with store.writing() as session:
            finish_job(session, job.id, why=Reason("email_moot"))
        return
    to, words = asked
    try:
        said = post.send(write_mail(words, post.sender, to, f"<e{job.id}@{post.host}>", now), to)
    except DeliveryError as error:
        relay.record_result(error.kind, now)
        with store.writing() as session:
            if error.kind == "refused":
                finish_job(session, job.id, why=Reason.of("email_not_taken", answer=str(error)))
                mail_undelivered(session, job, str(error), now, is_gone=True)
            else:
                later = postpone_job if error.kind in {"down", "busy"} else retry_job
                later(session, job, now, Reason.of("email_later", answer=str(error)))
        return
    finally:
        post.hang_up()
    relay.record_success()
    with store.writing() as session:
        finish_job(session, job.id, said, sent_at=now)
        if job.kind == DEFAULT_NOTICE:
            note_default_mail(session, job.particulars, now, None)


class _Sending(NamedTuple):
    """Where links lead, the calendar that tells days, the moment, the keys that sign links, and the public ids."""

    public_url: str
    calendar: Calendar
    now: datetime
    keys: KeyRing
    ids: PublicIds

    def day_of(self, moment: datetime) -> date:
        return self.calendar.day_of(moment)

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.calendar.time_zone))


def _asked(
    session: Session, kind: str, particulars: dict[str, Any], keys: KeyRing, sending: _Sending
) -> tuple[str, EmailText] | None:
    """Return the address to write to and the text, or None when the e-mail makes no sense any more."""
    public_url = sending.public_url
    match kind, particulars:
        case "already_signed_up", {"email": str(email)}:
            return email, _already(public_url)
        case (("confirm" | "reset"), {"consumer_id": int(consumer_id)}):
            consumer = session.get(Consumer, consumer_id)
            return _to_consumer(session, kind, consumer, particulars, keys, public_url) if consumer else None
        case (
            (
                "holder_notice"
                | "grant_invitation"
                | "grant_accepted"
                | "forward_asked"
                | "forward_ended"
                | "mail_answered"
            ),
            _,
        ):
            return _asked_of_others(session, kind, particulars, sending)
        case "default_notice", {"account_id": int(account_id), "consumer_id": int(consumer_id)}:
            return default_notice_mail(
                session, account_id, consumer_id, keys, public_url, sending.now, sending.calendar
            )
        case "invite", {"staff_id": int(staff_id)}:
            staff = session.get(Staff, staff_id)
            if staff is None or staff.closed_at is not None:
                return None
            issuer = session.get(Issuer, staff.issuer_id) if staff.issuer_id is not None else None
            return staff.email, _invitation(staff, issuer.name if issuer else "Facteur", keys, public_url)
        case "staff_reset", {"staff_id": int(staff_id)}:
            staff = session.get(Staff, staff_id)
            if staff is None or staff.closed_at is not None or staff.password_hash is None:
                return None
            url = f"{public_url}/equipe/mot-de-passe/{staff_reset_link(keys, staff)}"
            return staff.email, _in_languages(_languages_of(staff), _RESET, url)
        case "webhook_disabled", {"staff_id": int(staff_id), "endpoint_id": int(endpoint_id)}:
            return _to_member(session, staff_id, endpoint_id, public_url)
    of_factors = second_factor_mail(session, kind, particulars, keys, public_url)
    return of_factors or _asked_of_signed_in(session, kind, particulars, sending)


def _asked_of_others(
    session: Session, kind: str, particulars: dict[str, Any], sending: _Sending
) -> tuple[str, EmailText] | None:
    """What somebody else did: another holder, an owner who invites, a reader who accepts, or who has bills forwarded to
    an address, and that address."""
    match particulars:
        case {"forward_id": int(forward_id), "consumer_id": int(consumer_id)}:
            return _to_owner_of_forward(session, consumer_id, forward_id, sending.public_url)
        case {"mail_id": int(mail_id), "consumer_id": int(consumer_id)}:
            return _to_sender_of_bills(session, consumer_id, mail_id, sending.public_url)
        case {"forward_id": int(forward_id)}:
            return _to_forward_address(session, forward_id, sending)
        case {"notice_id": int(notice_id)}:
            return _to_holder(session, notice_id, sending)
        case {"grant_id": int(grant_id)}:
            return reader_grant_mail(
                session, kind, grant_id, sending.public_url, sending.now, sending.day_of(sending.now)
            )
    return None


def _asked_of_signed_in(
    session: Session, kind: str, particulars: dict[str, Any], sending: _Sending
) -> tuple[str, EmailText] | None:
    """Return the same of mails to people who have signed in before."""
    match kind, particulars:
        case (("new_device" | "identity_linked"), _):
            return _of_signing_in(session, kind, particulars, sending)
        case "mandate", {"mandate_id": int(mandate_id), "state": str(state)}:
            return _to_signer(session, mandate_id, state, sending)
        case "paper_again", {"account_id": int(account_id), "consumer_id": int(consumer_id), "by": str(by)}:
            return _to_returned(session, account_id, consumer_id, date.fromisoformat(by), sending.public_url)
        case "suitability_check", {"account_id": int(account_id), "consumer_id": int(consumer_id), "due_on": str(day)}:
            return _to_asked(session, account_id, consumer_id, date.fromisoformat(day), sending)
        case "address_question", {"account_id": int(account_id), "consumer_id": int(consumer_id)}:
            return _to_moved(session, account_id, consumer_id, sending.public_url)
        case "plan_answered", {"plan_id": int(plan_id)}:
            return _to_asker(session, plan_id, sending.public_url)
        case "question_answered", {"enquiry_id": int(enquiry_id), "entry": int(n)}:
            return _to_enquirer(session, enquiry_id, n, sending)
        case "payment_failed", {"bill_id": int(bill_id), "consumer_id": int(consumer_id)}:
            return _to_payer(session, bill_id, consumer_id, sending)
    return _asked_of_own_copies(session, kind, particulars, sending)


def _asked_of_own_copies(
    session: Session, kind: str, particulars: dict[str, Any], sending: _Sending
) -> tuple[str, EmailText] | None:
    """Return the same of mails about bills that people keep elsewhere."""
    match kind, particulars:
        case "forward_asked", {"forward_id": int(forward_id)}:
            return _to_forward_address(session, forward_id, sending)
        case "forward_ended", {"consumer_id": int(consumer_id), "forward_id": int(forward_id)}:
            return _to_owner_of_forward(session, consumer_id, forward_id, sending.public_url)
        case "archive_ready", {"consumer_id": int(consumer_id), "archive_id": int(archive_id)}:
            return _to_taker(session, consumer_id, archive_id, sending)
    return mail_of_space(session, kind, particulars, sending) if kind in MAILS_OF_SPACE else None


def _to_taker(
    session: Session, consumer_id: int, archive_id: int, sending: _Sending
) -> tuple[str, EmailText] | None:  # fmt: skip
    """Return None when who asked for an archive cannot be e-mailed, or it is there no longer."""
    reader, archive = session.get(Consumer, consumer_id), archive_of(session, consumer_id, sending.now)
    if reader is None or not reader.can_be_mailed or archive is None:
        return None
    if archive.row.id != archive_id or archive.state != "ready":
        return None
    until = sending.day_of(archive.row.expires_at - timedelta(days=1))
    return reader.email, archive_ready_words(reader, archive.row.bills_done, until, sending.public_url)


def _to_member(session: Session, staff_id: int, endpoint_id: int, public_url: str) -> tuple[str, EmailText] | None:
    """Return None when the member is gone, or the endpoint is enabled again."""
    staff, endpoint = session.get(Staff, staff_id), session.get(WebhookEndpoint, endpoint_id)
    if staff is None or staff.closed_at is not None or endpoint is None or endpoint.state == "enabled":
        return None
    return staff.email, _in_languages(
        _languages_of(staff), _WEBHOOK_DISABLED, f"{public_url}/equipe/", address=endpoint.url
    )


def _of_signing_in(
    session: Session, kind: str, particulars: dict[str, Any], sending: _Sending
) -> tuple[str, EmailText] | None:
    if kind == "new_device":
        return _to_signed_in(session, particulars["session_id"], particulars, sending)
    reader = session.get(Consumer, particulars["consumer_id"])
    if reader is None or not reader.can_be_mailed:
        return None
    url, language = f"{sending.public_url}/profil/identites", known_language(reader.language)
    return reader.email, linked_identity_words(reader.name, particulars["provider"], url, language)


def _to_signed_in(
    session: Session, session_row: int, seen: dict[str, Any], sending: _Sending
) -> tuple[str, EmailText] | None:  # fmt: skip
    """Return None when who signed in cannot be e-mailed, or is gone."""
    at = sending.local(datetime.fromisoformat(seen["at"]))
    if "staff_id" in seen:
        staff = session.get(Staff, seen["staff_id"])
        if staff is None or staff.closed_at is not None:
            return None
        url = f"{sending.public_url}/equipe/appareil-inconnu/"
        url += staff_unknown_device_link(sending.keys, staff, session_row)
        return staff.email, new_device_words("", seen["device"], at, url, known_language(staff.language))
    reader = session.get(Consumer, seen["consumer_id"])
    if reader is None or not reader.can_be_mailed:
        return None
    url = f"{sending.public_url}/appareil-inconnu/{unknown_device_link(sending.keys, reader, session_row)}"
    return reader.email, new_device_words(reader.name, seen["device"], at, url, known_language(reader.language))


def _to_holder(
    session: Session, notice_id: int, sending: _Sending
) -> tuple[str, EmailText] | None:  # fmt: skip
    """Return None when the holder cannot be e-mailed or is suspended from the account."""
    notice = session.get(HolderNotice, notice_id)
    reader = session.get(Consumer, notice.consumer_id) if notice else None
    if notice is None or reader is None or not reader.can_be_mailed:
        return None
    if notice.kind != "removed" and is_suspended(session, reader.id, notice.account_id):
        return None
    account = session.get_one(CustomerAccount, notice.account_id)
    issuer = session.get_one(Issuer, account.issuer_id)
    to = reader_of_account(session, reader, account.id)
    return reader.email, holder_words(notice, to, account, issuer, sending.day_of(notice.at), sending.public_url)


def _to_returned(
    session: Session, account_id: int, consumer_id: int, by: date, public_url: str
) -> tuple[str, EmailText] | None:
    """Return None when who asked for paper again cannot be e-mailed."""
    reader = session.get(Consumer, consumer_id)
    if reader is None or not reader.can_be_mailed:
        return None
    account = session.get_one(CustomerAccount, account_id)
    issuer = session.get_one(Issuer, account.issuer_id)
    to = reader_of_account(session, reader, account.id)
    return reader.email, paper_again_words(to, account, issuer, by, public_url)


def _to_asked(
    session: Session, account_id: int, consumer_id: int, due_on: date, sending: _Sending
) -> tuple[str, EmailText] | None:
    """Return None when the yearly question needs no answer any more, or the holder cannot be e-mailed or has stopped
    this e-mail."""
    reader, account = session.get(Consumer, consumer_id), session.get_one(CustomerAccount, account_id)
    question = open_questions(session, [account_id]).get(account_id)
    if reader is None or not reader.can_be_mailed or not account.paperless:
        return None
    if question is None or question.due_on != due_on or who_stopped(session, [consumer_id], YEARLY_QUESTION):
        return None
    issuer = session.get_one(Issuer, account.issuer_id)
    to = reader_of_account(session, reader, account.id)
    stop_url = f"{sending.public_url}/desabonnement/{mail_stop_link(sending.keys, consumer_id, YEARLY_QUESTION)}"
    return reader.email, suitability_words(to, account, issuer, due_on, f"{sending.public_url}/contrats", stop_url)


def _to_moved(
    session: Session, account_id: int, consumer_id: int, public_url: str
) -> tuple[str, EmailText] | None:  # fmt: skip
    """Return None when another address is known, or the holder cannot be e-mailed or holds the account no longer."""
    reader, account = session.get(Consumer, consumer_id), session.get_one(CustomerAccount, account_id)
    if reader is None or not reader.can_be_mailed or not _holds(session, account_id, consumer_id):
        return None
    if not accounts_to_ask(session, [account]):
        return None
    issuer = session.get_one(Issuer, account.issuer_id)
    return reader.email, address_question_words(
        reader_of_account(session, reader, account_id), account, issuer, public_url
    )


def _to_signer(session: Session, mandate_id: int, state: str, sending: _Sending) -> tuple[str, EmailText] | None:
    """Return None when the signer of a direct debit mandate cannot be e-mailed."""
    mandate = session.get(DebitMandate, mandate_id)
    reader = session.get(Consumer, mandate.consumer_id) if mandate else None
    if mandate is None or reader is None or not reader.can_be_mailed:
        return None
    issuer = session.get_one(Issuer, mandate.issuer_id)
    at = mandate.signed_at if state == "signed" else mandate.revoked_at
    assert at is not None
    to = reader_of_account(session, reader, mandate.account_id)
    return reader.email, mandate_copy_words(mandate, state, to, issuer, sending.day_of(at), sending.public_url)


def _to_asker(session: Session, plan_id: int, public_url: str) -> tuple[str, EmailText] | None:
    """Return None when who asked to pay in several parts cannot be e-mailed, or holds the account no longer."""
    plan = session.get(PlanRequest, plan_id)
    reader = session.get(Consumer, plan.consumer_id) if plan else None
    if plan is None or reader is None or not reader.can_be_mailed or plan.state not in {"granted", "refused"}:
        return None
    bill = session.get_one(BillRow, plan.bill_id)
    if not _holds(session, bill.account_id, reader.id):
        return None
    issuer = session.get_one(Issuer, plan.issuer_id)
    to = reader_of_account(session, reader, bill.account_id)
    return reader.email, plan_answer_words(plan, bill, to, issuer, public_url)


def _to_enquirer(session: Session, enquiry_id: int, n: int, sending: _Sending) -> tuple[str, EmailText] | None:
    """Return None when who asked about a bill has read the answer, or written again, or cannot be e-mailed, or holds
    the account no longer."""
    enquiry = session.get(Enquiry, enquiry_id)
    reader = session.get(Consumer, enquiry.consumer_id) if enquiry else None
    if enquiry is None or reader is None or not reader.can_be_mailed or not enquiry.is_news:
        return None
    bill = session.get_one(BillRow, enquiry.bill_id)
    if enquiry.entries != n or not _holds(session, bill.account_id, reader.id):
        return None
    answer = entries_of(session, [enquiry_id])[enquiry_id][-1]
    to, issuer = reader_of_account(session, reader, bill.account_id), session.get_one(Issuer, enquiry.issuer_id)
    url = f"{sending.public_url}/questions/{sending.ids.of('enquiry', enquiry_id)}"
    return reader.email, enquiry_answer_words(answer, bill, to, issuer, url)


def _to_payer(session: Session, bill_id: int, consumer_id: int, sending: _Sending) -> tuple[str, EmailText] | None:
    """Return None when the bill asks for nothing by hand any more, or this consumer cannot be e-mailed or holds its
    account no longer."""
    reader, bill = session.get(Consumer, consumer_id), session.get_one(BillRow, bill_id)
    if reader is None or not reader.can_be_mailed or not _holds(session, bill.account_id, reader.id):
        return None
    due = amounts_due(session, [bill], sending.day_of(sending.now))[bill.id]
    if not due.is_asking or due.setback is None:
        return None
    to = reader_of_account(session, reader, bill.account_id)
    return reader.email, failed_payment_words(
        due, bill, to, session.get_one(Issuer, bill.issuer_id), sending.public_url
    )


def _to_forward_address(session: Session, forward_id: int, sending: _Sending) -> tuple[str, EmailText] | None:
    """Return None when the address was asked before, or has ended."""
    forward = session.get(ForwardAddress, forward_id)
    if forward is None or forward.state != "asked":
        return None
    owner = session.get_one(Consumer, forward.consumer_id)
    return forward.email, forward_question(session, forward, owner, sending.keys, sending.public_url)


def _to_sender_of_bills(
    session: Session, consumer_id: int, mail_id: int, public_url: str
) -> tuple[str, EmailText] | None:
    """Return None when whose address got the mail cannot be e-mailed."""
    owner, mail = session.get(Consumer, consumer_id), session.get(MailWithBills, mail_id)
    if owner is None or mail is None or not owner.can_be_mailed:
        return None
    return owner.email, received_mail_words(mail, owner, public_url)


def _to_owner_of_forward(
    session: Session, consumer_id: int, forward_id: int, public_url: str
) -> tuple[str, EmailText] | None:
    """Return None when the owner cannot be e-mailed."""
    owner, forward = session.get(Consumer, consumer_id), session.get(ForwardAddress, forward_id)
    if owner is None or forward is None or not owner.can_be_mailed:
        return None
    return owner.email, forward_ended_words(forward, owner, public_url)


def _holds(session: Session, account_id: int, consumer_id: int) -> bool:
    return consumer_id in {each.id for each in holders_of(session, [account_id]).get(account_id, [])}


def _to_consumer(
    session: Session, kind: str, consumer: Consumer, particulars: dict[str, Any], keys: KeyRing, public_url: str
) -> tuple[str, EmailText] | None:
    """The link is valid for the password epoch in which it was asked for, whatever happened since."""
    if consumer.is_erased:
        return None
    epoch = int(particulars.get("epoch", consumer.session_epoch))
    if kind == "reset":
        return consumer.email, _reset(
            consumer.language, f"{public_url}/mot-de-passe/{reset_link(keys, consumer, epoch)}"
        )
    asker = consumer if consumer.confirmed_at is not None else session.get(SignUp, (consumer.id, epoch))
    if asker is None:
        return None
    url = f"{public_url}/inscription/confirmer/{confirmation_link(keys, consumer, epoch)}"
    return consumer.email, _confirmation(asker, url)


def _confirmation(asker: Consumer | SignUp, url: str) -> EmailText:
    """Say nothing of what was typed to sign up: anybody may have typed this address."""
    language = known_language(asker.language)
    step = say("Encore un geste et votre espace est ouvert : confirmez que cette adresse est la vôtre.", language)
    return EmailText(
        subject=say("Confirmez votre adresse", language),
        before=(greeting("" if isinstance(asker, SignUp) else asker.name, language), step),
        label=say("Confirmer mon adresse", language),
        url=url,
        after=(say("Vous n’avez rien demandé ? Ne faites rien : sans ce geste, rien n’est ouvert.", language),),
        language=language,
    )


def _reset(language: str, url: str) -> EmailText:
    return _in_languages([known_language(language)], _RESET, url)


def _already(public_url: str) -> EmailText:
    """Pages must not reveal that the address is known; whose it is may not be who asked."""
    words = _in_languages(LANGUAGES, _ALREADY, f"{public_url}/connexion")
    return replace(words, after=(f"{words.after[0]}\n{public_url}/mot-de-passe-oublie",))


def _invitation(staff: Staff, issuer: str, keys: KeyRing, public_url: str) -> EmailText:
    """Whoever invites must not learn that the address is another team's; whoever has it may."""
    if staff.is_elsewhere:
        sign_in = f"{public_url}/equipe/connexion"
        return _in_languages(_languages_of(staff), _INVITED_ELSEWHERE, sign_in, issuer=one_line(issuer))
    url = f"{public_url}/equipe/invitation/{invitation_link(keys, staff)}"
    return _in_languages(_languages_of(staff), _INVITATION, url, issuer=one_line(issuer))


def _languages_of(staff: Staff) -> Sequence[str]:
    return [staff.language] if staff.language in LANGUAGES else LANGUAGES


class _Sentences(NamedTuple):
    """An e-mail's sentences in French: the subject, what it tells, the link's label, what stands below."""

    subject: str
    told: str
    label: str
    after: str = ""


_RESET: Final = _Sentences(
    subject=N_("Un nouveau mot de passe"),
    told=N_("Vous avez demandé un nouveau mot de passe. Ce lien est valable deux heures, une seule fois."),
    label=N_("Choisir un mot de passe"),
    after=N_("Ce n’était pas vous ? Ne faites rien : votre mot de passe reste le même."),
)
_ALREADY: Final = _Sentences(
    subject=N_("Vous avez déjà un espace"),
    told=N_("Quelqu’un, sans doute vous, vient de s’inscrire avec cette adresse : elle a déjà un espace."),
    label=N_("Se connecter"),
    after=N_("Mot de passe oublié :"),
)
_INVITATION: Final = _Sentences(
    subject=N_("Votre accès à {issuer}"),
    told=N_("Vous êtes invité à rejoindre l’équipe {issuer}. Ce lien est valable deux semaines."),
    label=N_("Choisir mon mot de passe"),
)
_INVITED_ELSEWHERE: Final = _Sentences(
    subject=N_("Votre accès à {issuer}"),
    told=N_(
        "Vous êtes invité à rejoindre l’équipe {issuer}. Mais votre adresse est déjà celle d’une autre équipe, et une "
        "adresse n’est que d’une seule : demandez à être invité à une autre adresse. Qui vous invite n’en sait rien."
    ),
    label=N_("Se connecter"),
)
_WEBHOOK_DISABLED: Final = _Sentences(
    subject=N_("Vos événements n’arrivent plus"),
    told=N_(
        "Votre adresse {address} n’accepte plus nos messages : nous n’y envoyons plus d’événements. "
        "Ils sont gardés, et partiront quand elle sera réactivée."
    ),
    label=N_("Voir ce qui attend"),
)


def _in_languages(languages: Sequence[str], sentences: _Sentences, url: str, **values: str) -> EmailText:
    """The text in one language, or in all of them one after the other, where nobody's is known."""
    said = [_Sentences(*(say(each, language, **values) for each in sentences)) for language in languages]
    before = ((greeting("", language), each.told) for language, each in zip(languages, said, strict=True))
    after = " / ".join(filter(None, (each.after for each in said)))
    return EmailText(
        subject=" / ".join(each.subject for each in said),
        before=tuple(chain.from_iterable(before)),
        label=" / ".join(each.label for each in said),
        url=url,
        after=(after,) if after else (),
        language=languages[0],
    )
