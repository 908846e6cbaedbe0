"""Sylvie has her electricity on paper and lets Marc, her husband, read its bills. Bruno, who lived there before, finds
a letter and adds the contract with its code, and lets a friend read it. Sylvie sees who sees her bills and objects:
Bruno and his friend see nothing any more, Marc reads on, until Sylvie gives the contract up."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from audit.run_all_checks import check
from config import Config
from store import Store
from tests.sample_feeds import ubl
from tests.stories.lumiere_and_its_people import Lumiere
from tests.stories.lumiere_portal import LumierePortal

SYLVIE, MARC, BRUNO, THEO = "sylvie@example.org", "marc@example.org", "bruno@example.org", "theo@example.org"
HOME = ("Sylvie Bernard", "5 rue de la Paix", "44000", "Nantes")


def on(month: int, day: int, hour: int = 8) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.fixture
def portal(store: Store, config: Config) -> Iterator[LumierePortal]:
    with Lumiere.opened(store, config, on(1, 2)) as lumiere:
        yield LumierePortal(lumiere)


def bill_comes(lumiere: Lumiere, month: int) -> str:
    number = f"SYLVIE-{month:02}"
    issued, due = f"2026-{month:02}-01", f"2026-{month:02}-28"
    lumiere.bills(number, [ubl(number, "C-SYLVIE", issued=issued, due=due, person=HOME)])
    return number


def test_a_household_and_somebody_who_does_not_belong_to_it(portal: LumierePortal) -> None:
    lumiere = portal.lumiere
    first = bill_comes(lumiere, 1)
    lumiere.until(on(1, 20))
    portal.signs_up_by_letter(SYLVIE, HOME[0], "C-SYLVIE", first)
    portal.invites(SYLVIE, MARC, "spouse")
    of_marc = portal.follows_invitation(MARC, "Marc Bernard")
    assert portal.opens(portal.at_screen(MARC), of_marc, first) == 200
    assert portal.at_screen(MARC).get(f"/factures/{portal.row(first).uid}").status_code == 404, "he holds nothing"

    lumiere.until(on(2, 2))
    second = bill_comes(lumiere, 2)
    lumiere.until(on(2, 16))
    portal.signs_up_by_letter(BRUNO, "Bruno Leroy", "C-SYLVIE", second)
    lumiere.work(lumiere.now)
    assert "Quelqu’un d’autre suit votre contrat" in lumiere.mails(SYLVIE)[-1].subject
    portal.invites(BRUNO, THEO, "other")
    of_theo = portal.follows_invitation(THEO, "Théo Faure")
    bruno, theo, marc = (portal.at_screen(each) for each in (BRUNO, THEO, MARC))
    assert bruno.get(f"/factures/{portal.row(second).uid}").status_code == 200
    assert portal.opens(theo, of_theo, second) == 200

    lumiere.until(on(2, 18))
    sylvie = portal.at_screen(SYLVIE)
    page = sylvie.get("/qui-voit-mes-factures").text
    names = re.findall(r'class="name">([^<]+)<', page)
    assert names == ["Marc Bernard", "Lumière de l’Ouest", "Vous", "Bruno Leroy"] or names == [
        "Marc Bernard", "Lumière de l&#39;Ouest", "Vous", "Bruno Leroy",
    ]  # fmt: skip
    assert "Théo" not in page
    assert THEO not in page, "whom another holder lets read is in the trail, without a name"
    holders = re.search(r'href="(/contrats/[^"]+/personnes)"', page)
    assert holders is not None
    suspend = re.search(r'action="([^"]+/suspendre)"', sylvie.get(holders[1]).text)
    assert suspend is not None
    assert "L’accès est suspendu" in sylvie.post(suspend[1]).text

    assert bruno.get(f"/factures/{portal.row(second).uid}").status_code == 404
    assert portal.opens(theo, of_theo, second) == 404
    assert second not in theo.get(of_theo).text
    assert portal.opens(marc, of_marc, second) == 200
    account_id = portal.row(first).account_id
    told = portal.trail(SYLVIE, account_id)
    assert told == [
        "Contrat ajouté à un espace, par vous",
        "Invitation à lire les factures envoyée, par vous",
        "Invitation à lire les factures acceptée, par une autre personne",
        "Factures lues sur invitation, par une autre personne",
        "Contrat ajouté à un espace, par une autre personne",
        "Invitation à lire les factures envoyée, par une autre personne",
        "Invitation à lire les factures acceptée, par une autre personne",
        "Factures lues sur invitation, par une autre personne",
        "Accès aux factures terminé, par une autre personne",
        "Factures lues sur invitation, par une autre personne",
    ]

    lumiere.until(on(3, 2))
    third = bill_comes(lumiere, 3)
    lumiere.until(on(3, 16))
    letters = [bill for _, bill in lumiere.pieces()]
    assert letters == [first, second, third], "on paper, whoever reads"
    assert [mail for mail in lumiere.mails(MARC) if third in mail.text] == []
    leave = f"/contrats/{portal.store.public_ids.of('account', account_id)}/quitter"
    sylvie = portal.at_screen(SYLVIE)
    sylvie.get(leave)
    sylvie.post(leave)
    assert portal.opens(portal.at_screen(MARC), of_marc, third) == 404
    assert not any(check(portal.store).invariants.values())
