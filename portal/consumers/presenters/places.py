"""The three places of a consumer's space, in the bar of each of its pages."""

from functools import lru_cache
from typing import Final

from flask import request
from markupsafe import Markup

from portal.page_address import url_for
from portal.translation import say
from words.catalogue import N_

#: Each place, the endpoint it leads to, and the rooms (blueprints) whose pages are within it.
PLACES: Final = (
    (N_("Factures"), "home.show", frozenset({
        "home", "bill", "years", "page_pictures", "ask_issuer", "enquiries", "plan", "pay_online",
        "add_documents", "asked_document", "own_issuers", "mail_in_address",
        "shared_with_me", "shared_bills", "shared_bill",
    })),
    (N_("Contrats"), "accounts.show", frozenset({
        "accounts", "account_trail", "new_address", "house_move", "holders", "objection", "suitability", "mandate",
        "proof_of_address",
    })),
    (N_("Vos réglages"), "profile.show", frozenset({
        "profile", "phone", "notice_preference", "push_devices", "calendar_address", "forward_addresses",
        "my_readers", "invite_reader", "bill_archive", "personal_data", "email_change", "closed_space",
        "security", "passkeys", "authenticator_app", "recovery_codes", "sessions", "identities", "confirm_identity",
    })),
)  # fmt: skip


def consumer_places() -> Markup:
    """Returns the places as a list of links, the one where the visitor is marked."""
    links = tuple((url_for(endpoint), say(name)) for name, endpoint, _ in PLACES)
    here = next((place for place, (_, _, rooms) in enumerate(PLACES) if request.blueprint in rooms), None)
    return _drawn(say("Votre espace"), links, here)


@lru_cache(maxsize=256)
def _drawn(name: str, links: tuple[tuple[str, str], ...], here: int | None) -> Markup:
    items = [
        Markup('<li><a href="{}"{}>{}</a></li>\n').format(
            address, Markup(' aria-current="page"') if place == here else "", words
        )
        for place, (address, words) in enumerate(links)
    ]
    return Markup('<nav aria-label="{}">\n<ul>\n{}</ul>\n</nav>\n').format(name, Markup().join(items))
