"""Finds and writes the e-mails to staff members: an invitation, a new password, an endpoint that was disabled."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy.orm import Session

from delivery.channels.email.email_message import one_line
from delivery.channels.email.email_text import EmailText
from delivery.channels.email.mails.sending import Mail, MailsOfJobs, Sending
from delivery.channels.email.mails.sentences_in_languages import Sentences, in_languages
from delivery.channels.email.mails.sign_in.sign_in_emails import RESET
from store.accounts.one_time_email_link import invitation_link, staff_reset_link
from store.issuer import Issuer
from store.outbox.webhook_endpoint import WebhookEndpoint
from store.staff_member import Staff
from store.vault.key_ring import KeyRing
from words.catalogue import LANGUAGES, N_

_INVITATION: Final = Sentences(
    subject=N_("Votre accès à {issuer}"),
    told=N_("Vous êtes invité à rejoindre l’équipe {issuer}. Ce lien est valable deux semaines."),
    label=N_("Choisir mon mot de passe"),
)
_INVITED_ELSEWHERE: Final = Sentences(
    subject=N_("Votre accès à {issuer}"),
    told=N_(
        "Vous êtes invité à rejoindre l’équipe {issuer}. Mais votre adresse est déjà celle d’une autre équipe, et une "
        "adresse n’est que d’une seule : demandez à être invité à une autre adresse. Qui vous invite n’en sait rien."
    ),
    label=N_("Se connecter"),
)
_WEBHOOK_DISABLED: Final = Sentences(
    subject=N_("Vos événements n’arrivent plus"),
    told=N_(
        "Votre adresse {address} n’accepte plus nos messages : nous n’y envoyons plus d’événements. "
        "Ils sont gardés, et partiront quand elle sera réactivée."
    ),
    label=N_("Voir ce qui attend"),
)


def _invite(session: Session, particulars: dict[str, Any], sending: Sending) -> Mail | None:
    staff = _member(session, particulars)
    if staff is None:
        return None
    issuer = session.get(Issuer, staff.issuer_id) if staff.issuer_id is not None else None
    return staff.email, invitation_words(staff, issuer.name if issuer else "Facteur", sending.keys, sending.public_url)


def _reset(session: Session, particulars: dict[str, Any], sending: Sending) -> Mail | None:
    """None when the member has not chosen a password yet: their invitation stands."""
    staff = _member(session, particulars)
    if staff is None or staff.password_hash is None:
        return None
    url = f"{sending.public_url}/equipe/mot-de-passe/{staff_reset_link(sending.keys, staff)}"
    return staff.email, in_languages(_languages_of(staff), RESET, url)


def _webhook_disabled(session: Session, particulars: dict[str, Any], sending: Sending) -> Mail | None:
    """None when the endpoint is enabled again."""
    staff, endpoint = _member(session, particulars), session.get(WebhookEndpoint, int(particulars["endpoint_id"]))
    if staff is None or endpoint is None or endpoint.state == "enabled":
        return None
    url = f"{sending.public_url}/equipe/"
    return staff.email, in_languages(_languages_of(staff), _WEBHOOK_DISABLED, url, address=endpoint.url)


def _member(session: Session, particulars: dict[str, Any]) -> Staff | None:
    staff = session.get(Staff, int(particulars["staff_id"]))
    return staff if staff is not None and staff.closed_at is None else None


def invitation_words(staff: Staff, issuer: str, keys: KeyRing, public_url: str) -> EmailText:
    """Return the text with the link by which *staff* joins the team named *issuer*. Whoever invites must not learn that
    the address is another team's; whoever has it may."""
    if staff.is_elsewhere:
        sign_in = f"{public_url}/equipe/connexion"
        return in_languages(_languages_of(staff), _INVITED_ELSEWHERE, sign_in, issuer=one_line(issuer))
    url = f"{public_url}/equipe/invitation/{invitation_link(keys, staff)}"
    return in_languages(_languages_of(staff), _INVITATION, url, issuer=one_line(issuer))


def _languages_of(staff: Staff) -> Sequence[str]:
    return [staff.language] if staff.language in LANGUAGES else LANGUAGES


MAILS_OF_STAFF: Final[MailsOfJobs] = {
    "invite": _invite, "staff_reset": _reset, "webhook_disabled": _webhook_disabled
}  # fmt: skip
