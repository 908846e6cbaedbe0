"""Sylvie lets Marc read her bills: the invitation and its mail, signing up on the way, the list and the bill, what a
look of his does, her page, and the trail."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from delivery.relationship.account_trail import step_text, trail_of
from portal.access.route_policy import POLICY
from store import Store
from store.access_grants.access_grant import AccessGrant
from store.accounts.account_notice import notices_of
from store.bills.bill import BillRow
from store.db.event import events_of
from store.delivery import seen_by
from tests.conftest import Clock
from tests.portal.conftest import Browser, Mailbox
from tests.portal.consumers.shared_bills.sylvies_grants import SYLVIE, SylvieAndHerReaders
from tests.portal.sample_town import PASSWORD, World

MARC = "marc@exemple.fr"


@pytest.fixture
def house(world: World) -> SylvieAndHerReaders:
    return SylvieAndHerReaders(world)


def text_of(mail: object) -> str:
    parts = [each for each in mail.walk() if each.get_content_type() == "text/plain"]  # type: ignore[attr-defined]
    return str(parts[0].get_payload(decode=True).decode())


def ids(house: SylvieAndHerReaders) -> list[int]:
    with house.store.reading() as session:
        return [each.id for each in session.query(AccessGrant).order_by(AccessGrant.id)]


def test_marc_is_invited_signs_up_on_the_way_and_reads(
    house: SylvieAndHerReaders, browser: Callable[[], Browser], post: Callable[[], Mailbox], store: Store
) -> None:
    sylvie, marc = browser(), browser()
    sylvie.sign_in(house.sylvie)
    sylvie.get("/qui-voit-mes-factures/inviter")
    page = sylvie.post(
        "/qui-voit-mes-factures/inviter", email=" Marc@Exemple.fr", relation="spouse", contracts="some",
        contract=store.public_ids.of("account", house.electricity), kind="invoices", looks="0", until="",
    )  # fmt: skip
    assert page.request.path == "/qui-voit-mes-factures"
    assert MARC in page.text
    assert "Annuler l’invitation" in page.text

    box = post()
    [mail] = [mail for to, mail in box.mails if to == MARC]
    assert "Sylvie B." in text_of(mail)
    assert "Bernard" not in text_of(mail), "whose mailbox it is, is not known"
    assert "Lumière" not in text_of(mail)

    link = box.link_to(MARC)
    assert marc.get(link).request.path == "/connexion"
    marc.get("/inscription?suite=/partages")
    marc.post("/inscription", name="Marc Bernard", email=MARC, password=PASSWORD, suite="/partages")
    marc.get(post().link_to(MARC))
    page = marc.post(marc.page.request.path)
    assert page.request.path == "/partages"
    assert f"{SYLVIE} vous invite à lire ses factures" in page.text
    assert "Lumière" in page.text
    [grant] = ids(house)
    public = store.public_ids.of("grant", grant)
    page = marc.post(f"/partages/{public}/accepter")
    assert page.request.path == f"/partages/{public}"
    assert "Les factures de Sylvie Bernard" in page.text
    assert house.bills["LO-1"].uid in page.text
    assert house.bills["LO-AV"].uid not in page.text

    [told] = [mail for to, mail in post().mails if to == house.sylvie.email]
    assert MARC in text_of(told)
    page = sylvie.get("/qui-voit-mes-factures")
    assert "Marc Bernard" in page.text
    assert "pas encore de facture ouverte" in page.text
    assert "Factures que d’autres vous laissent lire" in marc.get("/").text
    assert "Factures que d’autres vous laissent lire" not in sylvie.get("/").text

    assert "Sylvie" not in sylvie.post(f"/qui-voit-mes-factures/{public}/retirer").request.path
    assert marc.get(f"/partages/{public}").status_code == 404


def of_marc(house: SylvieAndHerReaders, browser: Callable[[], Browser], **scope: object) -> tuple[Browser, str, int]:
    """Marc, who reads; the address of his list, and his grant."""
    marc, grant = house.reader("Marc Bernard", **scope)
    mine = browser()
    mine.sign_in(marc)
    return mine, f"/partages/{house.store.public_ids.of('grant', grant)}", grant


def test_the_bill_says_all_and_lets_do_nothing(house: SylvieAndHerReaders, browser: Callable[[], Browser]) -> None:
    """Every form and link of the page leads to what the grant opens, or to Marc's own space."""
    mine, way, _ = of_marc(house, browser)
    row = house.bills["LO-1"]
    page = mine.get(f"{way}/factures/{row.uid}").text
    main = page.partition("<main")[2].partition("</main>")[0]
    assert "84,00" in main
    assert "Consommation d’électricité" in main
    assert "<form" not in main
    assert set(re.findall(r'href="(/[^"#]*)', main)) == {
        way, f"{way}/factures/{row.uid}/pdf", f"{way}/factures/{row.uid}/cii.xml", f"{way}/factures/{row.uid}/ubl.xml",
    }  # fmt: skip
    for word in ("FR76", "à payer avant demain", "sans papier", "payée", "Rectifi"):
        assert word not in main, word
    assert mine.get(f"{way}/factures/{row.uid}/pdf").data.startswith(b"%PDF")
    assert b"LO-1" in mine.get(f"{way}/factures/{row.uid}/ubl.xml").data
    for endpoint in ("json", "lignes.csv", "payee", "pages"):
        assert mine.get(f"{way}/factures/{row.uid}/{endpoint}").status_code == 404
        assert mine.get(f"/factures/{row.uid}/{endpoint}").status_code in {404, 405}


@pytest.mark.parametrize("looks", [True, False])
def test_a_look_counts_for_the_owner_only_where_she_said_so(
    looks: bool, house: SylvieAndHerReaders, browser: Callable[[], Browser], clock: Clock
) -> None:
    mine, way, grant = of_marc(house, browser, looks=looks)
    row = house.bills["LO-1"]
    mine.client.head(f"{way}/factures/{row.uid}")
    mine.get(f"{way}/factures/{row.uid}", headers={"Sec-Purpose": "prefetch"})
    assert trail(house) == []
    for _ in range(2):
        mine.get(f"{way}/factures/{row.uid}")
    clock.forward(hours=2)
    mine.get(f"{way}/factures/{row.uid}/pdf")
    with house.store.reading() as session:
        viewed = session.get_one(BillRow, row.id).viewed_at
        events = [each.by for each in events_of(session, "bill", row.id) if each.what == "viewed"]
        reader = session.get_one(AccessGrant, grant).reader_id
        assert reader is not None
        assert seen_by(session, house.sylvie.id, [row.id]) == ({row.id} if looks else set())
        assert seen_by(session, reader, [row.id]) == set()
    assert (viewed is not None) is looks
    assert events == ([f"consumer {reader} for consumer {house.sylvie.id}"] if looks else [])
    assert trail(house) == ["2026-03-03"], "once a day"
    clock.forward(days=1)
    mine.get(f"{way}/factures/{row.uid}")
    assert trail(house) == ["2026-03-03", "2026-03-04"]


def trail(house: SylvieAndHerReaders) -> list[str]:
    """The days on which the contract's trail has a look by invitation."""
    with house.store.reading() as session:
        notices = notices_of(session, [house.electricity]).get(house.electricity, [])
    return [f"{each.at:%Y-%m-%d}" for each in notices if each.kind == "grant_looked"]


def test_the_owner_reads_it_all_in_the_trail(house: SylvieAndHerReaders, browser: Callable[[], Browser]) -> None:
    mine, way, _ = of_marc(house, browser, accounts=(house.electricity,))
    mine.get(f"{way}/factures/{house.bills['LO-1'].uid}")
    sylvie = browser()
    sylvie.sign_in(house.sylvie)
    story = f"/contrats/{house.store.public_ids.of('account', house.electricity)}/historique"
    found = re.findall(r"<strong>(.*?)</strong>", sylvie.get(story).text)
    assert found[-3:] == [
        "Invitation à lire les factures envoyée, par vous",
        "Invitation à lire les factures acceptée, par une autre personne",
        "Factures lues sur invitation, par une autre personne",
    ]
    assert "dernière facture ouverte <time" in sylvie.get("/qui-voit-mes-factures").text
    with house.store.reading() as session:
        for step in trail_of(session, house.electricity):
            if step.what.startswith("grant_"):
                told = step_text(step, "fr")
                assert not {"Sylvie", "Marc"} & set(told.split()), "no member of the issuer learns who reads for whom"
    mine.post(f"{way}/rendre")
    assert "Accès aux factures rendu, par une autre personne" in sylvie.get(story).text
    water = f"/contrats/{house.store.public_ids.of('account', house.water)}/historique"
    assert "nvitation" not in sylvie.get(water).text


def test_holders_see_since_when_and_when_last(
    house: SylvieAndHerReaders, browser: Callable[[], Browser], world: World, clock: Clock
) -> None:
    bob = world.consumer("Bob Martin")
    house.also_holds(bob, house.electricity)
    sylvie, bobs = browser(), browser()
    sylvie.sign_in(house.sylvie)
    page = f"/contrats/{house.store.public_ids.of('account', house.electricity)}/personnes"
    assert sylvie.get(page).text.count("pas encore de facture ouverte ici") == 2
    bobs.sign_in(bob)
    bobs.get(f"/factures/{house.bills['LO-1'].uid}")
    clock.forward(days=2)
    for where in (page, "/qui-voit-mes-factures"):
        assert 'dernière facture ouverte <time datetime="2026-03-03"' in sylvie.get(where).text
    bobs.get(f"/factures/{house.bills['LO-1'].uid}")
    assert 'dernière facture ouverte <time datetime="2026-03-05"' in sylvie.get(page).text


def test_a_form_that_is_wrong_says_what(house: SylvieAndHerReaders, browser: Callable[[], Browser]) -> None:
    sylvie, form = browser(), "/qui-voit-mes-factures/inviter"
    sylvie.sign_in(house.sylvie)
    whole = {"email": MARC, "relation": "carer", "contracts": "all", "kind": "invoices", "looks": "1", "until": ""}
    for change, said in (
        ({"email": "marc"}, "cette adresse n’est pas complète"),
        ({"email": house.sylvie.email}, "votre propre adresse"),
        ({"kind": "x"}, "au moins une sorte"), ({"contracts": "some"}, "au moins un contrat"),
        ({"contract": house.store.public_ids.of("account", house.water)}, "Seulement ceux-ci"),
        ({"until": "2026-02-01"}, "Ce jour est passé"), ({"until": "demain"}, "Écrivez un jour"),
    ):  # fmt: skip
        sylvie.get(form)
        page = sylvie.post(form, **(whole | change))
        assert page.status_code == 422, change
        assert said.lower() in page.text.lower(), change
    assert ids(house) == []
    sylvie.get(form)
    sylvie.post(form, **(whole | {"until": f"{house.world.today + timedelta(days=9)}"}))
    assert len(ids(house)) == 1


def test_inviting_asks_for_a_fresh_proof() -> None:
    assert POLICY["invite_reader.invite", "POST"].fresh
