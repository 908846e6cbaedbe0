"""The bill that a link opens without a password: one button first, then this bill and nothing else."""

import re
from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import select

from config import Config
from consumers.admit_device import MOST_DEVICES
from consumers.one_bill_link import one_bill_token
from portal.access.route_policy import POLICY, RoutePolicy
from portal.app import make_app
from store import Store
from store.accounts.one_bill_device import OneBillDevice
from store.bills.bill import BillRow
from store.db.event import Event
from store.delivery import Delivery
from store.vault.key_ring import KeyRing
from tests.conftest import Clock
from tests.portal.conftest import Browser
from tests.portal.consumers.one_bill.one_bill_links import LinkTown
from tests.portal.sample_town import DIRECT_DEBIT, IBAN, PASSWORD, World, a_bill

NewBrowser = Callable[[], Browser]


@pytest.fixture
def town(store: Store, world: World) -> LinkTown:
    return LinkTown(store, world)


def opened(browser: Browser, token: str) -> str:
    """Alice scans the code and presses the button; the page that she sees."""
    browser.get(f"/f/{token}")
    return browser.post(f"/f/{token}").text


def without_tokens(page: str) -> str:
    """A page without what is different each time: tokens of forms, and the address that it was asked for at."""
    return re.sub(r'value="(?!fr|en)[^"]*"|\?suite=/f/[^"]*', "", page)


def test_the_first_page_says_who_sends_the_bill_and_no_more(town: LinkTown, browser: NewBrowser) -> None:
    page = browser().get(f"/f/{town.letter()}").text
    assert "Lumière de l’Ouest" in page
    assert "Voir ma facture" in page
    for secret in ("84", "LUM-1", "C-1001", "Alice", "Martin", "FR76", town.row().uid, town.code()):
        assert secret not in re.sub(r'value="[^"]*"', "", page)


def test_pressing_the_button_shows_this_bill_and_nothing_else(town: LinkTown, browser: NewBrowser) -> None:
    page = opened(browser(), town.letter())
    for shown in ("Lumière de l’Ouest", "84,00", "LUM-1", "Consommation d’électricité", "FR76 3000 6000 0112"):
        assert shown in page
    for hidden in (
        "LUM-2",
        "LUM-3",
        "C-1001",
        "Alice",
        "Bruno",
        "61,20",
        "Son histoire",
        "C’est payé",
        "plusieurs fois",
    ):
        assert hidden not in page


def test_the_account_that_is_debited_is_masked_as_on_paper(town: LinkTown, browser: NewBrowser) -> None:
    """Who has the link has the letter, which never said more of it; neither has the page of whoever signed in."""
    debited = msgspec.structs.replace(DIRECT_DEBIT, debited_iban=IBAN)
    town.bills |= town.world.drop(
        town.lumiere, [a_bill("LUM-4", "C-1001", town.world.today - timedelta(days=2), payment=debited)]
    )
    by_link, signed_in = opened(browser(), town.letter("LUM-4")), browser()
    signed_in.sign_in(town.world.consumer("Alice Martin", holds={town.lumiere: "C-1001"}))
    for page in (by_link, signed_in.get(f"/factures/{town.row('LUM-4').uid}").text):
        assert f"{IBAN[:4]} •••• {IBAN[-4:]}" in page
        assert IBAN not in "".join(page.split())


def test_it_counts_as_seen_by_the_link(town: LinkTown, browser: NewBrowser, store: Store) -> None:
    token, alice = town.letter(), browser()
    alice.get(f"/f/{token}")
    assert town.row().viewed_at is None
    alice.post(f"/f/{token}")
    assert town.row().viewed_at == town.world.now
    with store.reading() as session:
        told = session.execute(
            select(Event.what, Event.by, Event.why).where(Event.by.like("one-bill%")).order_by(Event.id)
        ).all()
    assert [tuple(each) for each in told] == [
        ("device admitted", "one-bill link of delivery 1", "1/5"), ("viewed", "one-bill link of delivery 1", ""),
    ]  # fmt: skip


def test_who_works_here_sees_it_for_somebody_else(
    town: LinkTown, browser: NewBrowser, staff: Callable[[str], Browser]
) -> None:
    """Alice calls, and Oscar opens her link: he has not read it for her, and nothing that waits is cancelled."""
    token = town.letter()
    assert "84,00" in opened(staff("oscar"), token)
    assert town.row().viewed_at is None
    opened(browser(), token)
    assert town.row().viewed_at == town.world.now


def test_the_trace_and_the_account_s_history_tell_of_it(
    town: LinkTown, browser: NewBrowser, staff: Callable[[str], Browser]
) -> None:
    token = town.letter()
    for _ in range(2):
        opened(browser(), token)
    trace = " ".join(staff("oscar").get("/equipe/factures?numero=LUM-1").text.split())
    assert "Ouverte par son lien, appareil 1" in trace
    assert "Ouverte par son lien, appareil 2" in trace
    assert trace.count("Facture ouverte par son lien, sans mot de passe") == 2
    assert "of delivery" not in trace
    assert "Vue par son destinataire" in trace


def test_the_pdf_is_the_archived_one(town: LinkTown, browser: NewBrowser) -> None:
    token, alice = town.letter(), browser()
    assert b"%PDF" not in alice.get(f"/f/{token}/pdf").data
    assert alice.page.request.path == f"/f/{token}"
    opened(alice, token)
    answer = alice.get(f"/f/{token}/pdf")
    assert answer.data.endswith(b"% LUM-1\n%%EOF\n")
    assert answer.headers["Cache-Control"] == "no-store"


def test_no_cache_no_index_and_no_referrer_keeps_it(town: LinkTown, browser: NewBrowser) -> None:
    token, alice = town.letter(), browser()
    answers = [alice.get(f"/f/{token}"), alice.post(f"/f/{token}"), alice.get(f"/f/{token}/pdf"), alice.get("/f/x")]
    for answer in answers:
        assert answer.headers["X-Robots-Tag"].startswith("noindex, nofollow")
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', "".join(each.text for each in answers[:2]))


def test_a_device_is_counted_once_and_the_sixth_is_asked_to_sign_in(
    town: LinkTown, browser: NewBrowser, store: Store
) -> None:
    token, alice = town.letter(), browser()
    for _ in range(3):
        assert "84,00" in opened(alice, token)
    for _ in range(MOST_DEVICES - 1):
        assert "84,00" in opened(browser(), token)
    late = browser()
    assert late.get(f"/f/{token}").status_code == 404
    late.get("/connexion")
    assert late.post(f"/f/{token}").status_code == 404
    assert "84,00" in alice.get(f"/f/{token}").text
    with store.reading() as session:
        assert len(session.scalars(select(OneBillDevice)).all()) == MOST_DEVICES


def test_what_opens_nothing_looks_alike(town: LinkTown, browser: NewBrowser, store: Store, clock: Clock) -> None:
    token = town.letter()
    swapped = token.swapcase()
    of_others = one_bill_token(KeyRing(b"a secret of another installation"), Delivery(id=1))
    tries = ("", "x", token[:-1], token + "A", swapped, "A" * 24, of_others)
    forged = [browser().get(f"/f/{each}") for each in tries]
    clock.forward(days=181)
    expired = browser().get(f"/f/{token}")
    clock.forward(days=-181)
    with store.writing() as session:
        session.get_one(BillRow, town.bills["LUM-1"].id).state = "recalled"
    recalled = browser().get(f"/f/{token}")
    pages = {(each.status_code, without_tokens(each.text)) for each in (*forged, expired, recalled)}
    assert len(pages) == 1
    [(status, page)] = pages
    assert status == 404
    assert "/connexion" in page
    assert 'href="/c/"' in page


def test_a_forged_link_costs_the_same_queries_as_an_expired_one(
    town: LinkTown, browser: NewBrowser, store: Store, clock: Clock
) -> None:
    token = town.letter()
    clock.forward(days=181)
    counts = set()
    for each in (token, token.swapcase(), "A" * 24, "x"):
        said: list[str] = []
        from sqlalchemy import event

        def note(*args: object, said: list[str] = said) -> None:
            said.append(str(args[2]))

        event.listen(store.engine, "before_cursor_execute", note)
        browser().get(f"/f/{each}")
        event.remove(store.engine, "before_cursor_execute", note)
        counts.add(len(said))
    assert len(counts) == 1


def test_a_link_opens_no_other_route(town: LinkTown, browser: NewBrowser) -> None:
    """The device that sees Alice's bill sees no other: not Bruno's, not her own older one, by no address."""
    token, other, alice = town.letter(), town.letter("LUM-3"), browser()
    opened(alice, token)
    for path in (f"/factures/{town.row('LUM-1').uid}", f"/factures/{town.row('LUM-3').uid}/pdf", "/contrats", "/"):
        assert "84,00" not in alice.get(path).text
    assert "Voir ma facture" in alice.get(f"/f/{other}").text
    assert alice.get(f"/f/{other}/pdf").request.path == f"/f/{other}"
    assert alice.get(f"/f/{token}/pieces/1").status_code == 404


def test_nobody_brings_a_cookie_of_their_own(town: LinkTown, browser: NewBrowser) -> None:
    """Mallory puts a cookie into Alice's browser, and one that she was given for another bill: neither is taken up."""
    token, other = town.letter(), town.letter("LUM-3")
    mallory, alice = browser(), browser()
    opened(mallory, other)
    hers = mallory.client.get_cookie("facteur-facture", path=f"/f/{other}").value
    for value in (hers, "planted"):
        alice.client.set_cookie("facteur-facture", value, path=f"/f/{token}")
        assert "Voir ma facture" in alice.get(f"/f/{token}").text
    alice.post(f"/f/{token}")
    assert alice.client.get_cookie("facteur-facture", path=f"/f/{token}").value not in {hers, "planted"}
    mallory.client.set_cookie("facteur-facture", "planted", path=f"/f/{token}")
    assert "Voir ma facture" in mallory.get(f"/f/{token}").text


def test_a_form_without_its_token_does_nothing(town: LinkTown, browser: NewBrowser) -> None:
    token, alice = town.letter(), browser()
    assert alice.client.post(f"/f/{token}").status_code == 400
    opened(alice, token)
    for path in ("payer", "suivre"):
        assert alice.client.post(f"/f/{token}/{path}").status_code == 400


def test_who_holds_the_account_goes_to_the_bill_in_their_space(town: LinkTown, browser: NewBrowser) -> None:
    token, alice = town.letter(), browser()
    alice.sign_in(town.world.consumer("Alice Martin", holds={town.lumiere: "C-1001"}))
    assert alice.get(f"/f/{token}").request.path == f"/factures/{town.row().uid}"


def test_who_signs_in_at_a_link_that_has_closed_finds_the_bill(
    town: LinkTown, browser: NewBrowser, clock: Clock
) -> None:
    reader = town.world.consumer("Bruno Leroy", holds={town.lumiere: "C-3003"})
    charlie = town.world.consumer("Charlie Petit")
    token, bruno = town.mail("LUM-3", reader), browser()
    clock.forward(days=181)
    way = re.search(r'href="(/connexion\?suite=[^"]+)"', bruno.get(f"/f/{token}").text)
    assert way is not None
    for person, path in ((charlie, f"/f/{token}"), (reader, f"/factures/{town.row('LUM-3').uid}")):
        mine = browser()
        mine.get(way[1])
        mine.post("/connexion", email=person.email, password=PASSWORD, suite=f"/f/{token}")
        assert mine.page.request.path == path
        assert "Se connecter" not in mine.page.text


def test_the_link_of_a_mail_leads_through_the_sign_in_to_that_bill(town: LinkTown, browser: NewBrowser) -> None:
    reader = town.world.consumer("Bruno Leroy", holds={town.lumiere: "C-3003"})
    token, bruno = town.mail("LUM-3", reader), browser()
    page = opened(bruno, token)
    assert "Suivre mes factures" not in page
    way = re.search(r'href="(/connexion\?suite=[^"]+)"', page)
    assert way is not None
    bruno.get(way[1])
    suite = f"/factures/{town.row('LUM-3').uid}"
    bruno.post("/connexion", email=reader.email, password="une phrase que je retiens", suite=suite)
    assert bruno.page.request.path == suite


def test_who_presses_too_often_waits(town: LinkTown, browser: NewBrowser, monkeypatch: pytest.MonkeyPatch) -> None:
    assert POLICY["one_bill.look", "POST"].limit
    monkeypatch.setitem(POLICY, ("one_bill.look", "POST"), RoutePolicy("public", "2/hour"))
    token, alice = town.letter(), browser()
    alice.get(f"/f/{token}")
    assert [alice.post(f"/f/{token}").status_code for _ in range(3)] == [200, 200, 429]


def test_the_cookie_is_for_this_link_alone(town: LinkTown, browser: NewBrowser) -> None:
    token, alice = town.letter(), browser()
    opened(alice, token)
    cookie = alice.client.get_cookie("facteur-facture", path=f"/f/{token}")
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert cookie.max_age == timedelta(days=59).total_seconds(), "a browser's clock is not ours"


def test_on_https_the_cookie_is_sent_on_https_alone(town: LinkTown, store: Store, config: Config, clock: Clock) -> None:
    public = msgspec.structs.replace(config, public_url="https://factures.example")
    alice = Browser(make_app(store, public, clock).test_client())
    token = town.letter()
    page = alice.client.get(f"/f/{token}", base_url="https://factures.example").text
    csrf = page.partition(f'action="/f/{token}"')[2].partition('name="csrf_token" value="')[2].partition('"')[0]
    answer = alice.client.post(f"/f/{token}", data={"csrf_token": csrf}, base_url="https://factures.example")
    [cookie] = [each for each in answer.headers.getlist("Set-Cookie") if "facture=" in each]
    assert cookie.startswith("__Secure-facteur-facture=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", f"Path=/f/{token}"} <= set(cookie.split("; "))
