"""Writes the e-mails about an address that changes: to the new mailbox, which confirms, and to the old one, which may
stop it or take the space back."""

from datetime import date

from delivery.channels.email.email_text import EmailText
from delivery.channels.email.mails.greeting import greeting
from words.catalogue import known_language, say
from words.written_dates import written_date


def confirm_address_words(language: str, url: str) -> EmailText:
    """Return the text to the new mailbox. It names nobody: whoever typed the address may not be its owner."""
    language = known_language(language)
    asked = say(
        "Vous avez demandé à recevoir à cette adresse les courriels de votre espace. Ce lien est valable trois jours, "
        "une seule fois.", language,
    )  # fmt: skip
    return EmailText(
        subject=say("Confirmez votre nouvelle adresse", language),
        before=(greeting("", language), asked),
        label=say("Confirmer cette adresse", language),
        url=url,
        after=(say("Vous n’avez rien demandé ? Ne faites rien : rien ne change.", language),),
        language=language,
    )


def taken_address_words(language: str, public_url: str) -> EmailText:
    """Return the text to a new mailbox whose address has a space of its own."""
    language = known_language(language)
    told = say(
        "Quelqu’un, sans doute vous, a demandé à se servir de cette adresse pour un autre espace. Elle a déjà le "
        "sien : rien ne change.", language,
    )  # fmt: skip
    return EmailText(
        subject=say("Vous avez déjà un espace", language),
        before=(greeting("", language), told),
        label=say("Se connecter", language),
        url=f"{public_url}/connexion",
        language=language,
    )


def address_asked_words(name: str, language: str, on: date, url: str) -> EmailText:
    """Return the text to the old mailbox, while the new one is to confirm."""
    language = known_language(language)
    told = say(
        "Le {day}, dans votre espace, il a été demandé que nos courriels aillent à une autre adresse. Ce n’était pas "
        "vous ? Arrêtez ce changement, puis choisissez un autre mot de passe.", language,
        day=written_date(on, language),
    )  # fmt: skip
    return EmailText(
        subject=say("Une autre adresse pour votre espace", language),
        before=(greeting(name, language), told),
        label=say("Arrêter ce changement", language),
        url=url,
        after=(say("C’était vous ? Ne faites rien.", language),),
        language=language,
    )


def address_changed_words(name: str, language: str, until: date, url: str) -> EmailText:
    """Return the text to the old mailbox, once the new one has confirmed."""
    language = known_language(language)
    told = say(
        "Nos courriels vont maintenant à l’autre adresse, et tous les appareils sont déconnectés. Ce n’était pas "
        "vous ? Jusqu’au {day}, ce lien rend votre espace à cette adresse-ci.", language,
        day=written_date(until, language),
    )  # fmt: skip
    return EmailText(
        subject=say("L’adresse de votre espace a changé", language),
        before=(greeting(name, language), told),
        label=say("Reprendre mon espace", language),
        url=url,
        after=(say("C’était vous ? Ne faites rien.", language),),
        language=language,
    )
