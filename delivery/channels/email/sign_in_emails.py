"""Sends account e-mails that the portal asks for: address confirmation, password reset, invitation, notices."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from delivery.channels.email.email_message import EmailText, MailError, one_line, write_mail
from delivery.channels.email.greeting import greeting
from delivery.channels.email.holder_emails import holder_words
from delivery.channels.email.relay_health import Relay
from delivery.channels.email.smtp_client import MailTransport
from store import Store
from store.accounts.consumer import Consumer, is_suspended
from store.accounts.customer_account import CustomerAccount
from store.accounts.joint_holder_notice import HolderNotice
from store.accounts.one_time_email_link import confirmation_link, invitation_link, reset_link, staff_reset_link
from store.accounts.sign_up import SignUp
from store.issuer import Issuer
from store.job import Job, finish_job, postpone_job, retry_job
from store.staff_member import Staff
from store.vault.key_ring import KeyRing
from words.catalogue import LANGUAGES, N_, known_language, say


def run_mail_job(
    store: Store, job: Job, post: MailTransport, public_url: str, now: datetime,
    relay: Relay | None = None,
) -> None:  # fmt: skip
    """Send the e-mail of one claimed job and finish, postpone or retry the job.

    While the mail server is down or busy the job is postponed, however long that lasts; another failure is retried; a
    refusal, or a job whose person is gone, finishes it with the reason. *relay* records whether the server answered.
    """
    relay = relay or Relay()
    with store.reading() as session:
        asked = _asked(session, job.kind, job.particulars, store.keys, public_url)
    if asked is None:
        with store.writing() as session:
            finish_job(session, job.id, "sans objet : la personne n’est plus là, ou la demande est inconnue")
        return
    to, words = asked
    try:
        said = post.send(write_mail(words, post.sender, to, f"<e{job.id}@{post.host}>", now), to)
    except MailError as error:
        relay.record_result(error.kind, now)
        with store.writing() as session:
            if error.kind == "refused":
                finish_job(session, job.id, f"refusé : {error}")
            elif error.kind in {"down", "busy"}:
                postpone_job(session, job, now, str(error))
            else:
                retry_job(session, job, now, str(error))
        return
    finally:
        post.hang_up()
    relay.record_success()
    with store.writing() as session:
        finish_job(session, job.id, said)


def _asked(
    session: Session, kind: str, particulars: dict[str, Any], keys: KeyRing, public_url: str
) -> tuple[str, EmailText] | None:
    """Return the address to write to and the text, or None when the e-mail makes no sense any more."""
    match kind, particulars:
        case "already_signed_up", {"email": str(email)}:
            return email, _already(public_url)
        case (("confirm" | "reset"), {"consumer_id": int(consumer_id)}):
            consumer = session.get(Consumer, consumer_id)
            return _to_consumer(session, kind, consumer, particulars, keys, public_url) if consumer else None
        case "holder_notice", {"notice_id": int(notice_id)}:
            return _to_holder(session, notice_id, public_url)
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
            return staff.email, _reset("fr", f"{public_url}/equipe/mot-de-passe/{staff_reset_link(keys, staff)}")
    return None


def _to_holder(session: Session, notice_id: int, public_url: str) -> tuple[str, EmailText] | None:
    """Return None when the holder cannot be e-mailed or is suspended from the account."""
    notice = session.get(HolderNotice, notice_id)
    reader = session.get(Consumer, notice.consumer_id) if notice else None
    if notice is None or reader is None or not reader.can_be_mailed:
        return None
    if notice.kind != "removed" and is_suspended(session, reader.id, notice.account_id):
        return None
    account = session.get_one(CustomerAccount, notice.account_id)
    issuer = session.get_one(Issuer, account.issuer_id)
    return reader.email, holder_words(notice, reader, account, issuer, public_url)


def _to_consumer(
    session: Session, kind: str, consumer: Consumer, particulars: dict[str, Any], keys: KeyRing, public_url: str
) -> tuple[str, EmailText] | None:
    """The link is valid for the password epoch in which it was asked for, whatever happened since."""
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
    language = known_language(asker.language)
    step = say("Encore un geste et votre espace est ouvert : confirmez que cette adresse est la vôtre.", language)
    return EmailText(
        subject=say("Confirmez votre adresse", language),
        before=(greeting(asker.name, language), step),
        label=say("Confirmer mon adresse", language),
        url=url,
        after=(say("Vous n’avez rien demandé ? Ne faites rien : sans ce geste, rien n’est ouvert.", language),),
        language=language,
    )


def _reset(language: str, url: str) -> EmailText:
    language = known_language(language)
    asked = N_("Vous avez demandé un nouveau mot de passe. Ce lien est valable deux heures, une seule fois.")
    return EmailText(
        subject=say("Un nouveau mot de passe", language),
        before=(greeting("", language), say(asked, language)),
        label=say("Choisir un mot de passe", language),
        url=url,
        after=(say("Ce n’était pas vous ? Ne faites rien : votre mot de passe reste le même.", language),),
        language=language,
    )


def _already(public_url: str) -> EmailText:
    """In all languages: the person's is unknown, and pages must not reveal that the address is known."""
    told = N_("Quelqu’un, sans doute vous, vient de s’inscrire avec cette adresse : elle a déjà un espace.")
    forgotten = say("Mot de passe oublié :", "fr")
    return EmailText(
        subject=say("Vous avez déjà un espace", "fr"),
        before=(greeting("", "fr"), *(say(told, language) for language in LANGUAGES)),
        label=say("Se connecter", "fr"),
        url=f"{public_url}/connexion",
        after=(f"{forgotten}\n{public_url}/mot-de-passe-oublie",),
    )


def _invitation(staff: Staff, issuer: str, keys: KeyRing, public_url: str) -> EmailText:
    issuer = one_line(issuer)
    invited = N_("Vous êtes invité à rejoindre l’équipe {issuer}. Ce lien est valable deux semaines.")
    return EmailText(
        subject=say("Votre accès à {issuer}", "fr", issuer=issuer),
        before=(greeting("", "fr"), say(invited, "fr", issuer=issuer)),
        label=say("Choisir mon mot de passe", "fr"),
        url=f"{public_url}/equipe/invitation/{invitation_link(keys, staff)}",
    )
