"""A reader's own tags and note on a bill: theirs alone, within limits, gone when they leave the contract."""

from collections.abc import Callable

import lxml.html
import pytest
from sqlalchemy import func, select

from portal.consumers.bills.tags_and_notes import LONGEST_NOTE
from portal.public_id_converter import public_id
from store import Store
from store.accounts.consumer import enrol
from store.bills.bill import BillRow
from store.bills.bill_note import BillNote
from store.bills.bill_tag import MOST_TAGS, BillTag
from store.db.event import events_of
from tests.portal.conftest import Browser
from tests.portal.consumers.bills.test_bills import plain
from tests.portal.sample_town import LUMIERE, World, a_bill

NewBrowser = Callable[[], Browser]


@pytest.fixture
def bill(world: World) -> BillRow:
    """A bill of an account that Alice and Bob hold; Charlie holds another one."""
    lumiere = world.issuer("lumiere", "Lumière de l’Ouest", LUMIERE)
    rows = world.drop(lumiere, [a_bill("F-1", "C-1", world.today), a_bill("F-2", "C-2", world.today)])
    for name, number in (("Alice Martin", "C-1"), ("Charlie Petit", "C-2"), ("Bob Durand", "C-1")):
        world.consumer(name, holds={lumiere: number})
    return rows["F-1"]


@pytest.fixture
def reader(browser: NewBrowser, bill: BillRow) -> Callable[[str], Browser]:
    """Signs somebody in; returns their browser on the bill's page."""

    def signed_in(name: str) -> Browser:
        mine = browser()
        mine.get("/connexion")
        mine.post("/connexion", email=f"{name}@exemple.fr", password="une phrase que je retiens")
        mine.get(f"/factures/{bill.uid}")
        return mine

    return signed_in


def tags_on(page: str) -> list[str]:
    return [each.text_content().strip() for each in lxml.html.fromstring(page).xpath("//li[@class='chip']/a")]


def test_a_tag_is_shown_as_typed_and_found_folded(reader: Callable[[str], Browser], bill: BillRow) -> None:
    alice, path = reader("alice"), f"/factures/{bill.uid}"
    page = alice.post(f"{path}/etiquettes", etiquette="  Impôts  2026, garage").text
    assert tags_on(page) == ["garage", "Impôts 2026"]
    assert tags_on(alice.post(f"{path}/etiquettes", etiquette="IMPOTS 2026").text) == ["garage", "Impôts 2026"]
    [way] = lxml.html.fromstring(alice.page.text).xpath("//li[@class='chip']/a[text()='Impôts 2026']/@href")
    found = plain(alice.get(way).text)
    assert "Factures, étiquette « Impôts 2026 »" in found
    assert "1 facture" in found
    assert "Rien de tel" in alice.get("/?etiquette=vacances").text
    alice.get(path)
    assert tags_on(alice.post(f"{path}/etiquettes/retirer", etiquette="impots 2026").text) == ["garage"]


@pytest.mark.parametrize("tag", ["½ loyer ¼ part … 2026 № 1 ½ ½ ½ ½", "ß" * 40, "Ⅷ" * 40, "ﷺ" * 40, "ŉ" * 40, "İ"])
def test_a_tag_that_grows_when_folded_finds_its_bill(reader: Callable[[str], Browser], bill: BillRow, tag: str) -> None:
    alice = reader("alice")
    alice.post(f"/factures/{bill.uid}/etiquettes", etiquette=tag)
    [offered] = lxml.html.fromstring(alice.get("/").text).xpath("//select[@name='etiquette']/option[@value!='']/@value")
    assert bill.uid in alice.get("/", query_string={"etiquette": offered}).text
    [chosen] = lxml.html.fromstring(alice.page.text).xpath("//select[@name='etiquette']/option[@selected]")
    assert chosen.text == tag


def test_a_note_is_kept_changed_and_emptied(reader: Callable[[str], Browser], bill: BillRow) -> None:
    alice, path = reader("alice"), f"/factures/{bill.uid}/note"
    page = alice.post(path, note="  Relevé fait le 3.\r\n<b>Payer\x00 Bob</b>\n").text
    assert lxml.html.fromstring(page).find_class("letter")[0].text == "Relevé fait le 3.\n<b>Payer  Bob</b>"
    assert "Changer la note" in page
    alice.post(path, note="é" * LONGEST_NOTE)
    page = alice.post(path, note="x" * (LONGEST_NOTE + 1)).text
    assert "Une note a 2\u202f000 caractères au plus" in page
    assert "é" * LONGEST_NOTE in page
    assert lxml.html.fromstring(alice.post(path, note=" \n ").text).find_class("letter") == []


def test_nobody_else_sees_them(
    reader: Callable[[str], Browser], bill: BillRow, staff: Callable[[str], Browser], store: Store
) -> None:  # fmt: skip
    alice, path = reader("alice"), f"/factures/{bill.uid}"
    alice.post(f"{path}/etiquettes", etiquette="secret-tag")
    alice.post(f"{path}/note", note="secret-note")
    bob = reader("bob")
    assert "secret" not in bob.page.text
    assert "secret" not in bob.get("/").text
    assert "Rien de tel" in bob.get("/?etiquette=secret-tag").text
    bob.get(path)
    bob.post(f"{path}/etiquettes/retirer", etiquette="secret-tag")
    charlie = reader("charlie")
    for way, field in (("etiquettes", "etiquette"), ("etiquettes/retirer", "etiquette"), ("note", "note")):
        charlie.get("/")
        assert charlie.post(f"{path}/{way}", **{field: "x"}).status_code == 404
    alice.get(path)
    assert tags_on(alice.page.text) == ["secret-tag"]
    with store.reading() as session:
        assert "secret" not in str([(each.what, each.why) for each in events_of(session, "bill", bill.id)])


def test_limits(reader: Callable[[str], Browser], bill: BillRow) -> None:
    alice, path = reader("alice"), f"/factures/{bill.uid}/etiquettes"
    assert "40 caractères au plus" in alice.post(path, etiquette="x" * 41).text
    assert tags_on(alice.post(path, etiquette="ﷺ" * 40).text) == ["ﷺ" * 40]
    page = alice.post(path, etiquette=", ".join(f"n° {n}" for n in range(MOST_TAGS))).text
    assert "20 étiquettes au plus" in page
    assert len(tags_on(page)) == MOST_TAGS
    assert "Ajouter une étiquette" not in page
    assert tags_on(alice.post(path, etiquette=" , \x07,").text) == tags_on(page)


def test_they_go_with_who_leaves_the_contract(
    reader: Callable[[str], Browser], bill: BillRow, store: Store, world: World
) -> None:  # fmt: skip
    for name in ("alice", "bob"):
        mine = reader(name)
        mine.post(f"/factures/{bill.uid}/etiquettes", etiquette="garage")
        mine.post(f"/factures/{bill.uid}/note", note="vu")
    alice = reader("alice")
    with alice.client.application.test_request_context():
        account = public_id(bill.account_id, "account")
    alice.get(f"/contrats/{account}/quitter")
    alice.post(f"/contrats/{account}/quitter")
    with store.writing() as session:
        for table in (BillTag, BillNote):
            assert session.scalars(select(table.consumer_id)).all() == [3]
        assert session.scalar(select(func.count()).select_from(BillTag)) == 1
        enrol(session, 1, bill.account_id, world.now)
    assert tags_on(reader("alice").page.text) == []
