"""The page for a link that no longer works: why, and what to do. In place of one that opens a space, another is sent;
what the others ask for is done after signing in.

It is the same for every address: only the mailbox learns whether the address is known.
"""

from typing import Final, Literal

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.translation import say
from words.catalogue import N_

#: `damaged`: cut short by a mail program, or never ours; `old`: past its time, or another took its place; `used`.
ExpiredLink = Literal["damaged", "old", "used"]

_DAMAGED: Final = N_(
    "Un programme de courriel l’a sans doute coupé. Ouvrez-le de nouveau depuis le courriel, du premier au dernier "
    "caractère, ou recevez-en un autre."
)
_USED: Final = N_(
    "Chaque lien sert une fois. Si vous venez de confirmer votre adresse ou de choisir un mot de passe, c’est "
    "enregistré : connectez-vous. Sinon, recevez un autre lien."
)
_OLD: Final = N_("Un lien ne vaut que quelques heures ou quelques jours. Recevez-en un autre.")
_WHAT: Final[dict[ExpiredLink, tuple[str, str]]] = {
    "damaged": (N_("Ce lien n’est pas entier"), _DAMAGED),
    "old": (N_("Ce lien est trop ancien"), _OLD),
    "used": (N_("Ce lien a déjà servi"), _USED),
}
_INSIDE: Final[dict[ExpiredLink, str]] = {
    "damaged": N_(
        "Un programme de courriel l’a sans doute coupé. Ouvrez-le de nouveau depuis le courriel, du premier au dernier "
        "caractère, ou connectez-vous : cela se règle aussi dans votre espace."
    ),
    "old": N_(
        "Un lien ne vaut que quelques heures ou quelques jours. Connectez-vous : cela se règle aussi dans votre espace."
    ),
    "used": N_("Chaque lien sert une fois : c’est sans doute déjà fait. Connectez-vous pour le vérifier."),
}
#: Blueprints whose links open a space: another one, by mail, does so, too.
_SENT_AGAIN: Final = {"sign_up", "forgotten", "unknown_device"}
#: RFC 9110: nothing is there; or it was, and is no more.
_STATUS: Final = {"damaged": 404, "old": 410, "used": 410}


def expired_link(how: ExpiredLink) -> ResponseReturnValue:
    """Returns the page, in place of what the link led to."""
    what, next_step = _WHAT[how]
    is_sent_again = request.blueprint in _SENT_AGAIN
    page = render_template(
        "consumers/sign_in/expired_link.html",
        what=say(what),
        next_step=say(next_step if is_sent_again else _INSIDE[how]),
        is_sent_again=is_sent_again,
    )
    return page, _STATUS[how]
