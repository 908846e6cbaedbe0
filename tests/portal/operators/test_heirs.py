"""Georges has died: Oscar records Bruno, his son, on a notary's document; Bruno reads and settles, and no more."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from sqlalchemy import select

from bill.customer.known_customer import KnownCustomer
from consumers.heirs.heir_document import HeirDocument
from consumers.heirs.record_heir import record_heir
from consumers.paperless_consent import go_paperless
from delivery.decide_account_question import decide_account
from delivery.relationship.account_trail import trail_of
from doors.feed_drop import drop_feed
from feeds.accounts.account_question_resolution import QuestionDecision
from store.accounts.account_question import waiting_questions
from store.accounts.consumer import Consumer, enrol, holders_of
from store.accounts.customer_account import CustomerAccount
from store.customers.customer_reference import CustomerReference, reference_row
from store.db.event import events_of
from store.heirs.heir import Heir, open_heir
from tests.lived_beginnings import Living
from tests.portal.conftest import Browser, Mailbox
from tests.portal.consumers.bills.test_bills import plain
from tests.portal.operators.test_account_decisions import GEORGES, dies, page_of
from tests.portal.sample_town import World
from tests.portal.staff_office import PASSWORD, Office
from tests.sample_feeds import ubl

Staffed = Callable[[str], Browser]
NOTARY = b"%PDF-1.7\nActe de notoriete\n%%EOF\n"
ALIVE = b'{"customers": [{"number": "C-GEORGES", "died_on": null}]}'


class Estate:
    """Georges's contract, without paper while he lived; Bruno has an address here, which he has confirmed."""

    def __init__(self, office: Office, world: World, staff: Staffed, browser: Callable[[], Browser]) -> None:
        self.office, self.store, self._world, self._staff, self._browser = office, office.store, world, staff, browser

    def begin(self) -> "Estate":
        office, world = self.office, self._world
        office.pipeline.work_feed(
            office.drop([ubl("K-1", "C-GEORGES", person=GEORGES)], name="avril.xml"), office.clock()
        )
        georges, self.bruno = world.consumer("Georges Petit"), world.consumer("Bruno Petit")
        with self.store.writing() as session:
            account = session.scalars(select(CustomerAccount).where(CustomerAccount.value == "C-GEORGES")).one()
            enrol(session, georges.id, account.id, office.clock())
            go_paperless(session, account, georges, office.clock())
        self.account = account.id
        dies(office)
        self.page = f"{page_of(office, account.id)}/heritiers"
        self.oscar, self.son = self._staff("oscar"), self._browser()
        self.son.sign_in(self.bruno)
        return self

    def records(self, who: Browser | None = None, **other: object) -> str:
        mine = who or self.oscar
        mine.get(self.page if who is None else "/equipe/attente")
        fields = {
            "email": "bruno@exemple.fr", "kind": "notary", "reference": "Étude Roux, 12 mars 2026",
            "document": (BytesIO(NOTARY), "../acte.pdf.exe"),
        }  # fmt: skip
        return plain(mine.post(self.page, **(fields | other)).text)  # type: ignore[arg-type]

    def is_taken_back(self) -> None:
        """The issuer says, an hour later, that Georges lives."""
        now = self.office.clock.forward(hours=1)
        drop_feed(self.store, self.office.lumiere, BytesIO(ALIVE), "clients.json", "api", now)
        self.office.pipeline.work_until_idle(now)

    def heirs(self) -> list[Heir]:
        with self.store.reading() as session:
            return list(session.scalars(select(Heir).order_by(Heir.id)))

    def follows(self) -> list[str]:
        with self.store.reading() as session:
            return [each.name for each in holders_of(session, [self.account]).get(self.account, [])]

    def row(self) -> CustomerAccount:
        with self.store.reading() as session:
            return session.get_one(CustomerAccount, self.account)


@pytest.fixture
def estate(office: Office, world: World, staff: Staffed, browser: Callable[[], Browser], lived: Living) -> Estate:
    return lived(Estate.begin, Estate(office, world, staff, browser))


def test_an_heir_reads_the_history_and_no_choice_of_the_dead_goes_on(
    estate: Estate, post: Callable[[], Mailbox]
) -> None:
    assert "K-1" not in estate.son.get("/?q=K-1").text.replace("?q=K-1", "").replace('value="K-1"', "")
    assert estate.row().paperless
    assert "Bruno Petit lit ce contrat comme héritier" in estate.records()
    home = estate.son.get("/").text
    bill = re.search(r'href="(/factures/[\w-]+)"', home)
    assert bill is not None
    assert estate.son.get(bill[1]).status_code == 200
    assert not estate.row().paperless
    page = plain(estate.son.get("/contrats").text)
    assert "Vous êtes inscrit aujourd’hui comme héritier pour ce contrat" in page
    assert "Vous êtes inscrit aujourd’hui comme héritier de Georges Petit" in page
    assert "Recevoir sans papier" not in page
    assert "J’ai déménagé" not in page
    where = page_of(estate.office, estate.account).replace("/equipe/clients", "/contrats")
    assert "le sans papier ne s’y choisit pas" in plain(estate.son.get(f"{where}/sans-papier").text)
    estate.son.post(f"{where}/sans-papier")
    assert not estate.row().paperless
    mails = {to: mail["Subject"] for to, mail in post().mails}
    assert set(mails) == {"bruno@exemple.fr", "georges@exemple.fr"}


def test_both_sides_have_it_in_their_trail(estate: Estate) -> None:
    estate.records()
    with estate.store.reading() as session:
        steps = [(each.what, each.by, each.basis, each.words) for each in trail_of(session, estate.account)]
        assert ("heir", "oscar@facteur.example", "decision", "Étude Roux, 12 mars 2026") in steps
        assert ("paper", "oscar@facteur.example", "decision", "") in steps
        [mine] = events_of(session, "consumer", estate.bruno.id)
        assert (mine.what, mine.by) == ("heir recorded", "oscar@facteur.example")
        assert "heir recorded" in {each.what for each in events_of(session, "account", estate.account)}


def test_the_document_is_encrypted_and_shown_to_staff_alone(estate: Estate, staff: Staffed) -> None:
    estate.records()
    [heir] = estate.heirs()
    assert NOTARY not in estate.store.blobs.read(heir.blob_sha256)
    link = re.search(r'href="(/equipe/clients/[^"]+/document)"', estate.oscar.get(estate.page).text)
    assert link is not None
    for name in ("oscar", "mina"):
        answer = staff(name).get(link[1])
        assert (answer.status_code, answer.data, answer.mimetype) == (200, NOTARY, "application/pdf")
        assert answer.headers["Content-Disposition"] == "attachment; filename=succession.pdf"
    assert staff("eva").get(link[1]).status_code == 404
    assert estate.son.get(link[1]).request.path == "/equipe/connexion"


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"email": "nobody@exemple.fr"}, "Personne n’a confirmé cette adresse ici"),
        ({"email": "georges@exemple.fr"}, "Cette personne suit déjà ce contrat."),
        ({"kind": "x"}, "Choisissez ce qui le prouve."),
        ({"reference": " "}, "donnez la référence du document"),
        ({"document": (BytesIO(b"MZ\x90"), "acte.pdf")}, "ni un PDF"),
        ({"document": (BytesIO(b""), "")}, "choisissez le document"),
    ],
)
def test_what_lacks_is_said_and_nobody_is_an_heir(estate: Estate, other: dict[str, object], words: str) -> None:
    assert words in estate.records(**other)
    assert estate.oscar.page is not None
    assert estate.oscar.page.status_code == 422
    assert estate.heirs() == []
    assert estate.follows() == ["Georges Petit"]
    assert estate.row().paperless


def test_a_member_and_a_stranger_record_nobody(estate: Estate, staff: Staffed) -> None:
    for name in ("mina", "eva"):
        estate.records(staff(name))
    assert estate.heirs() == []
    assert staff("mina").get(estate.page).status_code == 200
    assert staff("eva").get(estate.page).status_code == 404


def test_nobody_inherits_from_the_living(estate: Estate) -> None:
    estate.is_taken_back()
    estate.oscar.confirm_identity(PASSWORD, "/equipe")
    assert "ne dit pas que ce client est décédé" in estate.records()
    assert estate.heirs() == []


def test_oscar_ends_it(estate: Estate, post: Callable[[], Mailbox]) -> None:
    estate.records()
    estate.oscar.get(estate.page)
    [heir] = estate.heirs()
    end = f"{estate.page}/{estate.store.public_ids.of('heir', heir.id)}/fin"
    assert estate.oscar.post(end, reason="").status_code == 422
    post().mails.clear()
    assert "cet accès a pris fin" in plain(estate.oscar.post(end, reason="succession réglée").text)
    assert estate.follows() == ["Georges Petit"]
    assert "a pris fin aujourd’hui" in plain(estate.son.get("/contrats").text)
    assert [to for to, _ in post().mails] == ["bruno@exemple.fr"]
    [heir] = estate.heirs()
    assert (heir.ended_by, heir.end_reason) == ("oscar@facteur.example", "succession réglée")
    assert "Bruno Petit lit ce contrat" in estate.records(), "and may be recorded again"


def test_it_ends_where_the_customer_has_not_died_after_all(estate: Estate) -> None:
    estate.records()
    estate.is_taken_back()
    assert estate.follows() == ["Georges Petit"]
    [heir] = estate.heirs()
    assert heir.ended_by == "issuer"


def test_it_ends_where_a_person_decides_that_the_issuer_was_wrong(estate: Estate) -> None:
    estate.records()
    where = page_of(estate.office, estate.account)
    estate.oscar.get(where)
    estate.oscar.post(f"{where}/deces", decision="vivant", reason="il a appelé")
    assert estate.follows() == ["Georges Petit"]


def test_an_heir_may_leave(estate: Estate) -> None:
    estate.records()
    where = page_of(estate.office, estate.account).replace("/equipe/clients", "/contrats")
    estate.son.get(f"{where}/quitter")
    estate.son.post(f"{where}/quitter")
    assert estate.follows() == ["Georges Petit"]
    [heir] = estate.heirs()
    assert heir.ended_by == f"consumer {estate.bruno.id}"


def test_who_has_confirmed_no_address_is_no_heir(estate: Estate) -> None:
    with estate.store.writing() as session:
        session.get_one(Consumer, estate.bruno.id).confirmed_at = None
    assert "Personne n’a confirmé cette adresse ici" in estate.records()
    assert estate.heirs() == []


def test_an_heir_of_an_account_that_is_joined_is_an_heir_of_the_joined_one(estate: Estate) -> None:
    """Letters to the estate come under Georges's number: an account of its own, until somebody says that it is his."""
    office, now = estate.office, estate.office.clock()
    at_the_notary = ("Étude Roux", "17 quai de la Fosse", "69002", "Lyon")
    office.pipeline.work_feed(office.drop([ubl("K-2", "C-GEORGES", person=at_the_notary)], name="mai.xml"), now)
    with estate.store.writing() as session:
        [question] = waiting_questions(session)
        dead = KnownCustomer(died_on=now.date(), clocks={"died_on": now})
        row = reference_row(question.other_id, office.lumiere.id, dead, now.date())
        session.merge(CustomerReference(**row))
        document = HeirDocument("notary", "Étude Roux", NOTARY)
        record_heir(session, estate.store, question.other_id, estate.bruno.id, document, "oscar@facteur.example", now)
    assert estate.follows() == ["Georges Petit"]
    with estate.store.writing() as session:
        same = QuestionDecision("same", "mina@facteur.example", "sa succession", now)
        assert decide_account(session, question.id, same) == "done"
        assert open_heir(session, estate.account, estate.bruno.id) is not None
        bruno, account = session.get_one(Consumer, estate.bruno.id), session.get_one(CustomerAccount, estate.account)
        assert not go_paperless(session, account, bruno, now)
    assert estate.follows() == ["Georges Petit", "Bruno Petit"]
    link = re.search(r'href="(/equipe/clients/[^"]+/document)"', estate.oscar.get(estate.page).text)
    assert link is not None
    assert estate.oscar.get(link[1]).data == NOTARY, "encrypted with the key of the account that he was recorded on"
    estate.is_taken_back()
    assert estate.follows() == ["Georges Petit"]


def test_who_is_an_heir_is_decided_by_whoever_proved_it_just_now(estate: Estate) -> None:
    """An operator's session that somebody found open gives nobody's bills away."""
    estate.office.clock.forward(minutes=11)
    assert "Confirmez que c’est vous" in estate.records()
    assert estate.heirs() == []
    estate.oscar.confirm_identity(PASSWORD, "/equipe")
    estate.records()
    assert len(estate.heirs()) == 1
