"""Consumers' pages: signing up and in, the bills, the contracts, the settings."""

from typing import Final

from portal.consumers import (
    accounts,
    bill,
    forgotten,
    holders,
    home,
    inbox,
    language,
    logo,
    notices,
    profile,
    sign_in,
    sign_up,
)

BLUEPRINTS: Final = tuple(
    each.pages
    for each in (home, sign_up, sign_in, forgotten, bill, accounts, holders, notices, profile, language, logo, inbox)
)
