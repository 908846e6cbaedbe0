"""Every page of the portal in a browser, narrow and wide, light and dark: axe finds nothing, nothing is cut, too wide
or too small to press. It takes minutes: `make access` asks for it."""

import os
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from store import Store
from store.accounts.one_time_email_link import unknown_device_link
from store.bills.bill import BillRow
from tests.conftest import Clock
from tests.portal.browser.chromium_fixture import DESK, NEEDS_CHROMIUM, PHONE, press
from tests.portal.browser.page_findings import axe, layout_findings
from tests.portal.browser.sample_town_site import sign_in, sign_in_staff
from tests.portal.browser.served_portal import serving
from tests.portal.conftest import Browser
from tests.portal.consumers.one_bill.one_bill_links import token_of_letter
from tests.portal.consumers.shared_bills.sylvies_grants import share_with
from tests.portal.entrance import open_entrances
from tests.portal.own_documents import own_documents
from tests.portal.planned_adoption import plan_adoption
from tests.portal.recorded_heirs import record_heirs
from tests.portal.sample_campaign import run_a_campaign
from tests.portal.sample_town import World, furnish, furnish_kinds
from tests.portal.second_factors.factor_holders import give_app
from tests.portal.staff_office import Office
from tests.portal.test_pseudo_locale import (
    DOORS,
    Visit,
    a_staff_device_link,
    address_links,
    address_of,
    ask_yearly_question,
    begin_an_app,
    begin_orders,
    busy,
    forwarding_links,
    offer_contracts,
    offer_provider,
    visit_staff_half_way,
)

__all__ = ["busy"]
pytestmark = [
    *NEEDS_CHROMIUM,
    pytest.mark.battery,
    pytest.mark.timeout(3600),
    pytest.mark.skipif("FACTEUR_ACCESS" not in os.environ, reason="`make access` asks"),
]
VIEWS = ((PHONE, "light"), (DESK, "dark"))


def look_at(page: Any, address: str, paths: list[str]) -> Iterator[tuple[str, Any]]:
    """What is found, by page and view."""
    for path, (width, scheme) in product(paths, VIEWS):
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)
        page.goto(f"{address}{path}")
        if found := [*axe(page), *layout_findings(page).items()]:
            yield f"{path} {width} {scheme}", found


def bill_of(store: Store, number: str) -> BillRow:
    with store.reading() as session:
        return session.scalars(select(BillRow).where(BillRow.number == number)).one()


def pages_of(visit: Visit) -> list[str]:
    """The addresses of the pages that were seen, files left out."""
    return sorted(path for path, text in visit.seen.items() if text and path.startswith("/") and ".csv" not in path)


def report(found: dict[str, Any]) -> str:
    return "\n".join(f"{where}\n    {each}" for where, findings in found.items() for each in findings)


def test_pages_of_strangers_and_consumers(
    app: Flask, world: World, store: Store, browser: Callable[[], Browser], chromium: Any
) -> None:
    numbers = furnish(world)
    gaz = furnish_kinds(world)
    holds = dict(zip(numbers.values(), ("C-1001", "R-1187", "0612345678", "00412"), strict=True)) | {gaz: "G-7"}
    found: dict[str, Any] = {}
    with serving(app) as address:
        page = chromium.new_page(locale="fr-FR")
        token = token_of_letter(world, bill_of(store, "LO-01"))
        page.goto(f"{address}/f/{token}")
        press(page, "Voir ma facture")
        found |= look_at(page, address, [f"/f/{token}", f"/f/{token}/suivre"])
        stranger, mine = Visit(app, browser(), "fr"), Visit(app, browser(), "fr")
        alice, bob = world.consumer("Alice Martin", holds=holds), world.consumer("Bob Martin")
        offer_provider(app)
        stranger.through(*DOORS, "/vos-donnees", "/second-facteur/perdu/x", "/connexion/avec/france")
        stranger.through(f"/appareil-inconnu/{unknown_device_link(store.keys, alice, 4711)}")
        stranger.through(*run_a_campaign(store, numbers["lumiere"], world.now)[1])
        stranger.through(*forwarding_links(store, alice.id), *address_links(store, alice.id, bob.id))
        found |= look_at(page, address, pages_of(stranger))
        offer_contracts(world, gaz, bob.id)
        share_with(world, alice, numbers["lumiere"], "C-1001")
        ask_yearly_question(store, world.account_id(numbers["banque"], "00412"))
        mine.mine.sign_in(alice)
        mine.through(address_of(store, "LO-12"), *(f"/paiements/{n}" for n in begin_orders(store, 1, alice.id)))
        begin_an_app(store, alice)
        mine.through(*own_documents(store, alice.id, world.now), "/securite/application", "/confirmer-identite")
        mine.through("/", "/contrats", "/profil", "/contrats/ajouter?issuer=lumiere", "/?q=rien", "/factures/annees")
        mine.through("/partages", "/qui-voit-mes-factures")
        zita = world.consumer("Zita Petit")
        give_app(store, Clock(world.now), zita)
        for who, paths in (
            (alice, pages_of(mine)),
            (bob, ["/", "/contrats", "/factures/annees"]),
            (zita, ["/connexion/code", "/connexion/perdu"]),
        ):
            page = chromium.new_context(locale="fr-FR").new_page()
            sign_in(page, address, who)
            found |= look_at(page, address, paths)
    assert not found, report(found)


def test_pages_of_the_staff(
    app: Flask, store: Store, busy: Office, staff: Callable[[str], Browser], chromium: Any
) -> None:
    found: dict[str, Any] = {}
    heirs = record_heirs(busy, "C-CHARLIE")
    open_entrances(busy)
    plan_adoption(store, busy.lumiere)
    with serving(app) as address:
        visit_staff_half_way(Visit, app, store, staff, Visit(app, staff("oscar"), "fr"))
        page = chromium.new_context(locale="fr-FR").new_page()
        found |= look_at(page, address, [f"/equipe/appareil-inconnu/{a_staff_device_link(store)}"])
        sign_in_staff(page, address, "eva")
        found |= look_at(page, address, ["/equipe/connexion/code"])
        for name in ("oscar", "mina"):
            visit = Visit(app, staff(name), "fr")
            visit.through("/equipe/", "/equipe/conflits", "/equipe/comptes", "/equipe/litiges", "/equipe/attente")
            visit.through(
                "/equipe/ce-soir",
                "/equipe/personnes?q=martin",
                "/equipe/journal?tous=1",
                "/equipe/plusieurs-fois",
                "/equipe/courriels-revenus",
                "/equipe/paiements?sort=tous",
            )
            visit.through("/equipe/securite", "/equipe/securite/application", "/equipe/confirmer-identite", heirs)
            visit.through("/equipe/factures?numero=K-1", "/equipe/factures?q=martin", "/equipe/factures?q=nowhere")
            page = chromium.new_context(locale="fr-FR").new_page()
            sign_in_staff(page, address, name)
            found |= look_at(page, address, pages_of(visit))
    assert not found, report(found)
