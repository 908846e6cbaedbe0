"""Nothing is said that no catalogue knows: every page of the portal in a language that nobody speaks."""

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import astuple
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import lxml.html
import msgspec
import pytest
from flask import Flask
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from adoption.measures.registry import MEASURES
from bill import Reason, account_labels
from bill.customer.known_customer import KnownCustomer
from config import OidcProvider
from consumers.claim_code import letter_code
from consumers.confirm_phone import ask_code
from consumers.email_address.change_email import ask_change
from doors.feed_drop import drop_feed
from ingest.custom_formats.field_names import TERMS
from issuers.file_layouts import DelimitedLayout
from issuers.profile import PlanTable
from payments.online.provider_settings import set_provider
from payments.plans.ask_for_plan import ask_for_plan
from pipeline.bill_archives.make_archive import making_archive
from portal.access import identity_providers
from portal.access.route_policy import POLICY, Who
from store import Store
from store.accounts.consumer import Consumer, Enrolment, enrol
from store.accounts.customer_account import CustomerAccount
from store.accounts.one_time_email_link import (
    email_back_link,
    email_change_link,
    forward_confirmation_link,
    forward_stop_link,
    keep_factors_link,
    lost_factor_link,
    mail_stop_link,
    objection_link,
    staff_unknown_device_link,
    unknown_device_link,
)
from store.accounts.suitability_event import append_suitability
from store.base import Base
from store.bill_archives.bill_archive import BILL_ARCHIVE, ArchiveScope, BillArchive, ask_for_archive
from store.bill_forwarding.forward_address import ForwardAddress, confirm_forward
from store.bills.bill import BillRow
from store.bills.page_pictures import PagePictures, ask_for_pictures
from store.customers.customer_reference import CustomerReference, reference_row
from store.delivery import Delivery
from store.job import Job, claim_job
from store.leaving.email_change import EmailChange
from store.payments.payment_order import PaymentOrder
from store.print_answer import PrintAnswer
from store.print_batch import PrintBatch
from store.sign_in.authenticator_app import begin_app
from store.sign_in.factor_owner import FactorOwner
from store.sign_in.factor_removal import ask_removal
from store.staff_member import Staff
from tests.conftest import Clock
from tests.portal.asked_questions import ask_questions
from tests.portal.conftest import Browser
from tests.portal.consumers.one_bill.one_bill_links import begin_guest_order, token_of_letter
from tests.portal.consumers.shared_bills.sylvies_grants import share_with
from tests.portal.entrance import open_entrances
from tests.portal.operators.heard_mails import hears_a_mail
from tests.portal.own_documents import own_documents
from tests.portal.page_structure import structure_faults
from tests.portal.planned_adoption import plan_adoption
from tests.portal.recorded_heirs import record_heirs
from tests.portal.sample_campaign import run_a_campaign
from tests.portal.sample_town import World, a_bill, furnish, furnish_kinds
from tests.portal.second_factors.factor_holders import SECRET, give_app
from tests.portal.staff_office import Office
from tests.portal.tried_samples import try_a_sample
from tests.pseudo_locale import left_over, speak_pseudo, text_of, words_of
from tests.sample_feeds import ubl
from tests.sample_payments import BankEntry, camt
from words.bill_term_labels import term_labels
from words.calendar_names import month_name, weekday_name
from words.printed_bill_labels import bill_labels
from words.printed_languages import word_list

pytestmark = pytest.mark.beside_any_database

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
HERE = Path(__file__).parent
#: Names of ours, of forms and formats, and of what has one name in all languages.
NAMES = (
    "Facteur Français English Deutsch Nederlands Español fr en SFTP API XML UBL CII PDF CSV EDIFACT IBAN BIC EUR kWh",
    "FranceConnect kVA Go EN BR BR-CO BT DQ UTC QM XW XXX XXXX",
)


BRUNO = ("Bruno Leroy", "17 quai de la Fosse", "69002", "Lyon")


def literals(path: Path) -> Iterator[str]:
    """The texts of a module that furnishes a store: what its people, streets and bills are called."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def rows(store: Store) -> Iterator[str]:
    """Every text of every row."""
    with store.reading() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(select(table)):
                yield from (str(value) for value in row if isinstance(value, (str, dict, list)))


def codes(store: Store) -> Iterator[str]:
    """The codes of letters, of which rows keep only digests."""
    with store.reading() as session:
        for letter in session.scalars(select(Delivery).where(Delivery.claim_digest.is_not(None))):
            yield letter_code(store.keys, letter)


def known(store: Store) -> set[str]:
    """Words that may stand outside: data, names, days and months, and what printed bills have their own lists for."""
    numbers = account_labels(None, "en")
    texts = [
        *NAMES,
        *BRUNO,
        "Charlie Faure",
        *(measure.source for measure in MEASURES.values()),
        *rows(store),
        *codes(store),
        *numbers,
        *(each.lower() for each in numbers),
    ]
    texts += [text for text in (*astuple(bill_labels("en")), *astuple(term_labels("en"))) if isinstance(text, str)]
    for name in ("units", "document-types", "vat-categories", "countries"):
        texts += [words["en"] for words in word_list(name).values()]
    for name in ("sample_town.py", "own_documents.py", "staff_office.py", "../sample_feeds.py", "../sample_layouts.py"):
        texts += literals(HERE / name)
    texts += [*TERMS, *DelimitedLayout.__struct_fields__, "BG"]  # as the profile and EN 16931 say them
    texts += [month_name(n, "en", short=short) for n in range(1, 13) for short in (False, True)]
    return words_of([*texts, *(weekday_name(n, "en") for n in range(7))])


#: What programs call the rows of a sheet.
CALLED = {"/equipe/adoption/mesures/feuille.csv": words_of([*MEASURES])}


class Visit:
    """Somebody goes through all the links that they are shown, from some doors on: at most three of a kind."""

    def __init__(self, app: Flask, mine: Browser, reads: str = "en") -> None:
        self.app, self.mine, self.reads = app, mine, reads
        self.seen: dict[str, str] = {}
        self.endpoints: set[str] = set()
        self.faults: dict[str, list[str]] = {}  # of how each page is built (`tests.portal.page_structure`)
        self.kinds: Counter[tuple[str, str]] = Counter()
        self.forms: dict[tuple[str, str], tuple[str, dict[str, str], list[str]]] = {}

    def through(self, *doors: str) -> None:
        ahead, other = list(doors), "en" if self.reads == "fr" else ""
        while ahead:
            path = ahead.pop()
            if path in self.seen or not self._is_new(path):
                continue
            answer = self.mine.get(path, headers={"Accept-Language": self.reads})
            is_page, is_sheet = answer.mimetype == "text/html", urlsplit(path).path.endswith("feuille.csv")
            self.seen[path] = text_of(answer.text, other) if is_page else answer.text if is_sheet else ""
            assert answer.status_code < 500, path
            if is_page:
                self._keep_forms(path, answer.text)
                self._keep_faults(path, answer.text)
            ahead += [unescape(each) for each in re.findall(r'href="(/[^"#]*)', answer.text)] if is_page else []

    def _keep_faults(self, path: str, page: str) -> None:
        if faults := structure_faults(page):
            self.faults[path] = faults

    def _keep_forms(self, path: str, page: str) -> None:
        """One form of each kind, for each of its buttons: where it is, what it brings along, and what is typed."""
        for form in lxml.html.fromstring(page).forms:
            if form.method != "POST" or form.action in LEAVING or form.action.endswith(BARRING):
                continue
            given = {each.name: each.value or "" for each in form.inputs if each.get("type") == "hidden"}
            typed = [each.name for each in form.inputs if each.name and each.get("type") not in {"hidden", "file"}]
            for button in form.xpath(".//button"):
                pressed = {button.get("name"): button.get("value")} if button.get("name") else {}
                key = self._endpoint(form.action), str(pressed)
                self.forms.setdefault(key, (path, given | pressed | {"": form.action}, typed))

    def submit(self, typed: str) -> None:
        """Every form that was seen, with this text in each of its fields."""
        self.mine.post("/langue", language="en")
        for (endpoint, pressed), (path, given, names) in self.forms.items():
            self.mine.get(path)
            fields = {name: value for name, value in given.items() if name not in {"", "csrf_token"}}
            answer = self.mine.post(given[""], **(fields | dict.fromkeys(names, typed)))
            assert answer.status_code < 500, given[""]
            if answer.mimetype == "text/html":
                self.seen[f"{endpoint} {pressed} {typed!r}"] = text_of(answer.text)
                self._keep_faults(f"{endpoint} {pressed} {typed!r}", answer.text)

    def _endpoint(self, path: str) -> str:
        with self.app.app_context():
            return str(self.app.url_map.bind("localhost").match(urlsplit(path).path, method="POST")[0])

    def _is_new(self, path: str) -> bool:
        parts = urlsplit(path)
        try:
            with self.app.app_context():
                endpoint, _ = self.app.url_map.bind("localhost").match(parts.path)
        except HTTPException:
            endpoint = "nowhere"
        self.endpoints.add(endpoint)
        kind = endpoint, ",".join(sorted(parse_qs(parts.query)))
        self.kinds[kind] += 1
        is_reference = endpoint.startswith("api_reference")  # in English for whoever writes programs: `test_reference`
        return endpoint != "static" and not is_reference and self.kinds[kind] <= 3

    def unsaid(self, words: set[str]) -> dict[str, list[str]]:
        """What stands outside all brackets, by page."""
        found = {path: left_over(text, words | CALLED.get(path, set())) for path, text in self.seen.items()}
        return {path: left for path, left in found.items() if left}


VisitKind = TypeVar("VisitKind", bound=Visit)


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> None:
    speak_pseudo(monkeypatch)


def pages_for(*audiences: Who) -> set[str]:
    asked = {endpoint for (endpoint, method), line in POLICY.items() if method == "GET" and line.who in audiences}
    return {endpoint for endpoint in asked - FILES if not endpoint.startswith("api")}


#: Forms that end the visit, or change its language.
LEAVING = {"/deconnexion", "/equipe/deconnexion", "/langue", "/equipe/essai/cote", "/equipe/essai/cliente"}
#: The form after which nobody goes on without a second factor.
BARRING = "/second-facteur"
#: Routes that give a file, or answer programs.
FILES = {
    "static", "logo.show", "brand.logo", "brand.picture", "brand.preview", "batches.manifest", "health.show",
    "issuer_profile.text", "profile_studio.picture", "profile_studio.preview",
    "health.work", "page_pictures.picture", "asked_document.picture", "push_devices.service_worker",
    "calendar_file.show", "heirs.document", "search_engines.robots", "search_engines.icon", "test_side.letters",
    "bill_trace.picture",
}  # fmt: skip
#: Doors that no link leads to: links in mails and on letters, and what is only there for some.
DOORS = (
    "/", "/c/", "/c/7Q2KD", "/inscription", "/inscription/confirmer/", "/inscription/confirmer/x", "/mot-de-passe/",
    "/mot-de-passe/coupe", "/mot-de-passe-oublie", "/nowhere", "/profil", "/equipe/connexion", "/equipe/invitation/",
    "/equipe/invitation/x", "/equipe/mot-de-passe/", "/equipe/mot-de-passe/x", "/equipe/mot-de-passe-oublie",
)  # fmt: skip


#: Lists and sheets that figures lead to: no page leads there where nothing was counted. An address of before.
FIGURES = (
    "/equipe/adoption/contrats?etape=invited", "/equipe/adoption/contrats/feuille.csv?arret=started",
    "/equipe/adoption/contrats?cohorte=2026-01&age=1&regard=reading",
    "/equipe/adoption/mois?mois=2026-03&chiffre=contrats", "/equipe/adoption/mois?mois=2026-03&chiffre=factures",
    "/equipe/adoption/mois/feuille.csv?mois=2026-03&chiffre=lettres",
    "/equipe/adoption/papier/factures", "/equipe/adoption/papier/factures?motif=paper_kept",
    "/equipe/adoption/papier/factures/feuille.csv?motif=paper_kept", "/equipe/adoption/papier/feuille.csv",
    "/equipe/adoption/entonnoir/feuille.csv", "/equipe/adoption/cohortes/feuille.csv",
    "/equipe/adoption/contrats?cohorte=2026-01&jusque=2026-02",
    "/equipe/adoption/mesures/liste?mesure=accounts", "/equipe/adoption/mesures/liste/feuille.csv?mesure=bills",
    "/equipe/adoption/mesures/feuille.csv", "/equipe/adoption/lumiere",
)  # fmt: skip


def begin_orders(store: Store, issuer_id: int, consumer_id: int) -> list[int]:
    """Payments that Alice began on line: one of each state but the one that leads back to its bill."""
    with store.writing() as session:
        set_provider(
            session, store.encryptor, issuer_id, "https://pay.example/pay", "m", b"shared by the two of them", NOW, ""
        )
        bill = session.scalars(select(BillRow).where(BillRow.issuer_id == issuer_id).order_by(BillRow.id)).first()
        assert bill is not None
        orders = [
            PaymentOrder(
                issuer_id=issuer_id, bill_id=bill.id, consumer_id=consumer_id, amount=Decimal(5), currency="EUR",
                state=state, made_at=NOW,
            )
            for state in ("open", "failed", "returned")
        ]  # fmt: skip
        session.add_all(orders)
        session.flush()
        return [each.id for each in orders]


def address_of(store: Store, number: str) -> str:
    """The page of this bill."""
    with store.reading() as session:
        return f"/factures/{session.scalars(select(BillRow.uid).where(BillRow.number == number)).one()}"


def pages_in_place(store: Store, consumer_id: int) -> Iterator[str]:
    """Where a consumer's bills are shown page by page: not asked for, being drawn, drawn in part, not to be drawn."""
    with store.writing() as session:
        query = select(BillRow).join(Enrolment, Enrolment.account_id == BillRow.account_id)
        rows = session.scalars(query.where(Enrolment.consumer_id == consumer_id).order_by(BillRow.id).limit(4)).all()
        for row, state in zip(rows, ("", "todo", "drawn", "none"), strict=True):
            yield f"/factures/{row.uid}/pages{'' if state else '?again'}"
            if not state:
                continue
            ask_for_pictures(session, row, NOW)
            pictures = session.get_one(PagePictures, row.id)
            assert pictures.job_id is not None
            session.get_one(Job, pictures.job_id).state = "todo" if state == "todo" else "done"
            if state == "drawn":
                pictures.places, pictures.pages = [[720, 1018, 0, 9], [1800, 2545, 9, 9]], 2


def ask_yearly_question(store: Store, account_id: int) -> None:
    """This account does without paper for a year, and its holders are asked whether that still suits."""
    with store.writing() as session:
        mine = update(CustomerAccount).where(CustomerAccount.id == account_id)
        session.execute(mine.values(paperless=True, paperless_since=NOW - timedelta(days=340)))
        append_suitability(
            session, account_id, NOW.date() + timedelta(days=25), "asked", NOW, wording="suitability-1", way="email",
            article="4711",
        )  # fmt: skip


def ask_about_first_bill(store: Store, consumer_id: int) -> None:
    """Questions about a bill of Lumière's, which the links on this person's pages lead to."""
    with store.writing() as session:
        bill = session.scalars(select(BillRow).where(BillRow.number == "LO-12")).one()
        ask_questions(session, bill, consumer_id, NOW)


def offer_contracts(world: World, issuer_id: int, holder_id: int) -> None:
    """This issuer knows Alice's address for two contracts more, of which somebody else follows one."""
    issued = world.today - timedelta(days=2)
    world.drop(issuer_id, [a_bill(f"P-{n}", f"C-PROPOSE-{n}", issued) for n in (1, 2)])
    ids = [world.account_id(issuer_id, f"C-PROPOSE-{n}") for n in (1, 2)]
    known = KnownCustomer(email="alice@exemple.fr", clocks={"email": world.now})
    with world.store.writing() as session:
        session.execute(insert(CustomerReference), [reference_row(n, issuer_id, known, world.today) for n in ids])
        enrol(session, holder_id, ids[0], world.now)


def phone_states(store: Store, consumer_id: int) -> Iterator[str]:
    """This person's phone waits for its code, is confirmed, and receives nothing any more."""
    for state in ("waiting", "confirmed", "failed"):
        with store.writing() as session:
            phone = ask_code(session, consumer_id, "+33612345678", NOW)
            phone.confirmed_at = None if state == "waiting" else NOW
            phone.failed_at = NOW if state == "failed" else None
        yield state


def offer_provider(app: Flask) -> None:
    """Let people sign in by a provider, which is down."""
    france = OidcProvider(
        id="france", name="FranceConnect", issuer="http://127.0.0.1:9", client_id="facteur", client_secret="x"
    )
    here = app.extensions["facteur"]
    config = msgspec.structs.replace(here.config, oidc_providers=(france,))
    app.extensions["facteur"] = here._replace(config=config)
    identity_providers.install(app, config)


def offer_passkeys(app: Flask) -> None:
    """Give the portal a name: passkeys are bound to it, and an IP address is none."""
    here = app.extensions["facteur"]
    named = msgspec.structs.replace(here.config, public_url="http://localhost:8080")
    app.extensions["facteur"] = here._replace(config=named)


def begin_identity(stranger: Browser) -> None:
    """This browser comes from the provider, for the first time."""
    with stranger.client.session_transaction() as said:
        said["identity_begun"] = ["france", "angela", "Alice Martin", "alice@exemple.fr", int(NOW.timestamp())]


def a_staff_device_link(store: Store) -> str:
    """A link that ends a session of somebody who works here."""
    with store.writing() as session:
        nina = Staff(email="nina@facteur.example", password_hash="-", added_at=NOW)
        session.add(nina)
        session.flush()
        return staff_unknown_device_link(store.keys, nina, 4711)


def archive_states(store: Store, consumer_id: int) -> Iterator[str]:
    """This person's archive of bills is being made, is ready, and has failed."""
    with store.writing() as session:
        ask_for_archive(session, store.encryptor, consumer_id, ArchiveScope(), "fr", NOW)
    yield "making"
    with store.writing() as session:
        job = claim_job(session, NOW, Job.kind == BILL_ARCHIVE)
    assert job is not None
    for _ in making_archive(store, job, lambda: NOW, ZoneInfo("Europe/Paris")):
        pass
    yield "ready"
    with store.writing() as session:
        session.execute(update(BillArchive).values(ready_at=None))
    yield "failed"


def visit_one_bill(kind: type[VisitKind], app: Flask, world: World, browser: Callable[[], Browser]) -> list[VisitKind]:
    """A guest and Charlie, who has signed in, on the pages of a letter's link."""
    with world.store.reading() as session:
        bill = session.scalars(select(BillRow).where(BillRow.number == "LO-00")).one()
    token = token_of_letter(world, bill)
    with world.store.writing() as session:  # written today: after the holders came, who would close its link
        mine = (Delivery.bill_id == bill.id, Delivery.channel == "paper")
        session.execute(update(Delivery).where(*mine).values(sent_at=world.now + timedelta(minutes=1)))
    guest, charlie = kind(app, browser()), kind(app, browser())
    charlie.mine.sign_in(world.consumer("Charlie Faure"))
    for visit in (guest, charlie):
        visit.through(f"/f/{token}", f"/f/{token}/pdf", "/f/", "/f/x")
        visit.mine.get(f"/f/{token}")
        visit.mine.post(f"/f/{token}")
        assert visit.mine.get(f"/f/{token}").status_code == 200, "or it is closed"
        visit.seen.clear()
        order = begin_guest_order(world, bill)
        visit.through(f"/f/{token}?x=1", f"/f/{token}/suivre", f"/f/{token}/paiements/{order}", f"/f/paiements/{order}")
    return [guest, charlie]


def forwarding_links(store: Store, owner_id: int) -> list[str]:
    """The links of mails to an address that was asked, and to one that has accepted, and where they are cut short."""
    with store.writing() as session:
        forwards = [ForwardAddress(consumer_id=owner_id, email=f"{n}@comptable.example", asked_at=NOW) for n in "ab"]
        session.add_all(forwards)
        session.flush()
        confirm_forward(session, forwards[1].id, NOW)
    asked, accepted = (forward_confirmation_link(store.keys, each.id) for each in forwards)
    stop = forward_stop_link(store.keys, forwards[1].id)
    return [
        "/transfert/arreter/",
        *(f"/transfert/accepter/{each}" for each in (asked, accepted)),
        f"/transfert/arreter/{stop}",
    ]


def lost_factor_links(store: Store, person: Consumer) -> Iterator[str]:
    """The links of mails to somebody who has lost their second factors: to begin the wait, and to end it."""
    yield f"/second-facteur/perdu/{lost_factor_link(store.keys, person, 0)}"
    with store.writing() as session:
        removal = ask_removal(session, person.id, NOW + timedelta(days=3), NOW)
        assert removal is not None
        session.flush()
        keep = keep_factors_link(store.keys, removal.id)
    yield f"/second-facteur/garder/{keep}"


def visit_second_factors(kind: type[VisitKind], app: Flask, world: World, browser: Callable[[], Browser]) -> VisitKind:
    """Zita has an app that shows codes: she is half-way in, and then inside."""
    zita, visit = world.consumer("Zita Petit"), kind(app, browser())
    codes = give_app(world.store, Clock(NOW), zita)
    visit.mine.sign_in(zita)
    visit.through("/connexion/code", "/connexion/perdu")
    for link in lost_factor_links(world.store, zita):
        visit.through(link)
        assert visit.mine.get(link).status_code == 200, "or it is spent"
    visit.mine.get("/connexion/code")
    visit.mine.post("/connexion/code", code=codes.code())
    visit.through("/securite", "/confirmer-identite")
    return visit


def begin_an_app(store: Store, person: Consumer | Staff) -> None:
    """An app waits for its first code."""
    with store.writing() as session:
        begin_app(session, store.encryptor, FactorOwner.of(person), SECRET, NOW)


def address_links(store: Store, alice_id: int, bob_id: int) -> list[str]:
    """The links of mails about an address that is to change, and about one that has, and where they are cut short."""
    with store.writing() as session:
        ask_change(session, alice_id, "alice.leroy@exemple.fr", NOW)
        ask_change(session, bob_id, "bob.leroy@exemple.fr", NOW)
        asked, changed = session.scalars(select(EmailChange).order_by(EmailChange.id))
        changed.state, changed.confirmed_at = "confirmed", NOW
        return [
            "/adresse/confirmer/",
            f"/adresse/confirmer/{email_change_link(store.keys, asked.id)}",
            "/adresse/annuler/",
            *(f"/adresse/annuler/{email_back_link(store.keys, each.id)}" for each in (asked, changed)),
        ]


@pytest.mark.usefixtures("pseudo")
def test_every_page_of_a_consumer(app: Flask, world: World, store: Store, browser: Callable[[], Browser]) -> None:
    numbers = furnish(world)
    gaz = furnish_kinds(world)
    holds = dict(zip(numbers.values(), ("C-1001", "R-1187", "0612345678", "00412"), strict=True)) | {gaz: "G-7"}
    alice, bob = world.consumer("Alice Martin", holds=holds), world.consumer("Bob Martin", holds={gaz: "G-7"})
    offer_contracts(world, gaz, bob.id)
    ask_yearly_question(store, world.account_id(numbers["banque"], "00412"))
    ask_about_first_bill(store, alice.id)
    guests = visit_one_bill(Visit, app, world, browser)
    share_with(world, alice, numbers["lumiere"], "C-1001")
    offer_passkeys(app)
    stranger, mine = Visit(app, browser()), Visit(app, browser())
    stranger.through(*DOORS, "/objection/", f"/objection/{objection_link(store.keys, 1, alice.id)}")
    stranger.through("/equipe/connexion/code", "/second-facteur/perdu/x", "/second-facteur/garder/x")
    stranger.through("/desabonnement/", f"/desabonnement/{mail_stop_link(store.keys, alice.id, 'suitability_check')}")
    stranger.through("/appareil-inconnu/", f"/appareil-inconnu/{unknown_device_link(store.keys, alice, 4711)}")
    stranger.through("/equipe/appareil-inconnu/", f"/equipe/appareil-inconnu/{a_staff_device_link(store)}")
    offer_provider(app)
    stranger.through("/connexion/avec/france", "/connexion/retour/france?state=x")
    begin_identity(stranger.mine)
    stranger.through("/inscription/avec/france")
    browser().sign_in(alice)
    stranger.through(*forwarding_links(store, alice.id))
    stranger.through(*run_a_campaign(store, numbers["lumiere"], NOW)[1])
    stranger.through("/vos-donnees", *address_links(store, alice.id, bob.id))
    mine.mine.sign_in(alice)
    mine.through(address_of(store, "LO-12"))
    mine.through(*pages_in_place(store, alice.id))
    mine.through(*own_documents(store, alice.id, NOW))
    mine.through(
        *(f"/paiements/{n}" for n in begin_orders(store, numbers["lumiere"], alice.id)),
        "/",
        "/contrats",
        *(f"/contrats/{n}/personnes" for n in range(1, 6)),
        "/profil",
        "/partages",
        "/qui-voit-mes-factures",
        "/contrats/ajouter?issuer=lumiere",
        "/?q=rien",
        "/questions",
        "/confirmer-identite",
        "/confirmer-identite?formulaire=1",
    )
    for state in phone_states(store, alice.id):
        mine.through(f"/profil/telephone?{state}=1", f"/courriels?{state}=1", f"/profil?{state}=1")
    for state in archive_states(store, alice.id):
        mine.through(f"/emporter?{state}=1", "/emporter/factures.zip", f"/mes-donnees?{state}=1", "/mes-donnees.json")
    begin_an_app(store, alice)
    mine.through("/securite/application", "/securite/cles/ajouter", "/profil/identites")
    zita = visit_second_factors(Visit, app, world, browser)
    for visit in (stranger, mine, *guests):
        visit.submit("")
        visit.submit("x y")
    words = known(store)
    assert {page: left for visit in (stranger, mine, zita, *guests) for page, left in visit.unsaid(words).items()} == {}
    assert {page: left for visit in (stranger, mine, zita, *guests) for page, left in visit.faults.items()} == {}
    seen = set().union(*(visit.endpoints for visit in (stranger, mine, zita, *guests)))
    assert pages_for("consumer", "public") - seen == set()


def visit_staff_half_way(
    kind: type[VisitKind], app: Flask, store: Store, staff: Callable[[str], Browser], oscar: Visit
) -> VisitKind:
    """Oscar adds an app; Eva, who has one, is half-way in."""
    with store.reading() as session:
        people = {each.email.partition("@")[0]: each for each in session.scalars(select(Staff))}
    begin_an_app(store, people["oscar"])
    oscar.through("/equipe/securite", "/equipe/securite/application", "/equipe/securite/cles/ajouter")
    give_app(store, Clock(NOW), people["eva"])
    eva = kind(app, staff("eva"))
    eva.through("/equipe/connexion/code")
    return eva


@pytest.fixture
def busy(office: Office) -> Office:
    """Numbers that come again, an account of two people, letters that are held: there is something on every page."""
    for name, bills in (
        ("avril.xml", [ubl("K-1"), ubl("K-2", "C-BOB"), ubl("K-3", "C-CHARLIE")]),
        ("encore.xml", [ubl("K-1", net=Decimal(99)), ubl("K-2", "C-BOB", net=Decimal(5)), ubl("K-9")]),
        ("mai.xml", [ubl("K-4", person=BRUNO)]),
    ):
        office.pipeline.work_feed(office.drop(bills, name=name), office.clock())
    paid = camt([BankEntry("84.00", "K-1 K-2", "R1", name="Alice Martin"), BankEntry("9.00", "K-4", "R2")])
    came = drop_feed(office.store, office.lumiere, BytesIO(paid), "releve.xml", "sftp", office.clock())
    office.pipeline.work_feed(came.feed_id, office.clock())
    try_a_sample(office.store, office.lumiere.id, "mina@facteur.example", office.clock())
    hears_a_mail(office)
    with office.store.writing() as session:
        letters = session.scalars(select(Delivery).where(Delivery.channel == "paper").order_by(Delivery.id)).all()
        for letter in letters[:2]:
            letter.state, letter.batch_id = "failed", None
            letter.reason = Reason.of("address_incomplete", address_parts=["line1"])
        add_disputed_batch(session, letters[2], office.clock())
        bill = session.get_one(BillRow, letters[0].bill_id)
        asker = Consumer(
            email="zoe@exemple.fr", name="Zoé", password_hash="", signed_up_at=office.clock(), language="fr"
        )
        session.add(asker)
        session.flush()
        ask_for_plan(
            session, bill, asker.id, 3, office.clock().date(), "", PlanTable(), office.clock().date(), office.clock()
        )
        ask_questions(session, bill, asker.id, office.clock())
    return office


def add_disputed_batch(session: Session, letter: Delivery, now: datetime) -> None:
    """The letter was handed over, the print house has answered otherwise, and about a lot that is not ours."""
    why = Reason.of("lot_differs", announced_letters=1, announced_sheets=1, printed_letters=2, printed_sheets=2)
    batch = PrintBatch(
        state="disputed", opened_at=now, cut_off_at=now, closed_at=now, handed_over_at=now, letters=1, sheets=1,
        name="lot-000001-abc", answer=why,
    )  # fmt: skip
    session.add(batch)
    session.flush()
    letter.state, letter.batch_id, letter.sent_at = "sent", batch.id, now
    for batch_id, file in ((batch.id, "lot-000001-abc.ack.json"), (None, "lot-000009-abc.ack.json")):
        session.add(
            PrintAnswer(
                house="main",
                file=file,
                sha256="0" * 64,
                stamp=1,
                batch_id=batch_id,
                read_at=now,
                letters=2,
                sheets=2,
                missing=[1],
            )
        )


@pytest.mark.usefixtures("pseudo")
def test_every_page_of_the_staff(app: Flask, store: Store, busy: Office, staff: Callable[[str], Browser]) -> None:
    heirs = record_heirs(busy, "C-CHARLIE")
    open_entrances(busy)
    offer_passkeys(app)
    plan_adoption(store, busy.lumiere)
    oscar, mina = Visit(app, staff("oscar")), Visit(app, staff("mina"))
    for visit in (oscar, mina):
        visit.through("/equipe/", "/equipe/conflits", "/equipe/comptes", "/equipe/litiges", "/equipe/attente", heirs)
        visit.through(
            "/equipe/ce-soir",
            "/equipe/personnes?q=martin",
            "/equipe/journal?tous=1",
            "/equipe/plusieurs-fois",
            "/equipe/courriels-revenus",
            "/equipe/confirmer-identite",
        )
        visit.through(*(f"/equipe/questions?etat={state}" for state in ("ouvertes", "repondues", "fermees")))
        visit.through(*FIGURES)
        visit.through("/equipe/paiements", "/equipe/paiements?sort=tous")
        visit.through("/equipe/factures?numero=K-1", "/equipe/factures?q=martin", "/equipe/factures?q=nowhere")
    half = visit_staff_half_way(Visit, app, store, staff, oscar)
    for visit in (oscar, mina):
        visit.submit("")
        visit.submit("x y")
    words = known(store)
    assert oscar.unsaid(words) | mina.unsaid(words) | half.unsaid(words) == {}
    assert oscar.faults | mina.faults | half.faults == {}
    assert pages_for("operator", "member", "staff") - oscar.endpoints - mina.endpoints == set()


@pytest.mark.usefixtures("pseudo")
def test_what_is_not_looked_up_is_seen(app: Flask, browser: Callable[[], Browser]) -> None:
    """The test itself: a word beside the catalogue stands outside the brackets."""
    app.jinja_env.globals["_"] = lambda text, **_: text
    visit = Visit(app, browser())
    visit.through("/connexion")
    assert "passe" in visit.unsaid(set())["/connexion"]
