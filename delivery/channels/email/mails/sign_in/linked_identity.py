"""Writes the e-mail that tells somebody that an identity at a provider opens their space from now on."""

from delivery.channels.email.email_message import one_line
from delivery.channels.email.email_text import EmailText
from delivery.channels.email.mails.greeting import greeting
from words.catalogue import say


def linked_identity_words(name: str, provider: str, url: str, language: str) -> EmailText:
    """Return the e-mail's text. *url* is the page where the identity is unlinked."""
    provider = one_line(provider)
    told = say(
        "Votre espace s’ouvre maintenant par {provider}, aussi bien que par votre mot de passe.",
        language,
        provider=provider,
    )
    return EmailText(
        subject=say("Votre espace est lié à {provider}", language, provider=provider),
        before=(greeting(name, language), told),
        label=say("Voir ce qui ouvre mon espace", language),
        url=url,
        after=(say("Ce n’était pas vous ? Déliez cette identité, et choisissez un nouveau mot de passe.", language),),
        language=language,
    )
