"""The page of returned mail: Olga scans, Mina of Lumière finds a letter by its addressee, Eva of Eaux finds nothing."""

from collections.abc import Callable
from io import BytesIO

from lxml.html import fromstring
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from store.bills.bill import BillRow
from store.delivery import Delivery
from tests.lived_beginnings import lived_once
from tests.portal.conftest import Browser
from tests.portal.staff_office import Office
from tests.sample_feeds import ubl

Staffed = Callable[[str], Browser]
GEORGES = ("Georges Petit", "2 rue Haute", "29200", "Brest")


@lived_once
def marks(office: Office) -> dict[str, str]:
    """Two letters have left; the mark of each by its bill."""
    feed_id = office.drop([ubl("K-1", "C-GEORGES", person=GEORGES), ubl("K-2", "C-BOB")], name="avril.xml")
    office.pipeline.work_feed(feed_id, office.clock())
    office.pipeline.close_batch(office.clock())
    with office.store.reading() as session:
        sent = session.scalars(select(Delivery).where(Delivery.channel == "paper", Delivery.state == "sent")).all()
        bills = office.numbers({each.bill_id for each in sent})
        return {bills[each.bill_id]: f"{each.batch_id:06}{each.mail_piece:06}{len(sent):06}001001" for each in sent}


def said(answer: TestResponse) -> str:
    """A page with plain blanks."""
    return answer.text.replace("\u202f", " ").replace("\xa0", " ")


def state(office: Office, number: str) -> list[str]:
    with office.store.reading() as session:
        rows = session.scalars(select(Delivery).where(Delivery.channel == "paper").order_by(Delivery.id)).all()
        named = office.numbers({each.bill_id for each in rows})
        return [each.state for each in rows if named[each.bill_id] == number]


def test_each_scan_is_answered_and_the_page_is_ready_for_the_next(
    staff: Staffed, office: Office, marks: dict[str, str]
) -> None:
    oscar = staff("oscar")
    page = said(oscar.get("/equipe/retours?motif=moved"))
    assert '<option value="moved" selected>' in page
    answered = said(oscar.post("/equipe/retours/scan", mark=marks["K-1"], motif="moved"))
    assert "Revenue : Georges Petit, K-1." in answered
    assert '<option value="moved" selected>' in answered
    assert "autofocus" in answered
    assert state(office, "K-1") == ["failed"]
    assert "Déjà enregistrée" in said(oscar.post("/equipe/retours/scan", mark=marks["K-1"], motif="moved"))
    assert "Aucune lettre ne correspond" in said(oscar.post("/equipe/retours/scan", mark="bonjour", motif="moved"))
    assert "n’habite plus à l’adresse" in said(oscar.get("/equipe/retours"))


def test_a_letter_is_found_by_its_addressee_and_told_by_hand(
    staff: Staffed, office: Office, marks: dict[str, str]
) -> None:
    mina = staff("mina")
    found = said(mina.get("/equipe/retours?nom=petit+georges&cp=29200"))
    assert "K-1" in found
    letter = found.partition('name="lettre" value="')[2].partition('"')[0]
    told = said(mina.post("/equipe/retours/lettre", lettre=letter, motif="refused"))
    assert "La lettre est enregistrée comme revenue." in told
    assert state(office, "K-1") == ["failed"]
    assert "Aucune lettre partie ne correspond" in said(mina.get("/equipe/retours?numero=K-1"))


def test_each_field_of_the_page_has_its_own_label(staff: Staffed) -> None:
    page = fromstring(staff("oscar").get("/equipe/retours").text)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert all(page.xpath(f"//label[@for='{each}']") for each in page.xpath("//main//input[not(@type='hidden')]/@id"))


def test_the_address_of_a_returned_letter_is_mended_from_its_bill_until_somebody_sees_it(
    staff: Staffed, office: Office, marks: dict[str, str]
) -> None:
    mina = staff("mina")
    mina.post("/equipe/retours/scan", mark=marks["K-1"], motif="unknown")
    page = mina.get("/equipe/factures?numero=K-1").text
    there = page.partition('href="/equipe/lettres/')[2].partition('"')[0]
    assert mina.get(f"/equipe/lettres/{there}").status_code == 200
    with office.store.writing() as session:
        session.execute(update(BillRow).where(BillRow.number == "K-1").values(viewed_at=office.clock()))
    assert "/equipe/lettres/" not in mina.get("/equipe/factures?numero=K-1").text


def test_who_works_for_another_issuer_finds_nothing_and_changes_nothing(
    staff: Staffed, office: Office, marks: dict[str, str]
) -> None:
    mina, eva = staff("mina"), staff("eva")
    found = said(mina.get("/equipe/retours?numero=K-1"))
    letter = found.partition('name="lettre" value="')[2].partition('"')[0]
    assert "K-1," not in said(eva.get("/equipe/retours?numero=K-1"))
    assert "Aucune lettre ne correspond" in said(eva.post("/equipe/retours/scan", mark=marks["K-1"], motif="moved"))
    assert eva.post("/equipe/retours/lettre", lettre=letter, motif="moved").status_code == 404
    assert state(office, "K-1") == ["sent"]


def test_a_file_is_read_and_its_bad_lines_are_told(staff: Staffed, office: Office, marks: dict[str, str]) -> None:
    mina = staff("mina")
    mina.get("/equipe/retours")
    table = f"code;motif\n{marks['K-1']};NPAI\n{marks['K-2']};mangé par le chien\n123;NPAI\n"
    told = said(mina.post("/equipe/retours/fichier", file=(BytesIO(table.encode()), "retours.csv")))
    assert "1 lettre de retour est enregistrée." in told
    assert "Ligne 3 : Motif inconnu : Bob" in told
    assert "Ligne 4 : Aucune lettre ne correspond : 123." in told
    assert (state(office, "K-1"), state(office, "K-2")) == (["failed"], ["sent"])
    wrong = said(mina.post("/equipe/retours/fichier", file=(BytesIO(b"nom\nAlice\n"), "x.csv")))
    assert "aucune colonne ne nomme une lettre" in wrong.casefold()


def test_no_line_without_effect_is_passed_over_in_silence(
    staff: Staffed, office: Office, marks: dict[str, str]
) -> None:
    """Lines that were told before take no room; beyond what a page can tell, the others are counted."""
    mina = staff("mina")
    mina.get("/equipe/retours")
    table = "code;motif\n" + f"{marks['K-1']};NPAI\n" * 30 + "123;NPAI\n" * 23
    told = said(mina.post("/equipe/retours/fichier", file=(BytesIO(table.encode()), "retours.csv")))
    assert told.count("Aucune lettre ne correspond") == 20
    assert "Ligne 32" in told
    assert "3 autres lignes sont sans effet." in told
