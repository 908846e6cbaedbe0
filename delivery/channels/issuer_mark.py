"""An issuer as messages to people show it: its name, its mark (a letter on its colour, as in the portal), and who reads
the answers."""

import msgspec

from issuers.registry import profile_of
from store.accounts.email_address import wire_form
from store.issuer import Issuer


class IssuerMark(msgspec.Struct, frozen=True, kw_only=True):
    """*colour* is `#rrggbb`, dark enough for white letters; *contact* is an e-mail address in ASCII, "" where
    the issuer gives none."""

    name: str
    colour: str = "#1f4e5a"
    contact: str = ""

    @property
    def letter(self) -> str:
        """The first letter or digit of the name."""
        return next((each.upper() for each in self.name if each.isalnum()), "")


def issuer_mark(issuer: Issuer) -> IssuerMark:
    """Return the mark of an issuer, by its present brand settings."""
    profile = profile_of(issuer)
    contact = wire_form(profile.sender.email) if profile.sender.email else ""
    return IssuerMark(name=issuer.name, colour=profile.brand.colour, contact=contact)
