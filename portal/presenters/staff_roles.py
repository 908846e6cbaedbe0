"""The roles of staff in words, and the one that a form says."""

from typing import Final

from flask import abort, request

from store.staff_member import ROLES, StaffRole
from words.catalogue import N_

#: What a role is called, and what who has it may do.
ROLE_WORDS: Final[dict[StaffRole, tuple[str, str]]] = {
    "reader": (N_("Lecture"), N_("Voit tout, ne change rien.")),
    "editor": (N_("Facturation"), N_("Envoie des flux, décide, répond aux clients.")),
    "admin": (N_("Administration"), N_("Tout cela, et dit qui et quoi peut entrer : équipe, clés, webhooks.")),
}
#: Roles as forms offer them.
ROLE_CHOICES: Final = [(role, *ROLE_WORDS[role]) for role in ROLES]


def role_typed() -> StaffRole:
    """Returns the form's role. Aborts with 400 where it is none: the form offers all there are."""
    typed = request.form.get("role", "")
    found = next((role for role in ROLES if role == typed), None)
    return abort(400) if found is None else found
