"""The words of invitations: a small set of ours, in versions, with blanks. Nobody writes others.

None promises anything, asks for a favour or appeals to conscience: what lifts adoption is that bills are together, that
one is told in time, and that it is easy (domain, adoption science). Another text is another version.
"""

from typing import Final

from msgspec import Struct

from delivery.relationship.default_wording import DEFAULT_ON
from store.campaigns.campaign import ON_PAPER, Lever
from words.catalogue import N_
from words.invitation_lines import INVITATION_LINES


class InvitationWording(Struct, frozen=True, kw_only=True):
    """One version of an invitation's words: its *name* for whoever chooses it, and what it says by the levers that it
    is for. The letter's line has its own file, since it is printed in five languages."""

    version: str
    name: str
    subject: str = ""
    mail: str = ""
    sms: str = ""

    @property
    def levers(self) -> frozenset[Lever]:
        """The levers that these words are for."""
        if self.version == DEFAULT_ON.version:
            return frozenset({"default_on"})
        found: set[Lever] = set(ON_PAPER) if self.version in INVITATION_LINES else set()
        if self.mail:
            found.add("email")
        if self.sms:
            found.add("sms")
        return frozenset(found)


WORDINGS: Final[dict[str, InvitationWording]] = {
    each.version: each
    for each in (
        InvitationWording(
            version="together-1",
            name=N_("toutes les factures au même endroit"),
            subject=N_("Vos factures {issuer}, avec celles de vos autres contrats"),
            mail=N_(
                "Vos factures {issuer} peuvent vous attendre en un seul endroit, avec celles de vos autres contrats. "
                "Chacune est annoncée par un courriel, avec son montant et sa date. C’est gratuit."
            ),
            sms=N_("{issuer} : vos factures en ligne, toutes au même endroit. C’est gratuit."),
        ),
        InvitationWording(
            version="in-time-1",
            name=N_("prévenu avant l’échéance"),
            subject=N_("{issuer} : un courriel avant chaque échéance"),
            mail=N_(
                "Un courriel peut vous annoncer chaque facture {issuer} dès qu’elle arrive, avec son montant et sa "
                "date, et vous la rappeler avant son échéance. C’est gratuit."
            ),
            sms=N_("{issuer} : soyez prévenu de chaque facture avant son échéance. C’est gratuit."),
        ),
        InvitationWording(version=DEFAULT_ON.version, name=N_("préavis légal du sans papier d’office")),
    )
}


def wordings_for(lever: Lever) -> list[InvitationWording]:
    """The wordings that this lever can use."""
    return [each for each in WORDINGS.values() if lever in each.levers]
