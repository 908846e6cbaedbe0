"""Writes the e-mails of access grants: an invitation to read somebody's bills, and to its owner that it was accepted.

An invitation goes to an address that somebody typed. It says nothing in their words: no text, no contract, and of their
name what cannot be a message (`consumers.access_grants.inviter_name`).
"""

from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from consumers.access_grants.inviter_name import inviter_name
from delivery.channels.email.email_text import EmailText
from delivery.channels.email.mails.greeting import greeting
from delivery.channels.email.mails.sending import Mail, Sending
from store.access_grants.access_grant import AccessGrant, is_answerable
from store.accounts.consumer import Consumer, consumer_by_email
from words.catalogue import LANGUAGES, N_, known_language, say
from words.written_dates import written_date

_SUBJECT: Final = N_("{name} vous invite à lire ses factures")
_TOLD: Final = N_(
    "{name} vous invite à lire ses factures. Ouvrez votre espace avec cette adresse, ou créez-le : l’invitation vous y"
    " attend pendant quatorze jours, et dit ce que vous verriez."
)
_LABEL: Final = N_("Voir l’invitation")
_AFTER: Final = N_("Vous ne connaissez pas cette personne ? Ne faites rien : l’invitation prend fin d’elle-même.")
_SOMEBODY: Final = N_("Quelqu’un")


def accepted_grant_mail(session: Session, particulars: dict[str, Any], sending: Sending) -> Mail | None:
    """None when the grant has ended, or its owner cannot be e-mailed."""
    grant = session.get(AccessGrant, int(particulars["grant_id"]))
    owner = session.get(Consumer, grant.owner_id) if grant else None
    if grant is None or grant.state != "accepted" or owner is None or not owner.can_be_mailed:
        return None
    return owner.email, _accepted(grant, owner, sending.public_url, sending.today)


def grant_invitation_mail(session: Session, particulars: dict[str, Any], sending: Sending) -> Mail | None:
    """None when the invitation is over, or who would read it cannot be e-mailed."""
    is_open = is_answerable(sending.now, sending.today)
    query = select(AccessGrant).where(AccessGrant.id == int(particulars["grant_id"]), is_open)
    grant = session.scalar(query)
    if grant is None:
        return None
    owner, reader = session.get_one(Consumer, grant.owner_id), consumer_by_email(session, grant.email)
    if reader is not None and reader.mail_failed_at is not None:
        return None
    is_known = reader is not None and reader.confirmed_at is not None
    languages = [known_language(reader.language)] if reader is not None and is_known else list(LANGUAGES)
    return grant.email, _invitation_words(inviter_name(owner.name), languages, f"{sending.public_url}/partages")


def _invitation_words(name: str, languages: list[str], url: str) -> EmailText:
    """The text in the reader's language, or in all of them one after the other where it is not known."""
    names = {each: name or say(_SOMEBODY, each) for each in languages}
    paragraphs = [(greeting("", each), say(_TOLD, each, name=names[each])) for each in languages]
    return EmailText(
        subject=" / ".join(say(_SUBJECT, each, name=names[each]) for each in languages),
        before=tuple(text for pair in paragraphs for text in pair),
        label=" / ".join(say(_LABEL, each) for each in languages),
        url=url,
        after=(" / ".join(say(_AFTER, each) for each in languages),),
        language=languages[0],
    )


def _accepted(grant: AccessGrant, owner: Consumer, public_url: str, today: date) -> EmailText:
    language = known_language(owner.language)
    told = say(
        "La personne que vous avez invitée à {email} lit vos factures depuis le {day}.", language, email=grant.email,
        day=written_date(today, language),
    )  # fmt: skip
    return EmailText(
        subject=say("Votre invitation est acceptée", language),
        before=(greeting(owner.name, language), told),
        label=say("Voir qui voit mes factures", language),
        url=f"{public_url}/qui-voit-mes-factures",
        after=(
            say(
                "Vous n’avez invité personne ? Retirez cet accès à cette page, et changez de mot de passe : quelqu’un a"
                " ouvert votre espace.",
                language,
            ),
        ),
        language=language,
    )
