"""A real browser over a real server: Alice signs up, links a contract with the code from her letter, opens the PDF,
goes paperless. Pictures of what she sees are taken where FACTEUR_PICTURES names a folder."""

import itertools
import json
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bill import Reason
from config import Config
from consumers.claim_code import claim_code
from delivery import SmtpClient, run_mail_job
from delivery.channels.email.smtp.dev_inbox import open_inbox
from pipeline.brand_preview import answering_preview
from portal.access.password_hash import hash_password
from portal.app import make_app
from store import Store
from store.accounts.push_subscription import subscriptions_of
from store.bills.bill import BillRow
from store.delivery import Delivery
from store.issuer import Issuer
from store.job import claim_job
from store.staff_member import Staff
from tests.conftest import Clock
from tests.portal.browser.chromium_fixture import DESK, NEEDS_CHROMIUM, PHONE, follow, press
from tests.portal.browser.page_findings import TOO_SMALL, layout_findings
from tests.portal.browser.page_pictures import take_picture, take_pictures
from tests.portal.browser.sample_town_site import sign_in
from tests.portal.browser.served_portal import serving
from tests.portal.consumers.one_bill.one_bill_links import token_of_letter
from tests.portal.sample_town import PASSWORD, World, furnish, furnish_kinds
from tests.render.sample_bills import draw_logo

pytestmark = NEEDS_CHROMIUM
CODES = {number: claim_code(b"of a browser's letters, in tests", n) for n, number in enumerate(("LO-00", "EAU-2"))}


@pytest.fixture
def site(store: Store, config: Config, clock: Clock) -> Iterator[str]:
    """The portal behind a WSGI server, with its town; its address."""
    world = World(store, clock())
    furnish(world)
    with store.reading() as session:
        printed = session.scalars(select(BillRow).where(BillRow.number.in_(CODES))).all()
    for row in printed:
        world.letter(row, CODES[row.number])
    with serving(make_app(store, config, clock)) as address:
        yield address


@pytest.fixture
def mail_server(config: Config) -> Iterator[str]:
    """The dev inbox, opened from a thread of its own: the browser keeps a running event loop in this one."""
    inbox = open_inbox(config.inbox)
    with ThreadPoolExecutor(1) as apart:
        yield apart.submit(inbox.__enter__).result()
        apart.submit(inbox.__exit__, None, None, None).result()


def carry_mail(store: Store, config: Config, mail_server: str, site: str, clock: Clock) -> None:
    """What the pipeline does with the portal's jobs: a mail into the dev inbox, with a link to this very server."""
    with store.writing() as session:
        job = claim_job(session, clock())
    assert job is not None
    run_mail_job(store, job, SmtpClient(mail_server, config.sender), site, clock())


def link_contract(page: Any, issuer: str, number: str, code: str) -> None:
    follow(page, "Ajouter un contrat")
    page.get_by_label("Qui vous envoie la facture").select_option(label=issuer)
    press(page, "Continuer")
    page.get_by_label("Numéro de client ou Numéro de contrat").fill(number)
    page.get_by_label("Code imprimé").fill(code)
    press(page, "Ajouter ce contrat")


def test_alice_from_her_letter_to_bills_without_paper(
    mail_server: str, site: str, chromium: Any, store: Store, config: Config, clock: Clock
) -> None:
    page = chromium.new_page(viewport={"width": PHONE, "height": 844}, locale="fr-FR", java_script_enabled=False)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))

    page.goto(site)
    follow(page, "Créer votre espace")
    page.get_by_label("Votre nom").fill("Alice Martin")
    page.get_by_label("Votre adresse de courriel").fill("alice@exemple.fr")
    page.get_by_label("Choisissez un mot de passe").fill(PASSWORD)
    press(page, "Créer mon espace")
    carry_mail(store, config, mail_server, site, clock)

    follow(page, "Courriels de démonstration")
    follow(page, "Confirmez votre adresse")
    follow(page, "/inscription/confirmer/")
    press(page, "C’est bien mon adresse")
    assert page.get_by_text("Votre espace est prêt").is_visible()

    link_contract(page, "Lumière de l’Ouest", "c 1001", CODES["LO-00"].lower())
    assert page.get_by_text("Je peux revenir au papier à tout moment").is_visible()
    press(page, "Recevoir sans papier")
    assert page.get_by_text("ce contrat est sans papier").is_visible()
    link_contract(page, "Eaux du Pays de Retz", "r 1187", CODES["EAU-2"].replace("-", ""))
    follow(page, "Non, garder le papier")

    assert page.get_by_text("Lumière de l’Ouest").count() > 1
    assert page.get_by_text("Eaux du Pays de Retz").count() > 1
    follow(page, "Voir et payer")
    assert page.get_by_role("heading", name="Comment payer").is_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger le PDF").click()
    assert download.value.suggested_filename == "Lumière de l’Ouest 2026-01-29 LO-01.pdf"
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    assert complaints == []


def at_each(page: Any, widths: Iterable[int]) -> Iterator[int]:
    """The page in a window of each of these widths."""
    for width in widths:
        page.set_viewport_size({"width": width, "height": 844})
        yield width


#: What everybody meets: a name for the picture, and the way there.
PLACES = {
    "factures": "/",
    "contrats": "/contrats",
    "ajouter": "/contrats/ajouter",
    "ajouter-2": "/contrats/ajouter?issuer=lumiere",
    "lien": "/mot-de-passe/coupe",
    "code": "/c/7Q2KD",
    "reglages": "/profil",
    "courriels": "/courriels",
    "courriels-contrat": "/contrats/1/courriels",
    "a-payer": "a.button.ask",
    "prelevee": "a.row:has-text('Mobile+')",
    "avoir": "a.row:has-text('avoir')",
}


def test_pages_fit_and_are_pictured(site: str, chromium: Any, store: Store, clock: Clock) -> None:
    """Nothing is wider than the screen (320 px is 640 px at 200 %), everything to press is large enough to be hit
    (WCAG 2.2, 2.5.8: 24 px)."""
    numbers = {1: "C-1001", 2: "R-1187", 3: "0612345678", 4: "00412"}
    alice = World(store, clock()).consumer("Alice Martin", holds=numbers)
    page = chromium.new_page(viewport={"width": PHONE, "height": 844}, locale="fr-FR")
    sign_in(page, site, alice)
    for name, place in PLACES.items():
        page.goto(f"{site}{place if place.startswith('/') else '/'}")
        if not place.startswith("/"):
            page.locator(place).first.click()
            page.wait_for_url(lambda url: url.rstrip("/") != site)
        for width in at_each(page, (320, PHONE, 768, DESK)):
            take_pictures(page, f"{name}-{width}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
            assert page.evaluate(TOO_SMALL) == [], (name, width)


def test_one_bill_without_a_password(site: str, chromium: Any, store: Store, clock: Clock) -> None:
    """The bill that a letter's link opens, without JavaScript: first its one button, then the bill; it fits."""
    with store.reading() as session:
        bill = session.scalars(select(BillRow).where(BillRow.number == "LO-01")).one()
    token = token_of_letter(World(store, clock()), bill)
    page = chromium.new_page(viewport={"width": PHONE, "height": 844}, locale="fr-FR", java_script_enabled=False)
    for name, address in (("lien-ferme", "nothing"), ("lien", token), ("lien-facture", None)):
        if address is None:
            press(page, "Voir ma facture")
            assert page.get_by_text("LO-01").first.is_visible()
        else:
            page.goto(f"{site}/f/{address}")
        for width in at_each(page, (320, DESK)):
            take_pictures(page, f"{name}-{width}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
            assert page.evaluate(TOO_SMALL) == [], (name, width)


def test_every_kind_of_what_is_to_pay_fits_and_is_pictured(
    site: str, chromium: Any, store: Store, clock: Clock
) -> None:
    """Nothing of it is cut or too small to press, whatever a bill asks and whoever it is paid to."""
    world = World(store, clock())
    gaz = furnish_kinds(world)
    with store.reading() as session:
        places = {row.number: row.uid for row in session.scalars(select(BillRow).where(BillRow.issuer_id == gaz))}
    page = chromium.new_page(viewport={"width": PHONE, "height": 844}, locale="fr-FR")
    sign_in(page, site, world.consumer("Alice Martin", holds={gaz: "G-7"}))
    for name, uid in {"liste": "", **places}.items():
        page.goto(f"{site}/factures/{uid}" if uid else site)
        for width in at_each(page, (320, PHONE, DESK)):
            take_pictures(page, f"{name}-{width}")
            assert layout_findings(page) == {}, (name, width)


def test_one_long_word_widens_no_page(site: str, chromium: Any, store: Store, clock: Clock) -> None:
    """A mail server's answer, a file's name, a person's: what others write is broken where it does not fit."""
    word = "x" * 200
    alice = World(store, clock()).consumer(f"Alice {word}", holds={1: "C-1001"})
    with store.writing() as session:
        session.add(Staff(email="oscar@exemple.fr", password_hash=hash_password(PASSWORD), added_at=clock()))
        bill = session.scalars(select(BillRow).where(BillRow.number == "LO-00")).one()
        letter = session.scalars(select(Delivery).where(Delivery.bill_id == bill.id)).first()
        assert letter is not None
        letter.reason, bill.buyer_name = Reason.of("pdf_unreadable", error=word), word
        session.get_one(Issuer, 1).name = word
        uid = bill.uid
    page = chromium.new_page(viewport={"width": PHONE, "height": 844}, locale="fr-FR")
    sign_in(page, site, alice)
    for path in ("/", "/contrats", "/profil", f"/factures/{uid}"):
        page.goto(f"{site}{path}")
        for width in at_each(page, (320, PHONE, DESK)):
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
    page.goto(f"{site}/equipe/connexion?suite=/equipe/factures?numero=LO-00")
    page.get_by_label("Adresse").fill("oscar@exemple.fr")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    press(page, "Se connecter")
    assert page.get_by_text(word).count() > 1
    for width in at_each(page, (320, PHONE, DESK)):
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_mina_makes_her_bills_her_own(
    site: str, chromium: Any, store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """She hands in a mark, sees her last bill beside today's, and adopts it with the keyboard."""
    with store.writing() as session:
        kept = hash_password(PASSWORD)
        session.add(Staff(email="mina@exemple.fr", password_hash=kept, issuer_id=1, added_at=clock()))
    monkeypatch.setattr(store.wake_up, "send", lambda: draw_previews(store, clock))
    page = chromium.new_page(viewport={"width": PHONE, "height": 844}, locale="fr-FR")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{site}/equipe/connexion?suite=/equipe/marque")
    page.get_by_label("Adresse").fill("mina@exemple.fr")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    press(page, "Se connecter")

    page.get_by_role("button", name="Logo (facultatif)").set_input_files(
        {"name": "notre logo.png", "mimeType": "image/png", "buffer": draw_logo(900, 270)}
    )
    page.get_by_label("Couleur").fill("#7a1f3d")
    page.get_by_label("Caractères").select_option("serif")
    page.get_by_label("À côté du logo").fill("Le courant passe")
    press(page, "Essayer sur mes dernières factures")
    assert page.get_by_role("heading", name="Votre dernier essai").is_visible()
    group = page.get_by_role("group", name="Première page de la facture LO-")
    seen = group.get_by_role("img").evaluate_all("all => all.map(each => [each.alt, each.naturalWidth])")
    assert [alt.rpartition(", ")[2] for alt, _ in seen] == ["aujourd’hui", "votre essai"]
    assert [wide for _, wide in seen] == [900, 900]
    for width, scheme in itertools.product((320, PHONE, DESK), ("light", "dark")):
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)
        take_picture(page, f"marque-{width}-{scheme}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(TOO_SMALL) == []

    page.get_by_role("button", name="Adopter").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/equipe/marque")
    assert page.get_by_text("C’est adopté").is_visible()
    assert page.get_by_role("img", name="Le logo de cet essai").is_visible()
    assert complaints == []


def draw_previews(store: Store, clock: Clock) -> None:
    """What the pipeline does when it hears the wake-up signal."""
    with store.writing() as session:
        job = claim_job(session, clock())
    if job is not None:
        for _ in answering_preview(store, job):
            pass


def test_keyboard_alone_is_enough(site: str, chromium: Any, store: Store, clock: Clock) -> None:
    """The first stop skips to the content; what has the focus can be seen to have it."""
    page = chromium.new_page(viewport={"width": DESK, "height": 844}, locale="fr-FR")
    page.goto(f"{site}/connexion")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Aller au contenu"
    assert page.evaluate("document.activeElement.getBoundingClientRect().width") > 24
    page.keyboard.press("Enter")
    World(store, clock()).consumer("Alice Martin")
    for typed in ("alice@exemple.fr", PASSWORD):
        page.keyboard.press("Tab")
        page.keyboard.type(typed)
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/")
    assert "Votre espace est prêt" in page.content()


def test_what_is_typed_wrong_is_tied_to_its_field(site: str, chromium: Any) -> None:
    page = chromium.new_page(locale="fr-FR")
    page.goto(f"{site}/inscription")
    press(page, "Créer mon espace")
    described = page.get_by_label("Votre nom").get_attribute("aria-describedby")
    assert page.locator(f"#{described}").text_content() == "Écrivez votre nom."
    assert page.get_by_label("Votre nom").get_attribute("aria-invalid") == "true"


def test_the_language_follows_the_browser_and_the_switch(site: str, chromium: Any) -> None:
    page = chromium.new_page(locale="en-GB")
    page.goto(site)
    assert page.get_by_role("heading", name="All your bills, in one place.").is_visible()
    press(page, "Français")
    assert page.get_by_role("heading", name="Toutes vos factures, au même endroit.").is_visible()
    assert page.locator("html").get_attribute("lang") == "fr"


def test_a_notification_is_shown_by_the_service_worker(site: str, chromium: Any, store: Store, clock: Clock) -> None:
    """The press registers the service worker, under the page's policy. Where the push service is not reached, as here,
    the page says so. A message that arrives is shown, and bears the bill's page."""
    context = chromium.new_context(locale="fr-FR")
    context.grant_permissions(["notifications"], origin=site)
    page = context.new_page()
    sign_in(page, site, World(store, clock()).consumer("Alice Martin"))
    page.goto(f"{site}/courriels")
    page.get_by_role("button", name="Recevoir des notifications sur cet appareil").click()
    page.get_by_text("Ce navigateur n’a pas pu s’inscrire aux notifications").wait_for()
    devtools = context.new_cdp_session(page)
    registered: list[dict[str, str]] = []
    devtools.on("ServiceWorker.workerRegistrationUpdated", lambda event: registered.extend(event["registrations"]))
    devtools.send("ServiceWorker.enable")
    said = {"title": "Votre facture est arrivée", "text": "84,20 €", "page": "/factures/1", "language": "fr"}
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    for _turn in range(200):
        if registered:
            break
        page.wait_for_timeout(25)
    assert registered[0]["scopeURL"] == f"{site}/"
    message = {"origin": f"{site}/", "registrationId": registered[0]["registrationId"], "data": json.dumps(said)}
    devtools.send("ServiceWorker.deliverPushMessage", message)
    [shown] = page.evaluate(SHOWN)
    assert shown == ["Votre facture est arrivée", "84,20 €", "/factures/1", "/factures/1", "fr"]


def test_a_device_is_allowed_and_listed(site: str, chromium: Any, store: Store, clock: Clock) -> None:
    """What the browser's push service would give is put in its place: all else is the page, its script and its form."""
    alice = World(store, clock()).consumer("Alice Martin")
    context = chromium.new_context(locale="fr-FR", viewport={"width": PHONE, "height": 844})
    context.grant_permissions(["notifications"], origin=site)
    given = {"endpoint": ENDPOINT, "keys": {"p256dh": P256DH, "auth": "BTBZMqHH6r4Tts7J_aSIgg"}}
    context.add_init_script(f"PushManager.prototype.subscribe = async () => ({{toJSON: () => ({json.dumps(given)})}})")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    sign_in(page, site, alice)
    page.goto(f"{site}/courriels")
    page.get_by_role("button", name="Recevoir des notifications sur cet appareil").click()
    page.get_by_text("C’est enregistré : cet appareil reçoit vos notifications.").wait_for()
    assert page.get_by_text("Chrome, Linux").is_visible()
    assert page.evaluate(TOO_SMALL) == []
    with store.reading() as session:
        [device] = subscriptions_of(session, [alice.id])[alice.id]
    assert device.endpoint == ENDPOINT
    page.get_by_role("button", name="Ne plus rien lui envoyer").click()
    page.get_by_text("cet appareil ne reçoit plus de notifications").wait_for()
    assert complaints == []


#: A subscription as a browser gives it; its key is that of RFC 8291, appendix A.
ENDPOINT = "https://push.example/send/one"
P256DH = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
#: What the service worker's notifications say, once there are any.
SHOWN = """
(async () => {
  const it = await navigator.serviceWorker.ready
  for (;;) {
    const all = await it.getNotifications()
    if (all.length) return all.map(({title, body, tag, data, lang}) => [title, body, tag, data, lang])
    await new Promise(done => setTimeout(done, 20))
  }
})()
"""
