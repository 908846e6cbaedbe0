"""Writes the e-mails that somebody who cannot sign in waits for: to confirm an address, to choose a password anew."""

from typing import Final

from msgspec.structs import replace

from delivery.channels.email.email_text import EmailText
from delivery.channels.email.mails.greeting import greeting
from delivery.channels.email.mails.sentences_in_languages import Sentences, in_languages
from store.accounts.consumer import Consumer
from store.accounts.sign_up import SignUp
from words.catalogue import LANGUAGES, N_, known_language, say

RESET: Final = Sentences(
    subject=N_("Un nouveau mot de passe"),
    told=N_("Vous avez demandé un nouveau mot de passe. Ce lien est valable deux heures, une seule fois."),
    label=N_("Choisir un mot de passe"),
    after=N_("Ce n’était pas vous ? Ne faites rien : votre mot de passe reste le même."),
)
_ALREADY: Final = Sentences(
    subject=N_("Vous avez déjà un espace"),
    told=N_("Quelqu’un, sans doute vous, vient de s’inscrire avec cette adresse : elle a déjà un espace."),
    label=N_("Se connecter"),
    after=N_("Mot de passe oublié :"),
)


def confirmation_words(asker: Consumer | SignUp, url: str) -> EmailText:
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


def reset_words(language: str, url: str) -> EmailText:
    return in_languages([known_language(language)], RESET, url)


def already_words(public_url: str) -> EmailText:
    """Pages must not reveal that the address is known; whose it is may not be who asked."""
    words = in_languages(LANGUAGES, _ALREADY, f"{public_url}/connexion")
    return replace(words, after=(f"{words.after[0]}\n{public_url}/mot-de-passe-oublie",))
