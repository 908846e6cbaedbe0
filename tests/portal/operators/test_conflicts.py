"""What waits for a person, on staff's pages: Mina of Lumière compares two contents under one number and rules, Oscar
sees to held letters, Eva of Eaux sees nothing of it."""

from collections.abc import Callable
from decimal import Decimal
from importlib import import_module

import pytest
from flask import Flask
from sqlalchemy import select

from audit.run_all_checks import check
from bill import Reason
from store.bills.bill import BillRow
from store.bills.bill_lookup import bill_by_number
from store.db.event import events_of
from store.delivery import Delivery
from store.feeds.conflict import Conflict
from tests.item_outcomes import outcome_counts
from tests.lived_beginnings import lived_once
from tests.portal.conftest import Browser
from tests.portal.staff_office import Office
from tests.sample_feeds import ubl

Staffed = Callable[[str], Browser]
FIRST = [ubl("K-1"), ubl("K-2", "C-BOB"), ubl("K-3", "C-CHARLIE")]
DEARER = [ubl("K-1", net=Decimal(99)), ubl("K-2", "C-BOB", net=Decimal(5)), ubl("K-9")]


@lived_once
def again(office: Office) -> int:
    """Lumière sends two of three bills again, with other amounts."""
    for name, bills in (("avril.xml", FIRST), ("encore.xml", DEARER)):
        feed_id = office.drop(bills, name=name)
        office.pipeline.work_feed(feed_id, office.clock())
    return feed_id


def conflict_of(office: Office, number: str) -> Conflict:
    with office.store.reading() as session:
        return session.scalars(select(Conflict).where(Conflict.number == number)).one()


def plain(page: str) -> str:
    return " ".join(page.replace("\u00a0", " ").replace("\u202f", " ").split())


def test_both_contents_stand_side_by_side(office: Office, again: int, staff: Staffed) -> None:
    mina = staff("mina")
    assert "2 conflits" in mina.get("/equipe/").text
    conflicts = f"/equipe/conflits?flux={office.store.public_ids.of('feed', again)}"
    assert conflicts in mina.get("/equipe/attente").text
    assert conflicts in mina.get(f"/equipe/flux/{again}").text
    assert mina.get(conflicts).text.count("K-1") == mina.get(f"/equipe/conflits?flux={again}").text.count("K-1") > 0
    listed = plain(mina.get(f"/equipe/conflits?flux={again}").text)
    assert "2 conflits attendent une décision" in listed
    assert listed.count("peut être remplacée") == 2
    page = plain(mina.get(f"/equipe/conflits/{conflict_of(office, 'K-1').id}").text)
    for term, first, second in (("À payer", "84,00", "118,80"), ("Ligne 1, montant HT", "70,00", "99,00")):
        row = page[page.index(f'<th scope="row">{term}</th>') :].split("</tr>")[0]
        assert row.index(first) < row.index(second)
    assert "rue des Lilas" not in page, "what is the same is not told"
    assert "Mettre la nouvelle à sa place" in page
    mina.post("/langue", language="en", suite="/equipe/")
    english = plain(mina.get(f"/equipe/conflits/{conflict_of(office, 'K-1').id}").text)
    assert "Put the new one in its place" in english
    assert "Line 1, amount without VAT" in english
    assert "Total without VAT" in english
    assert "Project-Id-Version" not in english, "a group without a name of its own says nothing"


def test_mina_rules_once_and_with_a_reason(office: Office, again: int, staff: Staffed) -> None:
    mina, conflict = staff("mina"), conflict_of(office, "K-1")
    page, first = f"/equipe/conflits/{conflict.id}", str(conflict.first_id)
    mina.get(page)
    act = f"{page}/decision"
    assert "Écrivez la raison" in mina.post(act, decision="remplacer", premiere=first, reason=" ").text
    assert mina.post(act, decision="brûler", premiere=first, reason="x").status_code == 400
    mina.get(page)
    assert "avant vous" in mina.post(act, decision="remplacer", premiere="4711", reason="le tarif était faux").text
    assert "prend le numéro" in mina.post(act, decision="remplacer", premiere=first, reason="le tarif était faux").text
    late = mina.post(act, decision="garder", premiere=first, reason="non")
    assert "avant vous" in late.text
    assert "le tarif était faux" in late.text
    office.pipeline.work_until_idle(office.clock())
    with office.store.reading() as session:
        bill, old = bill_by_number(session, office.lumiere.id, "K-1"), session.get_one(BillRow, conflict.first_id)
        assert bill is not None
        assert (bill.payable, old.state) == (Decimal("118.80"), "superseded")
    superseded = mina.get(f"/equipe/factures/{old.id}").text
    assert "mina@facteur.example : le tarif était faux" in plain(superseded)
    public_id = office.store.public_ids.of("bill", bill.id)
    assert mina.get("/equipe/factures?numero=K-1").request.path == f"/equipe/factures/{public_id}"
    assert "la nouvelle l’a remplacée" in mina.get(f"/equipe/flux/{again}/articles").text
    assert not any(check(office.store).invariants.values())


def test_what_has_reached_its_customer_is_not_offered(office: Office, again: int, staff: Staffed) -> None:
    office.pipeline.work_until_idle(office.clock())
    office.pipeline.close_batch(office.clock())
    mina, conflict = staff("mina"), conflict_of(office, "K-1")
    page = mina.get(f"/equipe/conflits/{conflict.id}").text
    assert "Elle a été postée" in page
    assert "envoyez un avoir (BT-3 381) ou une facture rectificative (384)" in page
    assert "Mettre la nouvelle" not in page
    act = f"/equipe/conflits/{conflict.id}/decision"
    forced = mina.post(act, decision="remplacer", premiere=str(conflict.first_id), reason="quand même")
    assert "ne se remplace plus" in forced.text
    kept = mina.post(act, decision="garder", premiere=str(conflict.first_id), reason="avoir envoyé")
    assert "est gardée" in kept.text


def test_all_of_a_feed_is_decided_at_once(office: Office, again: int, staff: Staffed) -> None:
    mina = staff("mina")
    mina.get(f"/equipe/conflits?flux={again}")
    assert "Écrivez la raison" in mina.post(f"/equipe/conflits/flux/{again}", decision="garder", reason="").text
    said = mina.post(f"/equipe/conflits/flux/{again}", decision="garder", reason="envoyé par erreur").text
    assert "2 premières factures gardées." in said
    settled = plain(mina.get(f"/equipe/conflits/{conflict_of(office, 'K-2').id}").text)
    assert "La première est gardée" in settled
    assert "mina@facteur.example : envoyé par erreur" in settled
    assert settled.index("84,00") < settled.index("6,00"), "what was refused is gone, its amount is not"
    assert "Garder la première" not in settled
    said = mina.get(f"/equipe/conflits?flux={again}").text
    assert "Aucun conflit n’attend" in said
    with office.store.reading() as session:
        assert outcome_counts(session, again)["rejected"] == 2


def test_conflicts_come_a_page_at_a_time(
    office: Office, again: int, staff: Staffed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("portal.operators.conflicts"), "CONFLICTS_A_PAGE", 1)
    mina = staff("mina")
    first = mina.get("/equipe/conflits").text
    assert (">K-1<" in first, ">K-2<" in first) == (True, False)
    second = mina.get(f"/equipe/conflits?suite={conflict_of(office, 'K-1').id}").text
    assert (">K-1<" in second, ">K-2<" in second) == (False, True)


def test_a_program_reads_what_became_of_each(office: Office, again: int, staff: Staffed, app: Flask) -> None:
    def items() -> list[dict[str, object] | None]:
        answer = app.test_client().get(f"/v1/feeds/{again}/items", headers=office.keys["lumiere"]).get_json()
        return [item["conflict"] for item in answer["items"]]

    first, second, third = items()
    assert first is not None
    assert second is not None
    assert (first["state"], first["decided_by"], third) == ("open", None, None)
    mina = staff("mina")
    mina.get(f"/equipe/conflits?flux={again}")
    mina.post(f"/equipe/conflits/flux/{again}", decision="garder", reason="envoyé par erreur")
    first, _, _ = items()
    assert first is not None
    assert (first["state"], first["decided_by"], first["reason"]) == (
        "kept", "mina@facteur.example", "envoyé par erreur",
    )  # fmt: skip


def test_what_is_not_yours_looks_like_what_is_not_there(office: Office, again: int, staff: Staffed) -> None:
    eva, conflict = staff("eva"), conflict_of(office, "K-1")
    pairs = [
        (f"/equipe/conflits/{conflict.id}", "/equipe/conflits/4711"),
        (f"/equipe/conflits?flux={again}", "/equipe/conflits?flux=4711"),
    ]
    for theirs, nobodys in pairs:
        mine = eva.get(theirs)
        assert (mine.status_code, mine.data) == (404, eva.get(nobodys).data)
    assert eva.get("/equipe/conflits?flux=x").status_code == 404
    for act in (f"/equipe/conflits/{conflict.id}/decision", f"/equipe/conflits/flux/{again}"):
        eva.get("/equipe/")
        answer = eva.post(act, decision="garder", premiere=str(conflict.first_id), reason="moi")
        assert answer.status_code == 404
    assert "K-1" not in eva.get("/equipe/conflits").text
    assert "Rien à décider" in eva.get("/equipe/attente").text
    assert conflict_of(office, "K-1").state == "open"


# -- held letters ----------------------------------------------------------------------------------------------


@lived_once
def held(office: Office, again: int) -> list[int]:
    """Alice's, Bob's and Charlie's letters could not go."""
    with office.store.writing() as session:
        letters = session.scalars(select(Delivery).where(Delivery.channel == "paper").order_by(Delivery.id)).all()
        for letter in letters[:3]:
            letter.state, letter.batch_id = "failed", None
            letter.reason = Reason.of("address_incomplete", address_parts=["line1"])
        return [letter.id for letter in letters[:3]]


def states(office: Office, ids: list[int]) -> list[str]:
    with office.store.reading() as session:
        return [session.get_one(Delivery, each).state for each in ids]


def test_held_letters_wait_on_one_page(office: Office, held: list[int], staff: Staffed) -> None:
    oscar = staff("oscar")
    assert '<span class="figure">3</span> <span class="name">lettres retenues</span>' in oscar.get("/equipe/").text
    page = oscar.get("/equipe/attente").text
    assert page.count("il manque la rue") == 3
    for each in held:
        assert f'name="lettre" value="{office.store.public_ids.of("delivery", each)}"' in page
    mina = staff("mina").get("/equipe/attente").text
    assert "il manque la rue" in mina
    assert 'name="lettre"' not in mina
    assert "Lettres retenues" not in staff("eva").get("/equipe/attente").text


def test_oscar_prints_one_and_answers_for_another(office: Office, held: list[int], staff: Staffed) -> None:
    oscar, act = staff("oscar"), "/equipe/attente/lettres"
    alices, bobs, _ = held
    oscar.get("/equipe/attente")
    assert "Choisissez des lettres" in oscar.post(act, decision="imprimer", reason="rue retrouvée").text
    assert "Choisissez des lettres" in oscar.post(act, decision="imprimer", lettre=str(alices), reason="").text
    assert oscar.post(act, decision="brûler", lettre=str(alices), reason="x").status_code == 400
    oscar.get("/equipe/attente")
    said = oscar.post(act, decision="imprimer", lettre=str(alices), reason="rue retrouvée").text
    assert "1 lettre part avec le prochain lot." in said
    said = oscar.post(act, decision="annuler", lettre=str(bobs), reason="remise au guichet").text
    assert "1 lettre ne sera plus envoyée." in said
    assert states(office, held) == ["ready", "cancelled", "failed"]
    assert "avant vous" in oscar.post(act, decision="imprimer", lettre=str(bobs), reason="encore").text
    assert "avant vous" in oscar.post(act, decision="annuler", lettre="4711", reason="?").text
    with office.store.reading() as session:
        bill_id = session.get_one(Delivery, bobs).bill_id
    assert "Plus envoyée : oscar@facteur.example en répond." in plain(oscar.get(f"/equipe/factures/{bill_id}").text)
    assert not any(check(office.store).invariants.values())


def test_only_operators_see_to_letters(office: Office, held: list[int], staff: Staffed) -> None:
    mina = staff("mina")
    mina.get("/equipe/")
    assert mina.post("/equipe/attente/lettres", decision="annuler", lettre=str(held[0]), reason="x").status_code == 404
    assert states(office, held) == ["failed"] * 3


def test_mina_mends_an_address_and_the_letter_goes(office: Office, held: list[int], staff: Staffed) -> None:
    mina, page = staff("mina"), f"/equipe/lettres/{office.store.public_ids.of('delivery', held[0])}/adresse"
    assert page in mina.get("/equipe/attente").text
    form = mina.get(page).text
    assert "il manque la rue" in form
    assert '<option value="FR" selected>France</option>' in form
    typed = {"line1": "12 rue des Lilas", "line2": "Appt 7", "line3": "", "postcode": "", "city": "Rezé",
             "subdivision": "", "country": "FR", "reason": ""}  # fmt: skip
    refused = mina.post(page, **typed)
    assert refused.status_code == 422
    for words in ("une lettre porte un code postal", "Écrivez la raison", 'value="Appt 7"'):
        assert words in refused.text
    done = mina.post(page, **typed | {"postcode": "44400", "reason": "au téléphone"})
    assert "1 lettre part avec le prochain lot." in done.text
    assert "Adresse corrigée" in done.text
    assert "12 rue des Lilas, Appt 7, 44400 Rezé" in done.text
    assert states(office, held) == ["ready", "failed", "failed"]
    assert mina.get(page).status_code == 404, "it is no longer held"
    with office.store.reading() as session:
        account = session.get_one(BillRow, session.get_one(Delivery, held[0]).bill_id).account_id
        assert [(event.what, event.by, event.why) for event in events_of(session, "account", account)] == [
            ("address mended", "mina@facteur.example", "au téléphone")
        ]
    mina.get("/equipe/")
    mina.post("/langue", language="en", suite="/equipe/")
    assert "Mend the address" in mina.get(f"/equipe/lettres/{held[1]}/adresse").text


def test_only_the_issuers_staff_and_operators_see_the_address(
    office: Office, held: list[int], staff: Staffed, app: Flask
) -> None:
    page = f"/equipe/lettres/{held[1]}/adresse"
    eva = staff("eva")
    assert eva.get(page).status_code == 404
    eva.get("/equipe/")
    assert eva.post(page, line1="1 rue", city="X", postcode="44000", country="FR", reason="x").status_code == 404
    assert staff("oscar").get(page).status_code == 200
    assert app.test_client().get(page).status_code == 303
    with office.store.writing() as session:
        session.get_one(Delivery, held[1]).reason = Reason.of("pdf_unreadable", error="torn")
    assert staff("oscar").get(page).status_code == 404, "no address would help that letter"


def test_a_bill_set_apart_waits_there_too(office: Office, again: int, staff: Staffed) -> None:
    with office.store.writing() as session:
        bill = bill_by_number(session, office.lumiere.id, "K-3")
        assert bill is not None
        bill.state = "failed"
    oscar, act = staff("oscar"), "/equipe/attente/factures"
    page = oscar.get("/equipe/attente").text
    assert "Factures mises de côté" in page
    assert "K-3" in page
    assert "Choisissez des factures" in oscar.post(act, facture=str(bill.id), repair="").text
    assert "1 facture est reprise." in oscar.post(act, facture=str(bill.id), repair="le modèle est réparé").text
    office.pipeline.work_until_idle(office.clock())
    with office.store.reading() as session:
        assert session.get_one(BillRow, bill.id).state == "chosen"
    assert "déjà reprises" in oscar.post(act, facture=str(bill.id), repair="encore").text
    mina = staff("mina")
    mina.get("/equipe/")
    assert mina.post(act, facture=str(bill.id), repair="x").status_code == 404
