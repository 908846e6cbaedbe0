"""What is wrong with a password that somebody chooses, in words: its length, or that it is guessed too soon.

Never a rule of which characters it must have (NIST SP 800-63B-4, 3.1.1.2).
"""

from typing import Final

from portal import app_context
from portal.access import password_hash
from portal.access.password_strength import Weakness, weakness_of
from portal.translation import say
from store.issuer import issuer_names
from words.catalogue import N_

#: Our own names, tried by whoever guesses.
_OURS: Final = ("Facteur",)
_WHY: Final[dict[Weakness, str]] = {
    "own": N_("Ce mot de passe se devine : il est fait de votre nom, de votre adresse ou d’un nom que l’on voit ici."),
    "common": N_("Ce mot de passe se devine : beaucoup de gens ont le même, ou presque."),
    "keys": N_("Ce mot de passe se devine : ses touches se suivent sur le clavier."),
    "pattern": N_("Ce mot de passe se devine : il se répète, ou se suit."),
    "date": N_("Ce mot de passe se devine : c’est une date, ou presque."),
    "short": N_("Ce mot de passe se devine trop vite."),
}
_HELP: Final = N_("Quatre mots sans rapport entre eux font un bon mot de passe.")


def password_errors(field: str, password: str, *own_words: str) -> dict[str, str]:
    """Returns what is wrong with a new password and what helps, by *field*; empty if nothing is. *own_words*: the name
    and address of the person."""
    password = password_hash.prepared(password)
    if len(password) < password_hash.SHORTEST:
        least = password_hash.SHORTEST
        return {field: say("Il faut au moins {least} caractères. Une phrase fait très bien.", least=least)}
    if len(password) > password_hash.LONGEST:
        return {field: say("{most} caractères suffisent.", most=password_hash.LONGEST)}
    why = weakness_of(password, [*own_words, *_OURS, *issuer_names(app_context.reading())])
    return {field: f"{say(_WHY[why])} {say(_HELP)}"} if why else {}
