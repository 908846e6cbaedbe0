"""Bills: one list of every issuer's, how each is paid, and nobody else's."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
import zxingcpp
from PIL import Image, ImageDraw
from werkzeug.http import parse_options_header

import store.bills.bill
from bill import Attachment, Bill, Note, Party, Payment, Totals
from bill.line import Line
from portal.consumers.presenters.qr_code_svg import Drawing
from store import Store
from store.bills.bill import BillRow
from store.db.event import events_of
from store.vault.encryption import Encryptor
from tests.conftest import Clock
from tests.lived_beginnings import lived_once
from tests.portal.conftest import Browser
from tests.portal.sample_town import DIRECT_DEBIT, LUMIERE, PREFIX, World, a_bill, furnish

NewBrowser = Callable[[], Browser]


def plain(page: str) -> str:
    """A page as it is read: no tags, plain spaces."""
    text = re.sub(r"</?(b|span|time)( [^>]*)?>", "", page)
    text = re.sub(r"<[^>]+>", " ", text).replace("\u202f", " ").replace("\u00a0", " ").replace("&#39;", "'")
    return " ".join(text.split())


@lived_once
def alice(browser: NewBrowser, world: World) -> Browser:
    """Alice holds accounts at four issuers, and is signed in."""
    ids = furnish(world)
    numbers = {"lumiere": "C-1001", "eaux": "R-1187", "mobile": "0612345678", "banque": "00412"}
    phone = browser()
    phone.sign_in(world.consumer("Alice Martin", holds={ids[slug]: number for slug, number in numbers.items()}))
    return phone


def test_home_says_what_is_due_then_lists_all_issuers_by_month(alice: Browser) -> None:
    page = plain(alice.get("/").text)
    assert "À payer 237,02 € 3 factures, dont 2 à l’échéance passée" in page
    assert "Février 2026 111,29 € en tout L Lumière de l’Ouest 28 février · nouvelle 103,30 € à payer 20 mars" in page
    assert "M Mobile+ 26 février · nouvelle 19,99 € prélevé dans 6 jours" in page
    assert "E Eaux du Pays de Retz 19 février · nouvelle -12,00 € avoir" in page
    assert "Banque des Deux Rives" in page
    assert page.index("Février 2026") < page.index("Janvier 2026") < page.index("Décembre 2025")


def test_the_list_goes_on_where_the_page_ended(alice: Browser, store: Store) -> None:
    seen: list[str] = []
    page, pages = alice.get("/"), 0
    while True:
        seen += re.findall(r'class="row[^"]*" href="/factures/([\w-]+)"', page.text)
        pages += 1
        older = re.search(r'href="([^"]+)" rel="next"', page.text)
        if older is None:
            break
        page = alice.get(older[1].replace("&amp;", "&"))
    assert pages == 2
    assert len(seen) == len(set(seen)) == 31
    for rubbish in ("rubbish", "2026-03-03.x", "2026-03-03." + "9" * 30, "9999-99-99.1", ""):
        assert alice.get(f"/?avant={rubbish}&contrat={rubbish}").status_code == 200


def test_english_beside_french(alice: Browser) -> None:
    alice.get("/")
    page = plain(alice.post("/langue", language="en", suite="/").text)
    assert "To pay €237.02 3 bills, 2 of them past due" in page
    assert "€103.30 to pay 20 Mar" in page
    assert alice.get("/").text.count('<html lang="en">') == 1


def test_a_bill_to_pay_shows_how(alice: Browser) -> None:
    alice.get("/")
    page = alice.get(re.search(r'href="(/factures/[\w-]+)"[^>]*>Voir et payer', alice.page.text)[1])
    text = plain(page.text)
    assert "Lumière de l’Ouest 109,72 € échéance passée : 18 février 2026" in text
    assert 'href="https://payer.example/LO-01?montant=109.72"' in page.text
    assert "IBAN FR76 3000 6000 0112 3456 7890 189" in text
    assert "6,42 € de moins que la précédente, du 30 décembre." in text
    assert "TVA 20 % sur 91,43 € 18,29 €" in text
    assert "350 kWh" in text
    assert '<svg class="qr"' in page.text


def test_a_direct_debit_is_never_something_to_pay(alice: Browser) -> None:
    alice.get("/")
    page = alice.get(re.search(r'href="(/factures/[\w-]+)">\s*<svg[^>]*><rect[^>]*#6b2d8c', alice.page.text)[1])
    text = plain(page.text)
    assert "Mobile+ prélève la somme. Vous n’avez rien à faire." in text
    assert "Mandat RUM-2024-0815" in text
    assert "Date du prélèvement 9 mars 2026" in text
    assert "C’est payé" not in text
    assert 'class="qr"' not in page.text


def test_a_credit_note_is_owed_to_alice(alice: Browser) -> None:
    alice.get("/")
    page = alice.get(re.search(r'href="(/factures/[\w-]+)">\s*<svg[^>]*><rect[^>]*#1b6ca8', alice.page.text)[1])
    text = plain(page.text)
    assert "-12,00 € avoir" in text
    assert "Eaux du Pays de Retz vous doit 12,00 €. Vous n’avez rien à payer." in text
    assert "C’est payé" not in text


def one_bill(world: World, browser: NewBrowser, bill: Bill, profile: str = "") -> tuple[Browser, BillRow]:
    issuer = world.issuer("lumiere", "Lumière", profile)
    row = world.drop(issuer, [bill])[bill.number]
    account = bill.buyer.identifiers[0].value
    alice = browser()
    alice.sign_in(world.consumer("Alice Martin", holds={issuer: account}))
    return alice, row


def test_said_to_be_paid_and_not_after_all(world: World, browser: NewBrowser, store: Store) -> None:
    alice, row = one_bill(world, browser, a_bill("F-1", "C-1", world.today))
    alice.get(f"/factures/{row.uid}")
    paid = plain(alice.post(f"/factures/{row.uid}/payee", paid="1").text)
    assert "Vous l’avez indiqué aujourd’hui." in paid
    assert "Rien à payer." in plain(alice.get("/").text)
    alice.get(f"/factures/{row.uid}")
    assert "Comment payer" in plain(alice.post(f"/factures/{row.uid}/payee", paid="0").text)
    with store.reading() as session:
        assert [e.what for e in events_of(session, "bill", row.id)][-2:] == ["said_paid", "said_unpaid"]


def test_the_first_look_is_noted_once(world: World, browser: NewBrowser, store: Store, clock: Clock) -> None:
    alice, row = one_bill(world, browser, a_bill("F-1", "C-1", world.today))
    alice.client.head(f"/factures/{row.uid}")
    with store.reading() as session:
        assert session.get_one(BillRow, row.id).viewed_at is None
    alice.get(f"/factures/{row.uid}")
    first = clock()
    clock.forward(hours=3)
    assert "Vue dans votre espace" in alice.get(f"/factures/{row.uid}").text
    with store.reading() as session:
        assert session.get_one(BillRow, row.id).viewed_at == first
        assert [e.what for e in events_of(session, "bill", row.id)].count("viewed") == 1


@pytest.mark.parametrize("page", ["", "/pdf"])
def test_what_a_program_fetches_by_itself_is_no_look(
    world: World, browser: NewBrowser, store: Store, page: str
) -> None:  # fmt: skip
    alice, row = one_bill(world, browser, a_bill("F-1", "C-1", world.today))
    path = f"/factures/{row.uid}{page}"
    alice.client.head(path)
    for header, said in (("Sec-Purpose", "prefetch;prerender"), ("Purpose", "prefetch"), ("X-Moz", "Prefetch")):
        assert alice.client.get(path, headers={header: said}).status_code == 200
    with store.reading() as session:
        assert session.get_one(BillRow, row.id).viewed_at is None
    alice.client.get(path)
    with store.reading() as session:
        assert session.get_one(BillRow, row.id).viewed_at is not None


def test_the_document_comes_bit_for_bit_under_its_name(world: World, browser: NewBrowser) -> None:
    alice, row = one_bill(world, browser, a_bill("F/1é", "C-1", world.today))
    answer = alice.get(f"/factures/{row.uid}/pdf")
    assert answer.data == PREFIX + "% F/1é\n%%EOF\n".encode()
    assert answer.mimetype == "application/pdf"
    disposition, names = parse_options_header(answer.headers["Content-Disposition"])
    assert (disposition, names["filename"]) == ("attachment", "Lumière 2026-03-03 F-1é.pdf")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_attachments_are_data_to_save(world: World, browser: NewBrowser) -> None:
    script = b"<script>alert(1)</script>"
    hostile = Attachment(id="x", filename='../../a"b\r\n.html', media_type="text/html", content=script)
    link = Attachment(id="y", link="https://elsewhere.example/")
    alice, row = one_bill(world, browser, a_bill("F-1", "C-1", world.today, attachments=(hostile, link)))
    page = alice.get(f"/factures/{row.uid}").text
    assert 'href="https://elsewhere.example/" rel="noopener noreferrer nofollow">ouvrir sur elsewhere.example<' in page
    answer = alice.get(f"/factures/{row.uid}/pieces/1")
    assert answer.mimetype == "application/octet-stream"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert parse_options_header(answer.headers["Content-Disposition"])[1]["filename"] == "-..-a-b--.html"
    assert [alice.get(f"/factures/{row.uid}/pieces/{n}").status_code for n in (0, 2, 3)] == [404, 404, 404]


HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}{n}'


def test_what_a_sender_writes_is_text(world: World, browser: NewBrowser) -> None:
    bill = a_bill(
        "F-1", "C-1", world.today, seller=HOSTILE, what=HOSTILE, terms=HOSTILE, notes=(Note(text=HOSTILE),),
        payment=Payment(remittance=HOSTILE, means_text=HOSTILE),
        attachments=(Attachment(id=HOSTILE, description=HOSTILE),),
    )  # fmt: skip
    alice, row = one_bill(world, browser, bill)
    for path in ("/", f"/factures/{row.uid}", "/contrats"):
        page = alice.get(path).text
        assert "<script>" not in page
        assert "<img" not in page
        assert "49" not in re.sub(r'value="[^"]*"', "", page)
    assert "&lt;script&gt;" in alice.get(f"/factures/{row.uid}").text


def test_a_bill_of_very_many_lines_shows_them_a_page_at_a_time(world: World, browser: NewBrowser) -> None:
    lines = tuple(Line(id=str(n), name=f"Appel {n}", net_amount=Decimal("0.10")) for n in range(1500))
    alice, row = one_bill(world, browser, a_bill("F-1", "C-1", world.today, lines=lines))
    page = alice.get(f"/factures/{row.uid}").text
    assert "Appel 199" in page
    assert "Appel 200" not in page
    assert "lignes 1 à 200 sur 1 500" in plain(page)
    assert "Appel 200" in alice.get(f"/factures/{row.uid}?lignes=2").text


def test_a_bill_that_says_next_to_nothing_still_has_its_page(world: World, browser: NewBrowser) -> None:
    bare = Bill(number="F-1", issue_date=world.today, currency="XTS", totals=Totals(payable=Decimal(5)),
                buyer=a_bill("x", "C-1", world.today).buyer, seller=Party())  # fmt: skip
    alice, row = one_bill(world, browser, bare)
    text = plain(alice.get(f"/factures/{row.uid}").text)
    assert "5,00 XTS à payer" in text
    assert "ne nous a pas dit comment" in text


def test_charlie_sees_nothing_of_alices(world: World, browser: NewBrowser, store: Store) -> None:
    beside = (Attachment(id="a", content=b"x"),)
    _, row = one_bill(world, browser, a_bill("F-1", "C-1", world.today, attachments=beside), LUMIERE)
    account = row.account_id
    charlie = browser()
    charlie.sign_in(world.consumer("Charlie Moreau"))
    nowhere = charlie.get("/factures/there-is-no-such")
    assert nowhere.status_code == 404
    for path in (f"/factures/{row.uid}", f"/factures/{row.uid}/pdf", f"/factures/{row.uid}/pieces/1",
                 f"/contrats/{account}/sans-papier", f"/contrats/{account}/quitter"):  # fmt: skip
        answer = charlie.get(path)
        assert (answer.status_code, answer.data) == (404, nowhere.data), path
    charlie.get("/")
    for path in (f"/factures/{row.uid}/payee", f"/contrats/{account}/sans-papier", f"/contrats/{account}/papier",
                 f"/contrats/{account}/quitter"):  # fmt: skip
        charlie.get("/")
        answer = charlie.post(path)
        assert (answer.status_code, answer.data) == (404, nowhere.data), path
    assert "Lumière" not in charlie.get("/").text
    assert "Alice" not in charlie.get("/contrats").text
    assert charlie.get(f"/?contrat={account}").text.count("F-1") == 0


def code_on(page: str) -> Drawing | None:
    """The payment code that a page shows."""
    shown = re.search(r'<svg class="qr" viewBox="0 0 (\d+) [^>]*><path[^>]* d="([^"]+)"', page)
    return None if shown is None else Drawing(int(shown[1]), shown[2])


def scanned(drawing: Drawing) -> str:
    """What another reader finds in it."""
    image = Image.new("L", (drawing.size * 4, drawing.size * 4), 255)
    canvas = ImageDraw.Draw(image)
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)", drawing.path):
        left, top = int(x) * 4, int(y) * 4
        canvas.rectangle((left, top, left + int(length) * 4 - 1, top + 3), fill=0)
    read = zxingcpp.read_barcodes(image)[0]
    assert read.ec_level == "M"
    return read.text


def test_the_code_on_the_page_is_read_by_a_bank(world: World, browser: NewBrowser) -> None:
    alice, row = one_bill(world, browser, a_bill("LO-42", "C-1", world.today, "84.205", seller="Lumière de l’Ouest"))
    drawing = code_on(alice.get(f"/factures/{row.uid}").text)
    assert drawing is not None
    assert scanned(drawing).split("\n") == [
        "BCD", "002", "1", "SCT", "AGRIFRPP", "Lumière de l’Ouest", "FR7630006000011234567890189", "EUR101.05",
        "", "", "LO-42",
    ]  # fmt: skip


def test_a_bill_past_its_day_is_neither_late_nor_paid_and_asked_for_a_month(
    world: World, browser: NewBrowser, clock: Clock
) -> None:
    alice, _ = one_bill(world, browser, a_bill("F-1", "C-1", world.today, due_in=20))
    clock.forward(days=19)
    assert "à payer demain" in plain(alice.get("/").text)
    clock.forward(days=2)
    home = plain(alice.get("/").text)
    assert "À payer 84,00 € 1 facture, dont 1 à l’échéance passée" in home
    assert "84,00 € échéance passée" in home
    assert "retard" not in home
    clock.forward(days=30)
    home = plain(alice.get("/").text)
    assert "84,00 € échéance passée" in home
    assert "Aucune échéance à venir. Une facture a passé son échéance" in home
    assert "Rien à payer" not in home


def test_a_collection_of_a_day_that_has_passed_was_planned(world: World, browser: NewBrowser) -> None:
    issued = world.today - timedelta(days=40)
    alice, _ = one_bill(world, browser, a_bill("F-1", "C-1", issued, payment=DIRECT_DEBIT))
    assert "prélèvement prévu le 11 févr." in plain(alice.get("/").text)


# -- finding a bill again ------------------------------------------------------------------------------------------


def found(page: str) -> list[str]:
    """The bills on the list, by issuer and day."""
    plain = re.sub("</?mark>", "", page)
    return [" ".join(name.split()) for name in re.findall(r'<span class="name">([^<]+)</span>', plain)]


def test_a_bill_is_found_by_a_word_however_it_is_typed(alice: Browser) -> None:
    everything = len(found(alice.get("/").text))
    for asked, issuer, count in (
        ("forfait", "Mobile+", 13), ("FORFAIT 80", "Mobile+", 13), ("coffre", "Banque des Deux Rives", 1),
        ("Eau potable", "Eaux du Pays de Retz", 3), ("eau-8", "Eaux du Pays de Retz", 1),
        ("109,72", "Lumière de l’Ouest", 2),
        ("deux rives", "Banque des Deux Rives", 1), ("lumiere kwh", "Lumière de l’Ouest", 13),
    ):  # fmt: skip
        names = found(alice.get(f"/?cherche={asked}").text)
        assert set(names) == {issuer}, asked
        assert len(names) == count, asked
    assert len(found(alice.get("/?cherche=").text)) == everything


def test_what_is_not_there_is_said_and_what_is_typed_is_text(alice: Browser) -> None:
    assert "Rien de tel" in alice.get("/?cherche=piscine").text
    for asked in ("%", "_", "\\", "'; DROP TABLE bill; --", "%00000", "a" * 5000, HOSTILE, "%F0%9F", "100%25"):
        answer = alice.get("/", query_string={"cherche": asked})
        assert answer.status_code == 200
        assert "<script>" not in answer.text
        assert found(answer.text) == [], asked


def test_a_search_goes_on_where_its_page_ended(alice: Browser) -> None:
    first = alice.get("/?cherche=f")
    older = re.search(r'href="([^"]+)" rel="next"', first.text)
    assert older is not None
    second = alice.get(older[1].replace("&amp;", "&"))
    assert len(found(first.text)) == 24
    assert found(second.text)
    assert 'value="f"' in second.text


def test_nobody_finds_what_is_another_persons(alice: Browser, world: World, browser: NewBrowser) -> None:
    other = world.issuer("autre", "Gaz de Nantes")
    world.drop(other, [a_bill("GAZ-SECRET-1", "G-1", world.today, what="Chaudière de Charlie")])
    charlie = browser()
    charlie.sign_in(world.consumer("Charlie Moreau", holds={other: "G-1"}))
    assert found(charlie.get("/?cherche=chaudiere").text) == ["Gaz de Nantes"]
    for asked in ("chaudiere", "GAZ-SECRET-1", "gaz", "nantes"):
        assert found(alice.get(f"/?cherche={asked}").text) == []


def test_attachments_say_how_large_they_are(world: World, browser: NewBrowser) -> None:
    beside = (Attachment(id="a", filename="relevé.csv", content=b"x" * 14), Attachment(id="b", content=b"x" * 3_249))
    alice, row = one_bill(world, browser, a_bill("F-1", "C-1", world.today, attachments=beside))
    page = plain(alice.get(f"/factures/{row.uid}").text)
    assert "relevé.csv (14 octets)" in page
    assert "b (3,2 ko)" in page
    assert alice.get(f"/factures/{row.uid}/pieces/2").data == b"x" * 3_249


def test_a_bill_of_its_issuers_own_pages_says_so(world: World, browser: NewBrowser) -> None:
    alice, row = one_bill(world, browser, a_bill("F-1", "C-1", world.today, pages_sha256="0" * 64))
    assert "l’a imprimée" in plain(alice.get(f"/factures/{row.uid}").text)


def test_a_bills_page_decrypts_nothing_and_unpacks_it_and_the_bill_before_once(
    alice: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And its document is decrypted once."""
    address = re.search(r'href="(/factures/[\w-]+)"[^>]*>Voir et payer', alice.page.text)[1]
    unpacked: list[bytes] = []
    decrypted: list[object] = []
    unpack, decrypt = store.bills.bill.unpack, Encryptor.decrypt
    monkeypatch.setattr(store.bills.bill, "unpack", lambda content: unpacked.append(content) or unpack(content))
    monkeypatch.setattr(Encryptor, "decrypt", lambda *given: decrypted.append(given) or decrypt(*given))
    assert alice.get(address).status_code == 200
    assert (len(unpacked), len(set(unpacked)), len(decrypted)) == (2, 2, 0)
    alice.client.get(f"{address}/pdf")
    assert (len(unpacked), len(decrypted)) == (2, 1)


def test_the_list_unpacks_no_bill(alice: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    unpacked: list[bytes] = []
    unpack = store.bills.bill.unpack
    monkeypatch.setattr(store.bills.bill, "unpack", lambda content: unpacked.append(content) or unpack(content))
    assert "Voir et payer" in alice.get("/").text
    assert unpacked == []


def test_words_of_an_issuer_are_in_its_language(world: World, browser: NewBrowser) -> None:
    """Who hears an English page hears French words as French (WCAG 3.1.2)."""
    alice, row = one_bill(world, browser, a_bill("F-1", "C-1", world.today, what="Abonnement"))
    page = f"/factures/{row.uid}"
    assert re.search(r'<th scope="row">\s*Abonnement', alice.get(page).text)
    assert re.search(r'<th scope="row" lang="fr">\s*Abonnement', alice.post("/langue", language="en", suite=page).text)


def test_a_number_within_a_sentence_begins_small(world: World, browser: NewBrowser) -> None:
    alice, row = one_bill(world, browser, a_bill("F-1", "C-1", world.today))
    assert ", numéro de client C-1" in plain(alice.get(f"/factures/{row.uid}").text)


@pytest.mark.parametrize(
    ("place", "here"),
    [("/factures/{uid}/question", "Factures"), ("/questions", "Factures"), ("/justificatif-de-domicile", "Contrats"),
     ("/courriels", "Vos réglages")],
)  # fmt: skip
def test_each_page_says_in_the_bar_where_it_is(world: World, browser: NewBrowser, place: str, here: str) -> None:
    alice, row = one_bill(world, browser, a_bill("F-1", "C-1", world.today))
    assert re.findall(r'aria-current="page">(.*?)</a>', alice.get(place.format(uid=row.uid)).text) == [here]
