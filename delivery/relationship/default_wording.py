"""The text of the notice that an account's bills will come without paper unless its customer objects."""

from typing import Final

from consumers.paperless_consent import Wording
from words.catalogue import N_

#: Says what changes and when, that nothing is to be done, and that paper stays free, now and at any time.
DEFAULT_ON: Final = Wording(
    version="default-on-1",
    text=N_(
        "À partir du {day}, les factures de votre contrat {contract} viendront dans votre espace, sans papier "
        "({article}). Un courriel annonce chaque facture, avec son montant et sa date. Si une facture n’est pas "
        "consultée à temps, elle vous est envoyée par la poste. Vous préférez le papier ? Dites-le d’un geste, "
        "maintenant ou plus tard : c’est gratuit, et sans raison à donner."
    ),
)
