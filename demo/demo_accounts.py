"""Who may sign in to look at the demo. Of the demo only: a password that is written down is none."""

from typing import Final

PASSWORD: Final = "la poste passe à midi"  # noqa: S105 - it is printed for everybody to use
CONSUMER: Final = "alice.moreau@example.org"
MEMBER: Final = "claire@lumiere-ouest.example"
MEMBER_OF: Final = "lumiere-ouest"
OPERATOR: Final = "exploitation@facteur.example"
