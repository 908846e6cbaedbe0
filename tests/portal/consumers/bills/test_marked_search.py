"""What a search found is shown with its words marked, where they stand; where nothing was, what was meant."""

import re
import time
from datetime import timedelta
from decimal import Decimal

import pytest

from bill import Attachment, Line, Note
from store.search.marked_text import LONGEST, excerpt, marked
from store.search.search_entry import forget_account, index_bills
from store.search.typed_search import typed_search
from tests.portal.conftest import Browser
from tests.portal.sample_town import LUMIERE, World, a_bill

HOSTILE = "<script>alert(1)</script> <mark>élan</mark> {{7*7}} &amp; « fin »"


@pytest.fixture
def alice(world: World, browser) -> Browser:
    """Alice, who has a bill with a note, an attachment that was read and a hostile line, and one of no interest."""
    issuer = world.issuer("lumiere", "Lumière de l’Ouest", LUMIERE)
    lines = (
        Line(id="1", name="Électricité", description="Heures pleines", net_amount=Decimal(60)),
        Line(id="2", name=HOSTILE, net_amount=Decimal(10)),
    )
    rows = world.drop(issuer, [
        a_bill("L-1", "C-1", world.today, lines=lines, notes=(Note(text="Prochaine relève en février."),),
               attachments=(Attachment(id="cg", filename="conditions.pdf", link="https://lumiere.example/cg"),)),
        a_bill("L-2", "C-1", world.today - timedelta(days=40), what="Abonnement"),
    ])  # fmt: skip
    row = rows["L-1"]
    with world.store.writing() as session:
        forget_account(session, row.account_id)
    with world.store.writing() as session:
        texts = {0: "Page une\n\fPage deux : plafond de garantie\n", 1: "Droit de rétractation : quatorze jours"}
        index_bills(session, [(row.id, row.account_id, row.bill, texts)])
        other = rows["L-2"]
        index_bills(session, [(other.id, other.account_id, other.bill, {})])
    visitor: Browser = browser()
    visitor.sign_in(world.consumer("Alice Martin", holds={issuer: "C-1"}))
    return visitor


def excerpts(page: str) -> list[str]:
    found = re.findall(r'<span class="excerpt">(.*?)</span></span>|<span class="excerpt">(.*?)</span>\s*</span>', page)
    return [" ".join((first or second).replace('<span class="source">', "").replace("</span>", "").split())
            for first, second in found]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ("électricité", "<mark>Électricité</mark> · Heures pleines"),
        ("electricite pleine", "<mark>Électricité</mark> · Heures <mark>pleines</mark>"),
        ("elec", "<mark>Électricité</mark> · Heures pleines"),
        ("fevrier", "Prochaine relève en <mark>février</mark>."),
        ("conditions", "Pièce jointe : <mark>conditions</mark>.pdf"),
        ("plafonds", "Page 2 du PDF : Page deux : <mark>plafond</mark> de garantie"),
        ("retractation", "conditions.pdf : Droit de <mark>rétractation</mark> : quatorze jours"),
        ("L-1", "Numéro : <mark>L-1</mark>"),
    ],
)
def test_a_found_bill_says_where(alice: Browser, typed: str, where: str) -> None:
    assert excerpts(alice.get("/", query_string={"cherche": typed}).text) == [where]


def test_the_words_are_marked_in_an_issuers_name(alice: Browser) -> None:
    page = alice.get("/", query_string={"cherche": "lumiere"}).text
    assert page.count('<span class="name"><mark>Lumière</mark> de l’Ouest</span>') == 2
    assert "<mark>" not in alice.get("/").text


@pytest.mark.parametrize("typed", ["84,00", "84", "84 €", "84€00 lumière", "-84"])
def test_a_typed_amount_is_marked_in_its_row(alice: Browser, typed: str) -> None:
    pages = [alice.get("/", query_string={"cherche": each}).text for each in (typed, "L-1", "84,01", "4,00")]
    amounts = [re.findall(r'<span class="amount"><mark>([0-9,]+)', page) for page in pages]
    assert amounts == [["84,00"] * 2, [], [], []]


@pytest.mark.parametrize("typed", ["84,00", "lumière"])
def test_what_is_in_plain_sight_has_no_excerpt(alice: Browser, typed: str) -> None:
    page = alice.get("/", query_string={"cherche": typed}).text
    assert "L-1" in page or 'class="name"' in page
    assert excerpts(page) == []


def test_what_a_bill_says_is_text_whatever_is_marked_in_it(alice: Browser) -> None:
    for typed in ("script", "alert", "mark", "amp", "élan", "7"):
        page = alice.get("/", query_string={"cherche": typed}).text
        assert "<script>" not in page
        assert re.findall(r"<mark>([^<]*)</mark>", page) or typed == "7"
        assert "<mark>élan</mark>" not in page or typed == "élan"
        assert "49" not in "".join(excerpts(page))
    [where] = excerpts(alice.get("/?cherche=élan").text)
    assert where == (
        "&lt;script&gt;alert(1)&lt;/script&gt; &lt;mark&gt;<mark>élan</mark>&lt;/mark&gt; {{7*7}} &amp;amp; « fin »"
    )


def test_the_words_are_marked_on_the_bill_that_is_opened_from_there(alice: Browser) -> None:
    page = alice.get("/?cherche=fevrier pleines").text
    way = re.search(r'href="(/factures/[^"]+cherche=[^"]+)"', page)
    assert way is not None
    bill = alice.get(way[1].replace("&amp;", "&")).text
    assert "relève en <mark>février</mark>" in bill
    assert "Heures <mark>pleines</mark>" in bill
    assert "<script>alert" not in bill
    assert "<mark>" not in alice.get(way[1].partition("?")[0]).text
    assert "<script>alert" not in alice.get(way[1].partition("?")[0] + "?cherche=script").text


def test_where_nothing_was_found_the_nearest_words_are_offered(alice: Browser) -> None:
    page = alice.get("/", query_string={"cherche": "eletricite plene"}).text
    assert "Rien de tel" in page
    way = re.search(r'Vouliez-vous dire <a href="([^"]+)">([^<]+)</a>', page)
    assert way is not None
    assert way[2] == "électricité pleines"
    assert len(excerpts(alice.get(way[1].replace("&amp;", "&")).text)) == 1
    assert "Vouliez-vous" not in alice.get("/", query_string={"cherche": "eletricite", "annee": "1999"}).text
    for typed in ("piscine", "électricité abonnement", "eletricite abonement", HOSTILE, "%", "x" * 5000):
        page = alice.get("/", query_string={"cherche": typed}).text
        assert "Vouliez-vous" not in page
        assert "Rien de tel" in page or typed == HOSTILE


def test_an_excerpt_is_cut_around_its_words() -> None:
    search = typed_search("plafond garantie")
    assert search is not None
    text = "mot " * 200 + "le plafond de la garantie " + "mot " * 200
    count, pieces = excerpt(search, text)
    said = "".join(piece.text for piece in pieces)
    assert count == 2
    assert [piece.text for piece in pieces if piece.is_marked] == ["plafond", "garantie"]
    assert said.startswith("… ")
    assert said.endswith(" …")
    assert len(said) <= LONGEST + 4
    assert excerpt(search, "x" * 10_000) == (0, [])
    _, pieces = excerpt(search, "y" * 500 + " plafond" + "z" * 500 + " plafond " + "y" * 500)
    assert "plafond" in "".join(piece.text for piece in pieces)
    decomposed = "Pre\u0301cision : de\u0301tail"
    word = typed_search("detail")
    assert word is not None
    assert [piece.text for piece in marked(word, decomposed)] == ["Précision : ", "détail"]


def test_a_text_stuffed_with_a_word_costs_no_more_than_another() -> None:
    """As long as a note may be, and each word of it is sought: each place is looked at twice, not once for each."""
    search = typed_search("aa")
    assert search is not None
    begun = time.process_time()
    for text in ("aa " * 16_000, " ".join(f"aa{n}" for n in range(8_000))):
        count, pieces = excerpt(search, text)
        assert count == len(set(text.split()))
        assert pieces[0].is_marked
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("between", ["." * 200, "y" * LONGEST, "x" * 99, "x" * 61, "x" * 101])
def test_a_long_row_of_dots_leaves_room_for_the_words(between: str) -> None:
    search = typed_search("abonnement énergie")
    assert search is not None
    _, pieces = excerpt(search, f"abonnement 12 abonnement {between} abonnement énergie {between}")
    assert [piece.text for piece in pieces if piece.is_marked][-2:] == ["abonnement", "énergie"]
    assert sum(len(piece.text) for piece in pieces) <= LONGEST + 4
