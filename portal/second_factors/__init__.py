"""How people prove who they are beside their password: the same pages for consumers and for staff."""

from typing import Final

from portal.second_factors import confirm_identity

#: Each is there twice: for consumers at its own address, for staff (`staff_…`) under /equipe.
BLUEPRINTS: Final = (confirm_identity.pages,)
