"""The second holder: told through page, mail and letter.

Alice holds her contract with Lumière. Bob finds an old letter of hers, and it opens nothing; a new letter does. Alice
is told at once, sees who it is, and suspends him. He sees nothing more, asks, and Lumière decides.
"""

import json
from collections.abc import Callable
from email.header import decode_header, make_header

import pytest
from sqlalchemy import select

from cli import main
from config import Config
from store import Store
from store.accounts.consumer import Consumer, Enrolment, holders_of
from store.accounts.customer_account import CustomerAccount
from store.accounts.holder_dispute import Dispute
from store.accounts.joint_holder_notice import notify_holder
from store.bills.bill import BillRow
from store.db.event import events_of
from store.delivery import Delivery
from store.staff_member import Staff
from tests.conftest import Clock
from tests.lived_beginnings import Living
from tests.portal.conftest import Browser, Mailbox
from tests.portal.consumers.bills.test_bills import plain
from tests.portal.letter_boxes import CODE, Town
from tests.portal.sample_town import World
from tests.portal.staff_office import KEPT, PASSWORD
from tests.sample_feeds import batch, ubl
from tests.spelled_reasons import french

NewBrowser = Callable[[], Browser]
Post = Callable[[], Mailbox]
NUMBER = "C-ALICE"


class Story:
    """Alice has claimed with February's letter; Bob has found it; March's letter is in the box of the house."""

    def __init__(self, town: Town, world: World, browser: NewBrowser, post: Post, clock: Clock) -> None:
        self.town, self.store, self.post, self.clock, self._browser = town, town.store, post, clock, browser
        self._world = world

    def begin(self) -> "Story":
        self.town.begin()
        self.people = {name: self._world.consumer(name) for name in ("Alice Martin", "Bob Le Goff")}
        self.alice, self.bob = (self._signed_in(name) for name in self.people)
        self.old = self._letter("FEB")
        self.said_to_alice = self.claims(self.alice, self.old)
        self.clock.forward(days=30)
        return self

    def _signed_in(self, name: str) -> Browser:
        mine = self._browser()
        mine.sign_in(self.people[name])
        return mine

    def _letter(self, name: str) -> str:
        """The code of the letter of a month, read from the print."""
        text = self.town.post(batch([ubl(f"{name}-1", NUMBER, due="2027-01-15")]), f"{name}.xml")
        assert NUMBER in text
        code = CODE.search(text)
        assert code is not None
        return code[0]

    def fresh_letter(self, name: str = "MAR") -> str:
        self.clock.forward(days=1)
        return self._letter(name)

    def claims(self, who: Browser, code: str) -> str:
        who.get("/contrats/ajouter?issuer=lumiere")
        return plain(who.post("/contrats/ajouter", issuer="lumiere", number=NUMBER, code=code).text)

    @property
    def account(self) -> CustomerAccount:
        with self.store.reading() as session:
            return session.scalars(select(CustomerAccount)).one()

    def id_of(self, name: str) -> int:
        return self.people[name].id

    def holders(self) -> list[str]:
        with self.store.reading() as session:
            return [each.name for each in holders_of(session, [self.account.id]).get(self.account.id, [])]

    def joined(self) -> None:
        """Bob has come in with a fresh letter, and Alice has her mail."""
        self.claims(self.bob, self.fresh_letter())
        self.post().mails.clear()

    def suspends(self, who: Browser, other: str) -> str:
        page = f"/contrats/{self.account.id}/personnes"
        who.get("/contrats")
        return plain(who.post(f"{page}/{self.id_of(other)}/suspendre").text)

    def mails(self) -> list[tuple[str, str, str]]:
        """To whom, the subject, the text."""
        return [
            (to, str(make_header(decode_header(mail["Subject"]))), plain(text_of(mail)))
            for to, mail in self.post().mails
        ]

    def staff(self, name: str, issuer_id: int | None) -> Browser:
        with self.store.writing() as session:
            email = f"{name}@facteur.example"
            session.add(Staff(email=email, password_hash=KEPT, added_at=self.clock(), issuer_id=issuer_id))
        mine = self._browser()
        mine.get("/equipe/connexion")
        mine.post("/equipe/connexion", email=email, password=PASSWORD)
        return mine


def text_of(mail: object) -> str:
    part = next(part for part in mail.walk() if part.get_content_type() == "text/plain")  # type: ignore[attr-defined]
    return part.get_payload(decode=True).decode()


@pytest.fixture
def story(
    store: Store, config: Config, clock: Clock, world: World, browser: NewBrowser, post: Post, lived: Living
) -> Story:  # fmt: skip
    return lived(Story.begin, Story(Town(store, config, clock), world, browser, post, clock))


def test_an_old_letter_opens_nothing_and_says_how_a_fresh_one_comes(story: Story) -> None:
    assert "Le contrat est ajouté" in story.said_to_alice
    said = story.claims(story.bob, story.old)
    assert "son code ne l’ouvre plus. La prochaine facture sur papier en porte un nouveau." in said
    assert story.holders() == ["Alice Martin"]
    assert "Votre espace est prêt" in plain(story.bob.get("/").text)


def test_a_couple_needs_no_second_letter(story: Story) -> None:
    """Bob lives with Alice, whose contract is without paper: no letter will come. He asks, and she says yes."""
    story.alice.get("/contrats")
    story.alice.post(f"/contrats/{story.account.id}/sans-papier")
    story.claims(story.bob, story.old)
    assert story.bob.page is not None
    assert "Demander à la personne qui le suit" in story.bob.page.text
    fields = {"issuer": "lumiere", "number": NUMBER, "code": story.old, "ask": "1"}
    assert "Votre demande est partie" in plain(story.bob.post("/contrats/ajouter", **fields).text)
    story.bob.get("/contrats/ajouter?issuer=lumiere")
    story.bob.post("/contrats/ajouter", **fields)
    [(to, subject, text)] = story.mails()
    assert (to, subject) == ("alice@exemple.fr", "Quelqu’un demande à suivre votre contrat Lumière")
    assert "Bob Le Goff demande" in text
    assert story.holders() == ["Alice Martin"], "nothing is open before she says so"
    story.post().mails.clear()

    story.alice.confirm_identity()
    assert "cette personne a une ancienne lettre" in plain(story.alice.get("/").text)
    welcome = f"/contrats/{story.account.id}/personnes/{story.id_of('Bob Le Goff')}/accueillir"
    assert "cette personne suit le contrat avec vous" in plain(story.alice.post(welcome).text)
    assert story.holders() == ["Alice Martin", "Bob Le Goff"]
    assert [(to, subject) for to, subject, _ in story.mails()] == [("bob@exemple.fr", "Vous suivez le contrat Lumière")]
    assert "ancienne lettre" not in plain(story.alice.get("/").text)
    assert "Alice M. a accepté" in plain(story.bob.get("/contrats").text)


def test_welcoming_somebody_asks_who_is_here(story: Story) -> None:
    """Whoever finds Alice's space open lets nobody in."""
    story.claims(story.bob, story.old)
    story.bob.post("/contrats/ajouter", issuer="lumiere", number=NUMBER, code=story.old, ask="1")
    welcome = f"/contrats/{story.account.id}/personnes/{story.id_of('Bob Le Goff')}/accueillir"
    story.clock.forward(minutes=11)
    story.alice.get("/contrats")
    assert story.alice.post(welcome).request.path == "/confirmer-identite"
    assert story.holders() == ["Alice Martin"]
    story.alice.confirm_identity()
    story.alice.get("/contrats")
    story.alice.post(welcome)
    assert story.holders() == ["Alice Martin", "Bob Le Goff"]


def test_nobody_is_welcomed_who_did_not_ask(story: Story, world: World) -> None:
    charlie = world.consumer("Charlie Moreau")
    story.alice.confirm_identity()
    story.bob.confirm_identity()
    story.alice.get("/contrats")
    page = f"/contrats/{story.account.id}/personnes/{charlie.id}/accueillir"
    assert "Personne ne le demande plus." in plain(story.alice.post(page).text)
    story.bob.get("/contrats")
    himself = f"/contrats/{story.account.id}/personnes/{story.id_of('Bob Le Goff')}/accueillir"
    assert story.bob.post(himself).status_code == 404
    assert story.holders() == ["Alice Martin"]


@pytest.mark.parametrize("wrong", [{"code": "AAAAA-AAAA0"}, {"number": "C-BOB"}])
def test_asking_takes_the_number_and_the_code_of_a_letter(story: Story, wrong: dict[str, str]) -> None:
    story.post().mails.clear()
    story.bob.get("/contrats/ajouter?issuer=lumiere")
    fields = {"issuer": "lumiere", "number": NUMBER, "code": story.old, "ask": "1"} | wrong
    assert story.bob.post("/contrats/ajouter", **fields).status_code == 422
    assert story.mails() == []


def test_a_second_holder_is_never_silent(story: Story) -> None:
    code = story.fresh_letter()
    story.post().mails.clear()
    assert "1 autre personne le suit déjà ; elle en est prévenue." in story.claims(story.bob, code)
    [(to, subject, text)] = story.mails()
    assert (to, subject) == ("alice@exemple.fr", "Quelqu’un d’autre suit votre contrat Lumière")
    assert (
        f"Bob Le Goff a ajouté votre contrat Lumière (numéro de client {NUMBER}) à son espace le 3 avril 2026" in text
    )
    assert "/contrats" in text

    for page in ("/", "/contrats"):
        assert "Bob Le Goff a ajouté ce contrat à son espace" in plain(story.alice.get(page).text)
    listed = plain(story.alice.get(f"/contrats/{story.account.id}/personnes").text)
    assert listed.index("Vous") < listed.index("Bob Le Goff") < listed.index("après vous")
    story.alice.get("/contrats")
    story.alice.post("/avis/1/vu", suite="/")
    assert "a ajouté ce contrat" not in plain(story.alice.get("/").text)


def test_who_came_later_learns_a_first_name_and_no_address(story: Story) -> None:
    story.joined()
    page = plain(story.bob.get(f"/contrats/{story.account.id}/personnes").text)
    assert "Alice M." in page
    assert "Alice Martin" not in page
    assert "alice@exemple.fr" not in page + plain(story.bob.get("/contrats").text)
    assert "Suspendre" not in page, "never the reverse"


def test_the_earlier_suspends_the_later_and_never_the_reverse(story: Story) -> None:
    story.joined()
    assert "Seul l’accès d’une personne arrivée après vous" in story.suspends(story.bob, "Alice Martin")
    assert story.holders() == ["Alice Martin", "Bob Le Goff"]
    assert "L’accès est suspendu" in story.suspends(story.alice, "Bob Le Goff")
    assert story.holders() == ["Alice Martin"]
    assert "suspendu" in plain(story.alice.get(f"/contrats/{story.account.id}/personnes").text)
    with story.store.reading() as session:
        last = events_of(session, "account", story.account.id)[-1]
        assert (last.what, last.by) == ("holder suspended", f"consumer {story.id_of('Alice Martin')}")


def test_the_suspended_sees_nothing_and_is_told_what_to_do(story: Story) -> None:
    story.joined()
    with story.store.reading() as session:
        uid = session.scalars(select(BillRow.uid).where(BillRow.number == "MAR-1")).one()
    assert story.bob.get(f"/factures/{uid}").status_code == 200
    story.suspends(story.alice, "Bob Le Goff")
    account = story.account.id
    nowhere = story.bob.get("/factures/nowhere")
    for page in (f"/factures/{uid}", f"/factures/{uid}/pdf", f"/contrats/{account}/personnes"):
        answer = story.bob.get(page)
        assert (answer.status_code, answer.data) == (404, nowhere.data), "not yours looks like not there"
    for act in ("papier", "sans-papier", "quitter", f"personnes/{story.id_of('Alice Martin')}/suspendre"):
        story.bob.get("/contrats")
        assert story.bob.post(f"/contrats/{account}/{act}").status_code == 404
    mine = plain(story.bob.get("/contrats").text)
    assert "a suspendu votre accès" in mine
    assert "Demander à Lumière" in mine
    for secret in (NUMBER, "Martin", "rue des Lilas"):
        assert secret not in mine
    assert "MAR-1" not in plain(story.bob.get("/").text)
    assert "aucun code ne l’ouvre" in story.claims(story.bob, story.fresh_letter("AVR"))
    assert story.holders() == ["Alice Martin"]


def test_the_suspended_reads_nothing_of_what_happened_before(story: Story) -> None:
    """Alice gave a new address while Bob held the contract, too; he had not seen it when she suspended him."""
    story.joined()
    with story.store.writing() as session:
        account = session.get_one(CustomerAccount, story.account.id)
        notify_holder(session, story.id_of("Bob Le Goff"), account, "moved", "Charlie Petit", story.clock())
    assert "Charlie Petit" in plain(story.bob.get("/").text)
    story.suspends(story.alice, "Bob Le Goff")
    assert "Charlie Petit" not in plain(story.bob.get("/").text)


def test_the_suspended_gets_no_mail(story: Story) -> None:
    story.joined()
    story.alice.get("/contrats")
    story.alice.post(f"/contrats/{story.account.id}/sans-papier")
    story.suspends(story.alice, "Bob Le Goff")
    assert [to for to, _, _ in story.mails()] == [], "not even the word that the contract is without paper"
    story.clock.forward(days=1)
    story.town.post(batch([ubl("AVR-1", NUMBER, due="2027-01-15")]), "avril.xml")
    with story.store.reading() as session:
        query = select(Delivery.person_id).join(BillRow, BillRow.id == Delivery.bill_id)
        people = set(session.scalars(query.where(BillRow.number == "AVR-1")))
    assert story.id_of("Bob Le Goff") not in people
    assert story.id_of("Alice Martin") in people


def test_the_earlier_takes_it_back(story: Story) -> None:
    story.joined()
    story.suspends(story.alice, "Bob Le Goff")
    page = f"/contrats/{story.account.id}/personnes/{story.id_of('Bob Le Goff')}"
    story.alice.confirm_identity()
    story.alice.get("/contrats")
    assert "L’accès est rétabli." in plain(story.alice.post(f"{page}/retablir").text)
    assert story.holders() == ["Alice Martin", "Bob Le Goff"]
    assert [(to, subject) for to, subject, _ in story.mails()] == [
        ("bob@exemple.fr", "Votre accès au contrat Lumière est rétabli")
    ]
    assert "L’accès est suspendu" in story.suspends(story.alice, "Bob Le Goff"), "and may do it again"


@pytest.fixture
def disputed(story: Story) -> Story:
    story.joined()
    story.suspends(story.alice, "Bob Le Goff")
    story.bob.get("/contrats")
    said = story.bob.post(f"/contrats/{story.account.id}/demande", words="Je vis ici depuis le 1er mars.").text
    assert "Votre demande est partie." in plain(said)
    return story


@pytest.mark.parametrize(
    ("decision", "holders", "told"),
    [
        ("tous", ["Alice Martin", "Bob Le Goff"], {"alice@exemple.fr", "bob@exemple.fr"}),
        ("premier", ["Alice Martin"], {"bob@exemple.fr"}),
        ("second", ["Bob Le Goff"], {"alice@exemple.fr", "bob@exemple.fr"}),
    ],
)
def test_the_issuer_decides_between_them(
    disputed: Story, world: World, decision: str, holders: list[str], told: set[str]
) -> None:
    mina, eva = (disputed.staff("mina", disputed.town.issuer.id), disputed.staff("eva", world.issuer("eaux", "Eaux")))
    assert "1 contrat disputé" in plain(mina.get("/equipe/attente").text)
    page = plain(mina.get("/equipe/litiges").text)
    for word in ("Alice Martin", "Bob Le Goff", NUMBER, "Je vis ici depuis le 1er mars."):
        assert word in page
    assert "exemple.fr" not in page, "an issuer learns no address"
    with disputed.store.reading() as session:
        dispute_id = session.scalars(select(Dispute.id)).one()
    assert "Alice" not in plain(eva.get("/equipe/litiges").text)
    assert eva.post(f"/equipe/litiges/{dispute_id}/decision", decision=decision, reason="x").status_code == 404

    mina.get("/equipe/litiges")
    where = f"/equipe/litiges/{dispute_id}/decision"
    assert "Écrivez la raison" in plain(mina.post(where, decision=decision, reason=" ").text)
    mina.post(where, decision=decision, reason="contrat signé en mars")
    assert "Quelqu’un a décidé avant vous." in plain(mina.post(where, decision="premier", reason="encore").text)
    assert disputed.holders() == holders
    assert {to for to, _, _ in disputed.mails()} == told
    with disputed.store.reading() as session:
        dispute = session.get_one(Dispute, dispute_id)
        assert (dispute.decided_by, french(dispute.reason)) == ("mina@facteur.example", "contrat signé en mars")
        assert events_of(session, "dispute", dispute_id)[-1].by == "mina@facteur.example"
    assert "1 contrat disputé" not in plain(mina.get("/equipe/attente").text)


def test_what_the_issuer_decided_the_earlier_cannot_undo(disputed: Story) -> None:
    oscar = disputed.staff("oscar", None)
    oscar.get("/equipe/litiges")
    oscar.post("/equipe/litiges/1/decision", decision="tous", reason="un couple")
    assert "Seul l’accès" in disputed.suspends(disputed.alice, "Bob Le Goff")
    assert disputed.holders() == ["Alice Martin", "Bob Le Goff"]


def at_the_desk(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line works on the story's store."""
    monkeypatch.setenv("FACTEUR_HOME", str(config.home))
    monkeypatch.setenv("FACTEUR_DATABASE_URL", config.database_url)
    monkeypatch.setenv("FACTEUR_SECRET_FILE", str(config.home.parent / "secret"))


def test_the_command_line_lists_what_waits(
    disputed: Story, config: Config, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    at_the_desk(config, monkeypatch)
    for issuer in ([], ["--issuer", "lumiere"]):
        with pytest.raises(SystemExit) as done:
            main.main(["dispute", "list", "--json", *issuer])
        assert done.value.code == 0
        [line] = map(json.loads, capsys.readouterr().out.splitlines())
        said = (line["account"], line["earlier"], line["later"], line["words"])
        assert said == (NUMBER, "Alice Martin", "Bob Le Goff", "Je vis ici depuis le 1er mars.")
    with pytest.raises(SystemExit) as unsaid:
        main.main(["dispute", "decide", "1", "--by", "oscar", "--reason", "un couple"])
    assert unsaid.value.code == 2


def test_whoever_was_removed_does_not_come_back_with_the_next_letter(
    disputed: Story, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until the issuer says otherwise, on the command line here."""
    oscar = disputed.staff("oscar", None)
    oscar.get("/equipe/litiges")
    oscar.post("/equipe/litiges/1/decision", decision="premier", reason="il a trouvé une lettre")
    assert "a mis fin à votre accès" in plain(disputed.bob.get("/contrats").text)
    assert "aucun code ne l’ouvre" in disputed.claims(disputed.bob, disputed.fresh_letter("AVR"))
    at_the_desk(config, monkeypatch)
    decide = ["dispute", "decide", "1", "--both", "--by", "oscar", "--reason", "il a emménagé"]
    with pytest.raises(SystemExit) as done:
        main.main(decide)
    assert done.value.code == 0
    assert disputed.holders() == ["Alice Martin", "Bob Le Goff"]
    with pytest.raises(SystemExit) as again:
        main.main(decide)
    assert again.value.code == 1


def test_paper_on_and_off_is_told_to_the_others(story: Story) -> None:
    story.joined()
    account = f"/contrats/{story.account.id}"
    story.alice.get("/contrats")
    story.alice.post(f"{account}/sans-papier")
    [(to, subject, text)] = story.mails()
    assert (to, subject) == ("bob@exemple.fr", "Votre contrat Lumière est sans papier")
    assert "Alice M. a choisi" in text
    assert "Alice M. a choisi" in plain(story.bob.get("/contrats").text)
    story.post().mails.clear()
    story.bob.get("/contrats")
    story.bob.post(f"{account}/papier")
    (to, subject, text), (_, _, confirmed) = sorted(story.mails())
    assert (to, subject) == ("alice@exemple.fr", "Votre contrat Lumière revient au papier")
    assert "au plus tard le" in confirmed, "Bob has the promised day in writing"
    assert "Bob Le Goff a demandé" in text
    assert "Bob Le Goff a demandé" in plain(story.alice.get("/").text)


def test_mails_speak_the_language_of_their_reader(story: Story) -> None:
    with story.store.writing() as session:
        session.get_one(Consumer, story.id_of("Alice Martin")).language = "en"
    code = story.fresh_letter()
    story.post().mails.clear()
    story.claims(story.bob, code)
    [(_, subject, text)] = story.mails()
    assert subject == "Somebody else follows your Lumière contract"
    assert f"(customer number {NUMBER})" in text


def test_whoever_is_alone_is_told_nothing_and_whoever_cannot_be_mailed_reads_it(story: Story) -> None:
    story.alice.get("/contrats")
    story.alice.post(f"/contrats/{story.account.id}/sans-papier")
    assert story.mails() == []
    story.alice.post(f"/contrats/{story.account.id}/papier")
    code = story.fresh_letter()
    with story.store.writing() as session:
        session.get_one(Consumer, story.id_of("Alice Martin")).mail_failed_at = story.clock()
    story.claims(story.bob, code)
    assert story.mails() == []
    assert "Bob Le Goff a ajouté ce contrat" in plain(story.alice.get("/").text)


def test_nobody_acts_on_a_contract_of_others(story: Story, world: World, browser: NewBrowser) -> None:
    story.joined()
    charlie = browser()
    charlie.sign_in(world.consumer("Charlie Moreau"))
    charlie.get("/contrats")
    page = f"/contrats/{story.account.id}"
    assert charlie.get(f"{page}/personnes").status_code == 404
    for act in (
        f"personnes/{story.id_of('Bob Le Goff')}/suspendre",
        f"personnes/{story.id_of('Bob Le Goff')}/retablir",
    ):
        charlie.get("/contrats")
        assert charlie.post(f"{page}/{act}").status_code == 404
    charlie.get("/contrats")
    assert charlie.post(f"{page}/demande", words="le mien").status_code == 404
    charlie.get("/contrats")
    charlie.post("/avis/1/vu")
    assert "Bob Le Goff a ajouté ce contrat" in plain(story.alice.get("/").text)
    with story.store.reading() as session:
        assert session.scalars(select(Enrolment).where(Enrolment.suspended_at.is_not(None))).all() == []
