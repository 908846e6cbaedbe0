"""The page of one customer's account: Mina decides after a death, about a move, about a closing; Eva sees nothing."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from audit.silent_bills import silent_bill_sample
from delivery.calendar.postal_calendar import Calendar
from delivery.channels.paper.held_letters import count_held
from delivery.channels.paper.vanished_print_files import ALL_THERE
from doors.feed_drop import drop_feed
from store.accounts.consumer import Consumer, enrol
from store.accounts.customer_account import CustomerAccount
from store.accounts.stated_move import StatedMove
from store.bills.bill import BillRow
from store.customers.customer_reference import references_of
from store.delivery import Delivery, count_letters
from store.outbox.outbox_event import OutboxEvent
from tests.lived_beginnings import lived_once
from tests.portal.conftest import Browser
from tests.portal.sample_town import World
from tests.portal.staff_office import Office
from tests.sample_feeds import ubl

Staffed = Callable[[str], Browser]
GEORGES = ("Georges Petit", "2 rue Haute", "29200", "Brest")
DEAD = b'{"customers": [{"number": "C-GEORGES", "died_on": "2026-02-27"}]}'
ADDRESS = {"line1": "1 rue de la Paix", "postcode": "44000", "city": "Nantes", "country": "FR"}


@pytest.fixture
def alice(world: World) -> Consumer:
    return world.consumer("Alice Martin")


@lived_once
def georges(office: Office) -> int:
    """Georges has a bill, not printed yet."""
    office.pipeline.work_feed(office.drop([ubl("K-1", "C-GEORGES", person=GEORGES)], name="avril.xml"), office.clock())
    with office.store.reading() as session:
        return session.scalars(select(CustomerAccount.id).where(CustomerAccount.value == "C-GEORGES")).one()


def page_of(office: Office, account: int) -> str:
    return f"/equipe/clients/{office.store.public_ids.of('account', account)}"


def letters(office: Office, account: int) -> list[tuple[str, str]]:
    with office.store.reading() as session:
        rows = session.scalars(select(Delivery).where(Delivery.channel == "paper").order_by(Delivery.id)).all()
        mine = set(session.scalars(select(BillRow.id).where(BillRow.account_id == account)))
        return [(each.state, each.reason_code) for each in rows if each.bill_id in mine]


def dies(office: Office) -> None:
    drop_feed(office.store, office.lumiere, BytesIO(DEAD), "clients.json", "api", office.clock())
    office.pipeline.work_until_idle(office.clock())


def test_after_a_death_one_page_an_account_waits_for_a_decision(staff: Staffed, office: Office, georges: int) -> None:
    dies(office)
    assert letters(office, georges) == [("failed", "holder_died")]
    mina, where = staff("mina"), page_of(office, georges)
    waiting = mina.get("/equipe/attente").text
    assert "1 compte de client décédé" in waiting
    assert where in waiting
    assert "Le client est décédé" in mina.get(where).text
    assert mina.post(f"{where}/deces", decision="succession", reason="appel", **ADDRESS).status_code == 422
    assert mina.post(f"{where}/deces", decision="retenir", reason="").status_code == 422
    assert "1 lettre reste retenue" in mina.post(f"{where}/deces", decision="retenir", reason="la famille écrit").text
    assert "1 compte de client décédé" not in mina.get("/equipe/attente").text
    mina.get(where)
    done = mina.post(f"{where}/deces", decision="succession", reason="appel", name="Étude Roux", **ADDRESS).text
    assert "1 lettre part" in done
    assert letters(office, georges) == [("ready", "letter_to_estate")]
    with office.store.reading() as session:
        decided = session.get_one(CustomerAccount, georges).bereavement_decision
        assert decided is not None
        assert decided.address is not None
        assert (decided.by, decided.address.line1, decided.address.line2) == (
            "mina@facteur.example", "Étude Roux", "1 rue de la Paix",
        )  # fmt: skip


def test_an_account_of_another_issuer_is_not_there(staff: Staffed, office: Office, georges: int) -> None:
    dies(office)
    eva, where = staff("eva"), page_of(office, georges)
    assert eva.get(where).status_code == 404
    eva.get("/equipe/attente")
    for act, fields in (("deces", {"decision": "vivant"}), ("adresse", ADDRESS), ("fin", {"day": "2026-03-01"})):
        eva.get("/equipe/attente")
        assert eva.post(f"{where}/{act}", reason="pourquoi", **fields).status_code == 404
    assert letters(office, georges) == [("failed", "holder_died")]


def test_a_person_states_a_move_and_a_closing(staff: Staffed, office: Office, georges: int) -> None:
    mina, where = staff("mina"), page_of(office, georges)
    mina.get(where)
    assert mina.post(f"{where}/adresse", reason="", **ADDRESS).status_code == 422
    assert mina.post(f"{where}/adresse", reason="au téléphone", **ADDRESS).status_code == 200
    assert mina.post(f"{where}/fin", reason="résiliation", day="").status_code == 422
    closed = mina.post(f"{where}/fin", reason="résiliation", day="2026-03-01").text
    assert "C’est noté" in closed
    assert "contrat terminé" in closed.casefold() or "Fin du contrat" in closed
    with office.store.reading() as session:
        account = session.get_one(CustomerAccount, georges)
        assert account.postal_address.line1 == "1 rue de la Paix"
        assert references_of(session, [georges])[georges].closed_on == date(2026, 3, 1)
        told = {each.type: each.data for each in session.scalars(select(OutboxEvent))}
        assert told["account.address_mended"]["actor"] == told["account.closed"]["actor"] == "operator"
    assert letters(office, georges) == [("ready", "account_unclaimed")], "its bill still goes"


def test_the_issuer_confirms_what_a_holder_states(
    staff: Staffed, office: Office, georges: int, browser: Callable[[], Browser], alice: Consumer
) -> None:
    with office.store.writing() as session:
        enrol(session, alice.id, georges, office.clock())
    mine = browser()
    mine.sign_in(alice)
    page = mine.get("/contrats").text
    form = re.search(r'href="(/contrats/[a-z2-7]+/adresse)"', page)
    assert form is not None
    assert "J’ai déménagé" in page
    mine.get(form[1])
    assert mine.post(form[1], **(ADDRESS | {"city": ""})).status_code == 422
    assert "dès sa confirmation" in mine.post(form[1], **ADDRESS).text
    with office.store.reading() as session:
        assert session.get_one(CustomerAccount, georges).postal_address.line1 == "2 rue Haute"
    mina, where = staff("mina"), page_of(office, georges)
    assert "1 adresse à confirmer" in mina.get("/equipe/attente").text
    assert "1 rue de la Paix" in mina.get(where).text
    assert mina.post(f"{where}/demenagement", decision="confirmer", reason="vérifié").status_code == 200
    assert "Quelqu’un a décidé avant vous" in mina.post(
        f"{where}/demenagement", decision="refuser", reason="trop tard"
    ).text  # fmt: skip
    with office.store.reading() as session:
        assert session.get_one(CustomerAccount, georges).postal_address.line1 == "1 rue de la Paix"
        [move] = session.scalars(select(StatedMove))
        assert (move.state, move.decided_by) == ("confirmed", "mina@facteur.example")
        assert "account.move_stated" in set(session.scalars(select(OutboxEvent.type)))


def test_nobody_states_a_move_for_somebody_elses_contract(
    office: Office, georges: int, browser: Callable[[], Browser], alice: Consumer
) -> None:
    mine = browser()
    mine.sign_in(alice)
    where = f"/contrats/{office.store.public_ids.of('account', georges)}/adresse"
    assert mine.get(where).status_code == 404
    mine.get("/contrats")
    assert mine.post(where, **ADDRESS).status_code == 404
    with office.store.reading() as session:
        assert list(session.scalars(select(StatedMove))) == []


def test_mina_holds_a_customers_letters_back_and_lets_them_go(staff: Staffed, office: Office, georges: int) -> None:
    """The one in the open batch, and one that comes later. She answers for them: neither bill is silent."""
    office.pipeline.work_until_idle(office.clock())
    mina, page = staff("mina"), page_of(office, georges)
    mina.get(page)
    assert mina.post(f"{page}/lettres", decision="retenir").status_code == 422
    assert "1 lettre reste retenue" in mina.post(f"{page}/lettres", decision="retenir", reason="en voyage").text
    assert "Quelqu’un a décidé avant vous" in mina.post(f"{page}/lettres", decision="retenir", reason="moi aussi").text
    feed = office.drop([ubl("K-2", "C-GEORGES", person=GEORGES)], name="mai.xml")
    office.pipeline.work_feed(feed, office.clock())
    office.pipeline.work_until_idle(office.clock())
    assert letters(office, georges) == 2 * [("failed", "letters_held")]
    with office.store.reading() as session:
        assert count_held(session) == 0, "they wait for nobody else"
        later = office.clock() + timedelta(days=30)
        assert silent_bill_sample(session, later, Calendar(), ALL_THERE).number == 0
        held = session.scalars(select(Delivery).where(Delivery.reason_code == "letters_held")).all()
        assert {each.decided_by for each in held} == {"mina@facteur.example"}
    told = mina.get(page).text
    assert "en voyage" in told
    assert "les lettres sont retenues" in told, "in the contract's history"
    assert staff("eva").get(page).status_code == 404
    assert "2 lettres partent" in mina.post(f"{page}/lettres", decision="laisser", reason="de retour").text
    office.pipeline.work_until_idle(office.clock())
    assert letters(office, georges) == 2 * [("ready", "letters_let_go")]
    with office.store.reading() as session:
        assert count_letters(session, [1]) == {1: 2}
    assert "lettres retenues libérées" in staff("oscar").get("/equipe/journal?par=mina").text
