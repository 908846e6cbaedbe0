"""Consumers' pages: signing up and in, the bills, the contracts, the settings."""

from typing import Final

from portal.consumers import accounts, bill, forgotten, home, inbox, language, logo, profile, sign_in, sign_up

BLUEPRINTS: Final = tuple(
    each.pages for each in (home, sign_up, sign_in, forgotten, bill, accounts, profile, language, logo, inbox)
)
