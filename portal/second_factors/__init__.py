"""How people prove who they are beside their password: the same pages for consumers and for staff."""

from typing import Final

from portal.second_factors import (
    authenticator_app,
    confirm_identity,
    passkey_sign_in,
    passkeys,
    recovery_codes,
    second_step,
    security,
)

#: Each is there twice: for consumers at its own address, for staff (`staff_…`) under /equipe.
BLUEPRINTS: Final = (
    confirm_identity.pages,
    second_step.pages,
    security.pages,
    passkeys.pages,
    passkey_sign_in.pages,
    authenticator_app.pages,
    recovery_codes.pages,
)
