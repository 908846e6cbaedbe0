"""Writes the e-mail that tells somebody of a sign-in from a device that they had not used before, and how to end it."""

from datetime import datetime

from delivery.channels.email.email_text import EmailText
from delivery.channels.email.mails.greeting import greeting
from words.catalogue import say
from words.relative_dates import spell_moment


def new_device_words(name: str, device: str, at: datetime, url: str, language: str) -> EmailText:
    """Return the e-mail's text. *at* is the local moment of the sign-in, *device* its browser and system ("" where it
    named none), *url* ends that session."""
    moment = spell_moment(at, language)
    told = (
        say(
            "Quelqu’un s’est connecté à votre espace le {moment} avec {device}.", language, moment=moment, device=device
        )
        if device
        else say("Quelqu’un s’est connecté à votre espace le {moment}.", language, moment=moment)
    )
    unknown = say("Cet appareil n’avait pas encore servi à vous connecter.", language)
    return EmailText(
        subject=say("Une connexion depuis un nouvel appareil", language),
        before=(greeting(name, language), f"{told} {unknown}", say("C’était vous ? Il n’y a rien à faire.", language)),
        label=say("Ce n’était pas moi", language),
        url=url,
        after=(
            say(
                "Ce lien déconnecte cet appareil, puis vous choisissez un nouveau mot de passe."
                " Il est valable sept jours.",
                language,
            ),
        ),
        language=language,
    )
