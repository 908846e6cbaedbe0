"""Staff's pages: Oscar runs the service, Mina works for Lumière, Eva for Eaux; none sees what is not theirs."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from adoption.monthly_facts import measure
from bill import Reason, fatal
from config import Config
from consumers.claim_code import claim_code
from portal.access.password_hash import hash_password
from store import Store
from store.accounts.one_time_email_link import invitation_link
from store.feeds.feed import Feed
from store.feeds.item import Item, keep_findings
from store.print_batch import PrintBatch
from store.staff_member import Staff
from store.vault.key_ring import KeyRing
from tests.adoption.sample_accounts import World
from tests.conftest import Clock
from tests.portal.conftest import Browser

PASSWORD = "une phrase que je retiens"
KEPT = hash_password(PASSWORD)
CODE = claim_code(b"a secret for tests, long enough to be one", 7)
TODAY = date(2026, 3, 3)


class Office:
    """Lumière sent Alice a bill that she has read, and Bob one that was posted; Eaux sent Alice one; a feed of Lumière
    is held, and one bill of it refused."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.now = clock()
        with store.writing() as session:
            world = World(session)
            self.lumiere = world.issuer("lumiere", "Lumière de l’Ouest")
            self.eaux = world.issuer("eaux", "Eaux du Pays de Retz")
            alice = world.consumer("Alice")
            account = world.account(self.lumiere, "PDL-1")
            world.holds(alice, account, date(2026, 1, 5))
            issued = TODAY - timedelta(days=12)
            self.seen = world.bill(account, issued, channel="portal", number="L-1", viewed_at=self.now)
            world.delivery(self.seen, "email", "notify", self.now - timedelta(days=12), person=alice)
            world.delivery(self.seen, "paper", "print", None, state="cancelled")
            self.posted = world.bill(world.account(self.lumiere, "PDL-2"), issued, number="L-2")
            letter = world.letter(self.posted, CODE, TODAY - timedelta(days=10))
            letter.article, self.batch = "C. conso. L224-12", letter.batch_id
            self.water = world.bill(world.account(self.eaux, "E-1"), issued, number="E-1")
            world.letter(self.water, CODE, TODAY - timedelta(days=10))
            self.held = world.feed(
                self.lumiere,
                self.now,
                state="held",
                reason=Reason.of("feed_doubted", rules=["DRIFT-VOLUME"]),
                entries=1,
            )
            world.add(
                Item(feed_id=self.held.id, seq=1, number="L-9", body_sha256="b", outcome="rejected", place="ligne 3")
            )
            finding = fatal("BR-CO-15", "le total ne tombe pas juste", "ligne 3")
            keep_findings(session, self.held.id, [(1, "L-9", finding)])
            for name, issuer in (("oscar", None), ("mina", self.lumiere), ("eva", self.eaux)):
                world.add(
                    Staff(email=f"{name}@facteur.example", password_hash=KEPT, added_at=self.now,
                          issuer_id=issuer.id if issuer else None)
                )  # fmt: skip
        measure(store, self.now)

    def invite(self, email: str) -> Staff:
        with self.store.writing() as session:
            staff = Staff(email=email, added_at=self.now)
            session.add(staff)
        return staff


@pytest.fixture
def office(store: Store, clock: Clock) -> Iterator[Office]:
    return Office(store, clock)


def test_staff_enter_by_their_own_door(office: Office, browser: Callable[[], Browser]) -> None:
    mine = browser()
    door = mine.get("/equipe/adoption")
    assert door.request.path == "/equipe/connexion"
    wrong = mine.post("/equipe/connexion", email="mina@facteur.example", password="au hasard")
    assert (wrong.status_code, "n’est pas le bon" in wrong.text) == (422, True)
    nobody = mine.post("/equipe/connexion", email="nobody@facteur.example", password=PASSWORD)
    assert nobody.status_code == 422
    right = mine.post("/equipe/connexion", email="Mina@facteur.example", password=PASSWORD, suite="/equipe/adoption")
    assert right.request.path == "/equipe/adoption"
    mine.post("/equipe/deconnexion")
    assert mine.get("/equipe/").request.path == "/equipe/connexion"


def test_an_invitation_sets_the_password_once(office: Office, config: Config, browser: Callable[[], Browser]) -> None:
    nina = office.invite("nina@facteur.example")
    path = f"/equipe/invitation/{invitation_link(KeyRing(config.secret), nina)}"
    mine = browser()
    assert "nina@facteur.example" in mine.get(path).text
    assert mine.get("/equipe/").request.path == "/equipe/connexion", "looking is not entering"
    mine.get(path)
    assert mine.post(path, password="court").status_code == 422
    assert "Votre travail" in mine.post(path, password="une phrase à moi").text
    other = browser()
    assert other.get(path).status_code == 410
    other.get("/equipe/connexion")
    assert (
        other.post("/equipe/connexion", email="nina@facteur.example", password="une phrase à moi").request.path
        == "/equipe/"
    )


@pytest.mark.parametrize("token", ["nonsense", "WzFd.x.y"])
def test_an_invented_invitation_leads_nowhere(office: Office, browser: Callable[[], Browser], token: str) -> None:
    assert browser().get(f"/equipe/invitation/{token}").status_code == 404


def test_somebody_who_left_the_team_is_out_at_once(office: Office, staff: Callable[[str], Browser]) -> None:
    mina = staff("mina")
    with office.store.writing() as session:
        session.scalars(select(Staff).where(Staff.email == "mina@facteur.example")).one().closed_at = office.now
    assert mina.get("/equipe/").request.path == "/equipe/connexion"


def test_tonight_is_well_and_says_what_asks_for_somebody(staff: Callable[[str], Browser]) -> None:
    page = staff("oscar").get("/equipe/").text
    assert '<section class="verdict good"' in page
    assert "sur 3" in page
    assert "à décider\u00a0: DRIFT-VOLUME" in page
    assert page.index("retenu") < page.index("remis")
    assert page.count('role="img"') == 3, "all together, and each issuer"


def test_a_bill_without_news_is_seen_from_across_the_room(office: Office, staff: Callable[[str], Browser]) -> None:
    with office.store.writing() as session:
        world = World(session)
        silent = world.bill(world.account(office.eaux, "E-2"), TODAY - timedelta(days=20), number="E-2")
        letter = world.delivery(silent, "paper", "print", None, state="failed")
        letter.reason = Reason.of("address_incomplete", address_parts=["line1"])
    page = staff("oscar").get("/equipe/").text
    assert '<section class="verdict bad"' in page
    assert "adresse incomplète" in page
    assert '<section class="verdict good"' in staff("mina").get("/equipe/").text, "it is not one of Lumière's"


def test_an_upload_that_never_finished_is_listed_for_its_own_issuer(
    config: Config, staff: Callable[[str], Browser]
) -> None:
    upload_folder = config.drops / "eaux"
    upload_folder.mkdir(parents=True)
    (upload_folder / "mars.xml.part").write_bytes(b"<Invoice")
    assert "mars.xml.part" in staff("oscar").get("/equipe/").text
    assert "mars.xml.part" in staff("eva").get("/equipe/").text
    assert "mars.xml.part" not in staff("mina").get("/equipe/").text


def test_mina_sees_lumiere_and_nothing_of_eaux(office: Office, staff: Callable[[str], Browser]) -> None:
    mina = staff("mina")
    for path in ("/equipe/", "/equipe/flux", "/equipe/lots", "/equipe/adoption", "/equipe/factures?numero=E-1"):
        page = mina.get(path)
        assert page.status_code == 200
        assert "Eaux" not in page.text
    hers, theirs, nobodys = (mina.get(f"/equipe/flux/{n}") for n in (office.held.id, office.water.feed_id, 999_999))
    assert (hers.status_code, theirs.status_code) == (200, 404)
    assert theirs.data == nobodys.data
    assert mina.get(f"/equipe/factures/{office.water.id}").data == mina.get("/equipe/factures/999999").data
    assert staff("eva").get(f"/equipe/factures/{office.seen.id}").status_code == 404


def test_the_fate_of_a_bill_is_two_clicks_away(office: Office, staff: Callable[[str], Browser]) -> None:
    mina = staff("mina")
    page = mina.get("/equipe/factures?numero=L-1")
    assert page.request.path == f"/equipe/factures/{office.store.public_ids.of('bill', office.seen.id)}"
    assert "Vue par son destinataire" in page.text
    assert "a…@exemple.fr" in page.text
    assert "alice@exemple.fr" not in page.text, "her address was given to the portal, not to Lumière"
    assert "/Invoice[" in page.text
    posted = mina.get("/equipe/factures?numero=L-2").text
    assert "Postée" in posted
    assert "C. conso. L224-12" in posted, "the article of law that asks for the letter"
    assert "Lot du " in posted


def test_a_refused_number_tells_where_it_came_in(office: Office, staff: Callable[[str], Browser]) -> None:
    page = staff("mina").get("/equipe/factures?numero=L-9").text
    assert "refusée" in page
    assert f"/equipe/flux/{office.store.public_ids.of('feed', office.held.id)}" in page
    assert "Rien de tel" in staff("eva").get("/equipe/factures?numero=L-9").text


def test_oscar_takes_the_manifest_and_mina_counts_her_letters(
    office: Office, config: Config, staff: Callable[[str], Browser]
) -> None:
    config.outbox.mkdir(parents=True, exist_ok=True)
    (config.outbox / "lot-000001-abc.json").write_bytes(b'{"lot": 1}')
    with office.store.writing() as session:
        batch = session.get_one(PrintBatch, office.batch)
        batch.name, batch.manifest_sha256, batch.sheets = "lot-000001-abc", "a" * 64, 4
    oscar, mina = staff("oscar"), staff("mina")
    assert "Manifeste" in oscar.get("/equipe/lots").text
    manifest = oscar.get(f"/equipe/lots/{office.batch}/manifeste")
    assert manifest.data == b'{"lot": 1}'
    assert manifest.headers["Cache-Control"] == "no-store", "it holds people's names: no cache may keep it"
    assert "Manifeste" not in mina.get("/equipe/lots").text
    assert mina.get(f"/equipe/lots/{office.batch}/manifeste").status_code == 404
    assert mina.get("/equipe/lots").text.count("Lot ") < oscar.get("/equipe/lots").text.count("Lot ")


def test_adoption_is_drawn_and_told_in_figures(staff: Callable[[str], Browser]) -> None:
    visit = staff("oscar")
    oscar = visit.get("/equipe/adoption").text
    assert "Tous ensemble" in oscar
    assert "<details>" in oscar
    for page in (oscar, visit.get("/equipe/adoption/emetteur/lumiere").text):
        assert page.count('<rect class="ours"') == 1, "Alice's letter saved: of all together, and of Lumière"
    mina = staff("mina").get("/equipe/adoption").text
    assert "Tous ensemble" not in mina
    assert "Lumière de l’Ouest" in mina


def test_an_empty_service_says_so(store: Store, clock: Clock, browser: Callable[[], Browser]) -> None:
    with store.writing() as session:
        session.add(Staff(email="oscar@facteur.example", password_hash=KEPT, added_at=clock()))
    mine = browser()
    mine.get("/equipe/connexion")
    page = mine.post("/equipe/connexion", email="oscar@facteur.example", password=PASSWORD).text
    for words in ("Aucun flux", "Aucune lettre", "Les courbes commencent"):
        assert words in page
    assert mine.get("/equipe/adoption").status_code == mine.get("/equipe/lots").status_code == 200


def test_the_pages_speak_english(staff: Callable[[str], Browser]) -> None:
    oscar = staff("oscar")
    oscar.get("/equipe/")
    oscar.post("/langue", language="en", suite="/equipe/")
    assert "bills without news" in oscar.get("/equipe/").text


def test_a_consumer_finds_no_way_in(store: Store, office: Office, browser: Callable[[], Browser]) -> None:
    with store.writing() as session:
        who = World(session).consumer("Charlie")
        who.password_hash = KEPT
    charlie = browser()
    charlie.sign_in(who)
    for path in ("/equipe/", f"/equipe/flux/{office.held.id}", f"/equipe/factures/{office.seen.id}"):
        assert charlie.get(path).request.path == "/equipe/connexion"
    with store.reading() as session:
        assert session.get(Feed, office.held.id) is not None
