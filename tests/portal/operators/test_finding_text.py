"""Findings in the reader's language: Mina of Lumière reads hers in French, or in English, and never half of each."""

import csv
import re
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from flask import Flask, render_template_string
from markupsafe import escape

from bill import ControlTotals, fatal
from doors.feed_drop import drop_feed
from portal.operators.presenters.finding_text import message, place
from portal.operators.presenters.rule_names import in_words
from tests.finding_sentences import rules, sentences
from tests.portal.conftest import Browser
from tests.portal.staff_office import Office
from tests.pseudo_locale import left_over, speak_pseudo
from tests.sample_feeds import batch, ubl
from tests.word_catalogues import translations

pytestmark = pytest.mark.beside_any_database

Staff = Callable[[str], Browser]
NB = "\u00a0"
_blanks = re.compile(r"\{([a-z0-9_]+)\}").findall
#: Words that no French sentence has, but for names of terms and formats.
_ENGLISH = re.compile(r"\b(?:the|is|are|of|and|must|bill|line|send|this|that|with|none|has|have|not)\b")


# -- the catalogue ---------------------------------------------------------------------------------------------


def test_the_french_says_the_same_of_the_same_values() -> None:
    """Only what a library says of a file, in English, is left out."""
    for said, said_in_french in translations("findings", "fr").items():
        assert set(_blanks(said_in_french)) == set(_blanks(said)) - {"reason"}, said


def test_the_french_is_french() -> None:
    for said, said_in_french in translations("findings", "fr").items():
        assert said_in_french != said
        assert not _ENGLISH.search(re.sub(r"\{\w+\}", "", said_in_french)), said_in_french
        assert said_in_french[0] in "«{" or said_in_french[0].isupper()


def test_every_rule_has_its_words() -> None:
    assert len(rules()) > 400
    assert [rule for rule in rules() if not in_words(rule)] == []


def test_every_finding_is_looked_up(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    speak_pseudo(monkeypatch)
    with app.test_request_context():
        assert [said for said in sentences() if left_over(message(fatal("X-1", said)))] == []


# -- one finding -----------------------------------------------------------------------------------------------


def test_amounts_are_written_as_their_reader_writes_them(app: Flask) -> None:
    sentence = "the total with VAT is {gross}, but {net} and VAT of {vat} make {due}"
    amounts = {"gross": Decimal("1199.00"), "net": Decimal(1000), "vat": Decimal("200.50"), "due": Decimal("1200.50")}
    finding = fatal("BR-CO-15", sentence, "BT-112", **amounts)
    with app.test_request_context(headers={"Accept-Language": "fr"}):
        assert message(finding) == (
            "Le total TVA comprise est de 1\u202f199,00, mais 1\u202f000 hors TVA et 200,50 de TVA font 1\u202f200,50"
        )
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert message(finding) == "the total with VAT is 1,199.00, but 1,000 and VAT of 200.50 make 1,200.50"


def test_an_amount_beside_its_currency_is_money(app: Flask) -> None:
    sentence = "{said} {currency} are declared ({source}), {found} {currency} were read"
    said, found = Decimal("98.4"), Decimal(0)
    finding = fatal("CONTROL-TOTALS", sentence, said=said, found=found, currency="EUR", source="trailer, line 9")
    with app.test_request_context():
        assert message(finding) == (
            f"Totaux de contrôle{NB}: 98,40{NB}€ annoncés (enregistrement de fin, ligne 9), 0,00{NB}€ lus"
        )


def test_a_family_of_rules_has_one_sentence(app: Flask) -> None:
    wrong = "{taxable} is taxed in category {category}, but the lines come to {due}"
    with app.test_request_context():
        told = [
            message(fatal(f"BR-{family}-08", wrong, taxable=Decimal(7), category=category, due=Decimal(8)))
            for family, category in (("S", "S"), ("AE", "AE"), ("IC", "K"))
        ]
    assert told[2] == "La base d’imposition de la catégorie K est de 7, mais les lignes font 8"
    assert len({text.replace(f" {category} ", " ") for text, category in zip(told, ["S", "AE", "K"], strict=True)}) == 1


@pytest.mark.parametrize("trick", ["{0.__class__}", "{code.__class__}", "{code}", "%s", "<script>alert(1)</script>"])
def test_what_a_sender_wrote_is_text(app: Flask, trick: str) -> None:
    finding = fatal("BR-CL-04", "'{code}' is no currency (ISO 4217)", "BT-5", code=trick)
    with app.test_request_context():
        assert message(finding) == f"«{NB}{trick}{NB}» n’est pas une devise (ISO 4217)"
        assert escape(trick) in render_template_string("{{ finding | said }}", finding=finding)


def test_a_sentence_of_another_day_is_shown_as_it_was_said(app: Flask) -> None:
    with app.test_request_context():
        assert message(fatal("OLD-1", "nobody says {what} any more", what="this")) == "nobody says this any more"


@pytest.mark.parametrize(
    ("where", "in_french"),
    [
        ("line 12, cbc:ID", "ligne 12, cbc:ID"),
        ("line 3 (L-7), BT-131", "ligne 3 (L-7), BT-131"),
        ("lines 4 to 9", "lignes 4 à 9"),
        ("line 3, column Betrag", "ligne 3, colonne Betrag"),
        ("line 1, characters 3 to 12", "ligne 1, caractères 3 à 12"),
        ("after line 8", "après la ligne 8"),
        ("mars.zip: invoice 3, line 45", "mars.zip: facture 3, ligne 45"),
        ("mars.pdf: pages 3-5", "mars.pdf: pages 3 à 5"),
        ("bill 2, lines[1]", "facture 2, lines[1]"),
        ("message 2, segment 14", "message 2, segment 14"),
        ("byte 1", "octet 1"),
        ("end of the file", "fin du fichier"),
        ("before the root element", "avant l’élément racine"),
        ("seller, BT-34", "vendeur, BT-34"),
        ("tax representative", "représentant fiscal"),
        ("delimited.columns.due_date", "delimited.columns.due_date"),
        ("BT-31, BT-32, BT-48, BT-63", "BT-31, BT-32, BT-48, BT-63"),
        ("", ""),
    ],
)
def test_where_to_look_is_said_in_french(app: Flask, where: str, in_french: str) -> None:
    with app.test_request_context(headers={"Accept-Language": "fr"}):
        assert place(where) == in_french
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert place(where) == where


# -- on pages, in a sheet, for programs ------------------------------------------------------------------------


def in_english(mine: Browser, path: str) -> str:
    mine.get("/equipe/")
    mine.post("/langue", language="en", suite="/equipe/")
    return mine.get(path).text


def test_mina_reads_what_is_wrong_in_french(office: Office, staff: Staff) -> None:
    feed_id = office.drop([ubl("L-4", gross=Decimal("1099.00")), ubl("L-5", issued="2026-02-30")])
    for path in (f"/equipe/flux/{feed_id}", f"/equipe/flux/{feed_id}/articles"):
        page = staff("mina").get(path).text
        assert "Le total TVA comprise est de 1\u202f099,00, mais 70,00 hors TVA et 14,00 de TVA font 84,00" in page
        assert f"«{NB}2026-02-30{NB}» n’est pas dans le calendrier" in page
        assert re.search(r"\bligne \d+, cbc:IssueDate", page)
        assert not re.search(r"is not in the calendar|but 70\.00|\bline \d", page)
        spoken = in_english(staff("mina"), path)
        assert "the total with VAT is 1,099.00, but 70.00 and VAT of 14.00 make 84.00" in spoken
        assert not re.search(r"calendrier|\bligne \d", spoken)


def test_a_refused_file_says_why_in_french(office: Office, staff: Staff) -> None:
    content = BytesIO(batch([ubl("L-6")])[:-9])
    feed_id = drop_feed(office.store, office.lumiere, content, "coupe.xml", "api", office.clock()).feed_id
    office.pipeline.read(office.clock(), feed_id)
    page = staff("mina").get(f"/equipe/flux/{feed_id}").text
    assert "lot XML" in page
    assert "XML que nous ne pouvons pas lire. Ce XML est abîmé ou coupé" in page
    assert "Premature" not in page
    assert "broken" not in page
    assert "this XML is broken or cut off" in in_english(staff("mina"), f"/equipe/flux/{feed_id}")


def test_what_is_declared_says_where_in_french(office: Office, staff: Staff) -> None:
    declared = ControlTotals(count=3, source="trailer, line 9")
    page = staff("mina").get(f"/equipe/flux/{office.drop([ubl('L-9'), ubl('L-10')], declared)}").text
    assert f"Totaux de contrôle{NB}: 3 factures annoncées (enregistrement de fin, ligne 9), 2 lues" in page
    assert "trailer" not in page


def test_the_sheet_is_in_its_reader_s_language(office: Office, staff: Staff) -> None:
    feed_id = office.drop([ubl("L-4", gross=Decimal("99.00"))])
    path = f"/equipe/flux/{feed_id}/articles/feuille.csv"
    [_, row] = csv.reader(StringIO(staff("mina").get(path).text.lstrip("\ufeff")), delimiter=";")
    assert row[6].startswith("Le total TVA comprise est de 99,00, mais 70,00 hors TVA")
    [_, row] = csv.reader(StringIO(in_english(staff("mina"), path).lstrip("\ufeff")))
    assert row[6].startswith("the total with VAT is 99.00, but 70.00 and VAT of 14.00 make 84.00")


def test_programs_are_told_in_english_whatever_they_accept(office: Office, app: Flask) -> None:
    feed_id = office.drop([ubl("L-4", gross=Decimal("99.00"))])
    headers = office.keys["lumiere"] | {"Accept-Language": "fr"}
    answer = app.test_client().get(f"/v1/feeds/{feed_id}", headers=headers).get_json()
    [finding] = [each for each in answer["findings"] if each["rule"] == "BR-CO-15"]
    assert finding["message"] == "the total with VAT is 99.00, but 70.00 and VAT of 14.00 make 84.00"
    assert finding.keys() == {"number", "rule", "severity", "place", "message"}


def test_a_rehearsal_says_why_in_its_reader_s_language(office: Office, staff: Staff) -> None:
    page = f"/equipe/flux/{office.held}"
    oscar = staff("oscar")
    oscar.get(page)
    oscar.post(f"{page}/essai")
    office.pipeline.work_until_idle(office.clock())
    assert oscar.get(page).text.count("7 factures annoncées (API), 6 lues") == 3
    assert in_english(oscar, page).count("7 bills are declared (API), 6 were read") == 3


def test_a_currency_that_no_store_could_keep_refuses_its_bill_alone(office: Office, staff: Staff) -> None:
    feed_id = office.drop([ubl("L-7").replace(">EUR<", ">EURO-EURO<"), ubl("L-8")])
    assert office.feed(feed_id).state == "released"
    assert f"«{NB}EURO-EURO{NB}» n’est pas une devise comme EUR" in staff("mina").get(f"/equipe/flux/{feed_id}").text
