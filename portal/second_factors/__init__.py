"""How people prove who they are beside their password: the same pages for consumers and for staff."""

from typing import Final

from portal.second_factors import authenticator_app, confirm_identity, recovery_codes, second_step, security

#: Each is there twice: for consumers at its own address, for staff (`staff_…`) under /equipe.
BLUEPRINTS: Final = tuple(
    each.pages for each in (confirm_identity, second_step, security, authenticator_app, recovery_codes)
)
