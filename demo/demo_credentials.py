"""Sign-ins of the demo: mail addresses and the password that the demo prints for everybody. Never used outside of
it."""

from typing import Final

PASSWORD: Final = "la poste passe à midi"  # noqa: S105 - it is printed for everybody to use
CONSUMER: Final = "alice.moreau@example.org"
#: Who has no space, and letters instead.
HAS_LETTERS: Final = "Charlie Durand"
MEMBER: Final = "claire@lumiere-ouest.example"
MEMBER_OF: Final = "lumiere-ouest"
OPERATOR: Final = "exploitation@facteur.example"
