"""The e-mails that tell a person what changed of their second factors: whoever did it, they hear of it."""

from typing import Any, Final, NamedTuple

from msgspec.structs import replace
from sqlalchemy.orm import Session

from delivery.channels.email.email_message import one_line
from delivery.channels.email.email_text import EmailText
from delivery.channels.email.mails.greeting import greeting
from delivery.channels.email.mails.sending import Mail, Sending
from store.accounts.consumer import Consumer
from store.accounts.one_time_email_link import keep_factors_link, lost_factor_link
from store.sign_in.factor_removal import FactorRemoval, removals_of
from store.staff_member import Staff
from words.catalogue import N_, known_language, say


class _Change(NamedTuple):
    """What is said of a change, in French: the subject, and what was done."""

    subject: str
    told: str


_LINK: Final = _Change(
    N_("Retirer vos clés d’accès et vos codes"),
    N_("Vous avez perdu votre téléphone ou votre clé ? Ce lien commence l’attente ; il est valable deux heures."),
)
_BEGIN: Final = N_("Commencer l’attente")
_KEEP: Final = N_("Annuler : ne rien retirer")
_NOT_YOU: Final = N_("Ce n’était pas vous ? Changez votre mot de passe, et retirez ce que vous n’avez pas ajouté.")


class _Reader(NamedTuple):
    """Who reads it, in which language, and the path of their page."""

    email: str
    name: str
    language: str
    path: str


_CHANGES: Final = {
    "passkey added": _Change(
        N_("Une clé d’accès est ajoutée"),
        N_("La clé d’accès « {passkey} » ouvre maintenant votre espace, sans mot de passe."),
    ),
    "passkey removed": _Change(
        N_("Une clé d’accès est retirée"), N_("La clé d’accès « {passkey} » n’ouvre plus votre espace.")
    ),
    "passkey count went back": _Change(
        N_("Une clé d’accès a été refusée"),
        N_(
            "La clé d’accès « {passkey} » a été refusée : quelqu’un l’a peut-être copiée. Connectez-vous autrement, "
            "puis retirez-la."
        ),
    ),
    "authenticator app added": _Change(
        N_("Une application de codes est ajoutée"),
        N_("Une application de codes protège maintenant votre espace : son code est demandé après le mot de passe."),
    ),
    "authenticator app removed": _Change(
        N_("L’application de codes est retirée"), N_("Son code n’est plus demandé quand vous vous connectez.")
    ),
    "removal asked": _Change(
        N_("Vos clés d’accès et vos codes vont être retirés"),
        N_("Quelqu’un qui connaît votre mot de passe l’a demandé. Si ce n’est pas vous, annulez, et changez-en."),
    ),
    "removal soon": _Change(
        N_("Demain, vos clés d’accès et vos codes sont retirés"),
        N_("Quelqu’un qui connaît votre mot de passe l’a demandé. Si ce n’est pas vous, annulez, et changez-en."),
    ),
    "second factors removed": _Change(
        N_("Vos seconds moyens de vous connecter sont retirés"),
        N_("Votre mot de passe suffit de nouveau. Ajoutez bientôt une clé d’accès ou une application de codes."),
    ),
    "recovery codes made": _Change(
        N_("Vos codes de secours sont nouveaux"), N_("Dix nouveaux codes de secours remplacent les anciens.")
    ),
    "recovery code used": _Change(
        N_("Un code de secours a servi"), N_("Quelqu’un, sans doute vous, s’est servi d’un de vos codes de secours.")
    ),
}


def factor_changed_mail(session: Session, particulars: dict[str, Any], sending: Sending) -> Mail | None:
    """None where a removal that it tells waits no longer, or its reader cannot be e-mailed. A bounced address is tried
    all the same: the mail protects its owner."""
    reader, public_url = _reader(session, particulars), sending.public_url
    if reader is None or (change := _CHANGES.get(str(particulars["what"]))) is None:
        return None
    if (removal_id := particulars.get("removal_id")) is not None:
        removal = session.get(FactorRemoval, int(removal_id))
        if removal is None or removal.state != "waiting":
            return None
        keep = f"/second-facteur/garder/{keep_factors_link(sending.keys, removal.id)}"
        text = _text(change, reader._replace(path=keep), public_url, "")
        return reader.email, replace(text, label=say(_KEEP, text.language), after=())
    return reader.email, _text(change, reader, public_url, str(particulars["name"]))


def lost_factor_mail(session: Session, particulars: dict[str, Any], sending: Sending) -> Mail | None:
    """The e-mail with the link that begins the wait."""
    consumer = session.get(Consumer, int(particulars["consumer_id"]))
    if consumer is None or consumer.confirmed_at is None:
        return None
    token = lost_factor_link(sending.keys, consumer, removals_of(session, consumer.id))
    reader = _Reader(consumer.email, consumer.name, consumer.language, f"/second-facteur/perdu/{token}")
    text = _text(_LINK, reader, sending.public_url, "")
    return consumer.email, replace(text, label=say(_BEGIN, text.language))


def _reader(session: Session, particulars: dict[str, Any]) -> _Reader | None:
    match particulars:
        case {"consumer_id": int(consumer_id)}:
            consumer = session.get(Consumer, consumer_id)
            if consumer is not None and consumer.confirmed_at is not None and not consumer.wants_no_mail:
                return _Reader(consumer.email, consumer.name, consumer.language, "/securite")
        case {"staff_id": int(staff_id)}:
            staff = session.get(Staff, staff_id)
            if staff is not None and staff.closed_at is None:
                return _Reader(staff.email, staff.name, staff.language, "/equipe/securite")
    return None


def _text(change: _Change, reader: _Reader, public_url: str, passkey: str) -> EmailText:
    language = known_language(reader.language)
    return EmailText(
        subject=say(change.subject, language),
        before=(greeting(reader.name, language), say(change.told, language, passkey=one_line(passkey))),
        label=say("Connexion et sécurité", language),
        url=public_url + reader.path,
        after=(say(_NOT_YOU, language),),
        language=language,
    )
