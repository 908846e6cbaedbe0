"""Alice asks to pay her bill in several parts; Mina of Lumière answers; the plan's dates replace the bill's."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec
import pytest
from sqlalchemy import select, update

from bill import Instalment, PostalAddress
from config import Config
from delivery import promote_due, send_due
from delivery.reminders.payment_plan_reminders import grant_and_remind
from payments.amounts_due import amounts_due
from payments.plans.ask_for_plan import withdraw_plan
from store import Store
from store.accounts.consumer import enrol
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.bills.bills_of_consumer import owed_by_consumer
from store.db.event import events_of
from store.delivery import Delivery, deliveries_of
from store.issuer import Issuer
from store.outbox.outbox_event import OutboxEvent
from store.payments.payment_plan import PlanRequest, plan_of_bill
from store.staff_member import Staff
from tests.conftest import Clock
from tests.lived_beginnings import Living
from tests.portal.conftest import Browser, Mailbox
from tests.portal.consumers.bills.test_bills import code_on, plain, scanned
from tests.portal.consumers.bills.test_what_is_to_pay import Town
from tests.portal.sample_town import KEPT, PASSWORD
from tests.sample_feeds import ubl
from tests.sample_payments import BankEntry, camt

NUMBER = "LUM-2026-0001"


@pytest.fixture
def town(store: Store, config: Config, clock: Clock, browser: Callable[[], Browser], lived: Living) -> Town:
    """Lumière asks 84 € of Alice by 30 November."""
    clock.now = datetime(2026, 11, 5, 9, tzinfo=UTC)
    town = Town(store, config, clock, browser)
    lived(Town.send, town, ubl(NUMBER, "CL-1", issued="2026-11-02", due="2026-11-30"), "facture")
    return town


def ways(town: Town) -> str:
    return f"/factures/{town.row(NUMBER).uid}/plusieurs-fois"


def asks(town: Town, parts: str = "3", first: str = "2026-12-01", words: str = "Merci") -> str:
    alice = town.sign_in()
    alice.get(ways(town))
    return plain(alice.post(ways(town), parts=parts, first=first, words=words).text)


def plan(town: Town) -> PlanRequest:
    with town.store.reading() as session:
        found = plan_of_bill(session, town.row(NUMBER).id)
    assert found is not None
    return found


def mina_answers(town: Town, mina: Browser | None = None, **fields: str) -> str:
    mina = mina or town.member("mina@lumiere.example")
    page = mina.get("/equipe/plusieurs-fois").text
    act = page.partition('action="/equipe/plusieurs-fois/')[2].partition('"')[0]
    return plain(mina.post(f"/equipe/plusieurs-fois/{act}", **fields).text)


def granted(town: Town, *instalments: tuple[str, str]) -> None:
    chosen = [Instalment(amount=Decimal(amount), due=date.fromisoformat(day)) for day, amount in instalments]
    with town.store.writing() as session:
        assert grant_and_remind(session, plan(town).id, chosen, "mina", town.clock()) == "done"


def texts(mails: Mailbox) -> list[tuple[str, str]]:
    """To whom each mail is, and its text."""
    return [(to, plain(mail.get_payload(0).get_payload(decode=True).decode())) for to, mail in mails.mails]


AS_ASKED = (("2026-12-01", "28.00"), ("2027-01-01", "28.00"), ("2027-02-01", "28.00"))


def test_she_asks_and_the_issuer_grants_it_as_asked(town: Town, post: Callable[[], Mailbox]) -> None:
    assert "Lumière vous répond par courriel" in asks(town)
    assert "Vous avez demandé aujourd’hui à payer en 3 versements." in town.says(NUMBER)
    mina = town.member("mina@lumiere.example")
    assert "1 demande de paiement en plusieurs fois" in plain(mina.get("/equipe/attente").text)
    page = plain(mina.get("/equipe/plusieurs-fois").text)
    assert "Alice Martin" in page
    assert "Merci" in page
    assert 'value="28,00"' in mina.get("/equipe/plusieurs-fois").text
    granted(town, *AS_ASKED)
    page = town.says(NUMBER)
    assert "Lumière a accepté aujourd’hui que vous payiez en 3 versements." in page
    assert "1 décembre 2026" in page.replace("1er", "1")
    drawing = code_on(town.page(NUMBER))
    assert drawing is not None
    assert "EUR28.00" in scanned(drawing)
    assert "28,00 €" in town.home()
    [(to, text)] = texts(post())
    assert to == "alice@exemple.fr"
    assert "Lumière accepte que vous payiez votre facture n° LUM-2026-0001 en 3 versements" in text
    assert "28,00 €, au plus tard le 1er février 2027" in text


def test_the_page_of_mina_grants_what_she_typed(town: Town) -> None:
    asks(town)
    mina = town.member("mina@lumiere.example")
    page = mina.get("/equipe/plusieurs-fois").text
    act = page.partition('action="/equipe/plusieurs-fois/')[2].partition('"')[0]
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]

    def answered(*lines: tuple[str, str]) -> str:
        fields = {
            "csrf_token": token,
            "decision": "accorder",
            "jour": [a for a, _ in lines],
            "montant": [b for _, b in lines],
        }
        return plain(mina.client.post(f"/equipe/plusieurs-fois/{act}", data=fields, follow_redirects=True).text)

    assert "ne font pas la somme" in answered(("2026-12-01", "40"), ("2027-01-01", "40"))
    assert "Chaque versement a son jour" in answered(("2026-12-01", "40"), ("2026-12-01", "44"))
    assert "Chaque versement a son jour" in answered(("2026-11-04", "40"), ("2026-12-01", "44"))
    assert "ne font pas la somme" in answered(("2026-12-01", "x"))
    assert "ne font pas la somme" in answered(("2026-12-01", "NaN"))
    assert "C’est répondu" in answered(("2026-12-01", "40,00"), ("", ""), ("2027-01-01", "44"))
    assert plan(town).granted == (
        Instalment(amount=Decimal("40.00"), due=date(2026, 12, 1)),
        Instalment(amount=Decimal(44), due=date(2027, 1, 1)),
    )
    assert plan(town).decided_by == "mina@lumiere.example"
    assert "Quelqu’un a répondu avant vous" in answered(("2026-12-01", "84"))


def test_payments_count_against_the_soonest_and_the_last_one_ends_it(town: Town) -> None:
    asks(town)
    granted(town, *AS_ASKED)
    town.send(camt([BankEntry("30.00", NUMBER, "R1", date(2026, 11, 28))], name="M1").decode(), "M1")
    with town.store.reading() as session:
        row = town.row(NUMBER)
        due = amounts_due(session, [row], date(2026, 12, 2))[row.id]
    assert [(each.due, each.amount) for each in due.instalments] == [
        (date(2027, 1, 1), Decimal(26)), (date(2027, 2, 1), Decimal(28)),
    ]  # fmt: skip
    town.send(camt([BankEntry("54.00", NUMBER, "R2", date(2026, 12, 28))], name="M2").decode(), "M2")
    assert "Lumière a reçu votre paiement" in town.says(NUMBER)
    assert "Payer en plusieurs fois" not in town.says(NUMBER)


def test_a_refusal_says_why_and_she_may_ask_again(town: Town, post: Callable[[], Mailbox]) -> None:
    asks(town)
    assert "Écrivez à la personne" in mina_answers(town, decision="refuser", words="")
    assert plan(town).state == "asked"
    mina = town.browser()
    mina.get("/equipe/connexion")
    mina.post("/equipe/connexion", email="mina@lumiere.example", password=PASSWORD)
    assert "C’est répondu" in mina_answers(town, mina, decision="refuser", words="Appelez-nous.")
    assert "« Appelez-nous. »" in town.says(NUMBER).replace("\u202f", " ").replace("\u00a0", " ")
    told = [text for to, text in texts(post()) if to == "alice@exemple.fr"]
    assert ["Lumière écrit : « Appelez-nous. »" in text for text in told] == [True]
    assert "C’est demandé" in asks(town, "2")


def test_one_open_request_a_bill_and_she_may_withdraw_it(town: Town) -> None:
    asks(town)
    assert "Une demande attend déjà" in asks(town)
    alice = town.sign_in()
    assert "retirée" in plain(alice.post(f"{ways(town)}/retrait").text)
    assert plan(town).state == "withdrawn"
    assert "déjà sa réponse" in plain(alice.post(f"{ways(town)}/retrait").text)
    with town.store.reading() as session:
        assert [each.what for each in events_of(session, "payment_plan", plan(town).id)] == ["asked", "withdrawn"]
    with town.store.writing() as session:
        assert not withdraw_plan(session, plan(town).id, 1, town.clock())
    assert "C’est demandé" in asks(town, "2")


@pytest.mark.parametrize(
    ("parts", "first"),
    [
        ("1", "2026-12-01"), ("13", "2026-12-01"), ("x", "2026-12-01"), ("3", ""), ("3", "2026-11-04"),
        ("3", "2027-06-01"), ("²", "9999-12-31"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_said(town: Town, parts: str, first: str) -> None:
    assert "Choisissez" in asks(town, parts, first)
    with town.store.reading() as session:
        assert plan_of_bill(session, town.row(NUMBER).id) is None


def test_the_issuer_may_not_offer_it(town: Town) -> None:
    with town.store.writing() as session:
        session.get_one(Issuer, town.row(NUMBER).issuer_id).profile = "[plans]\non = false"
    assert "Payer en plusieurs fois" not in town.says(NUMBER)
    assert "ne demande rien à payer en plusieurs fois" in asks(town)


def test_nobody_elses_bill(town: Town) -> None:
    asks(town)
    bob = town.browser()
    bob.sign_in(town.world.consumer("Bob Martin"))
    way = ways(town)
    assert bob.get(way).status_code == 404
    for path in (way, f"{way}/retrait"):
        bob.get("/")
        assert bob.post(path, parts="3", first="2026-12-01").status_code == 404
    assert plan(town).state == "asked"


def test_another_holder_reads_who_asked_and_withdraws_nothing(town: Town, store: Store) -> None:
    asks(town)
    town.sign_in()
    bob, row = town.browser(), town.row(NUMBER)
    who = town.world.consumer("Bob Martin")
    with store.writing() as session:
        assert enrol(session, who.id, row.account_id, town.clock())
    bob.sign_in(who)
    page = plain(bob.get(f"/factures/{row.uid}").text)
    assert "Alice Martin a demandé aujourd’hui à payer en 3 versements." in page
    assert "Retirer ma demande" not in page
    bob.post(f"{ways(town)}/retrait")
    assert plan(town).state == "asked"


def test_a_bill_that_is_paid_is_not_paid_in_parts_and_nobody_has_to_answer(town: Town, store: Store) -> None:
    asks(town)
    town.send(camt([BankEntry("84.00", NUMBER, "R1", date(2026, 11, 6))], name="M1").decode(), "M1")
    assert plan(town).state == "withdrawn"
    assert "Personne ne demande" in plain(town.member("mina@lumiere.example").get("/equipe/plusieurs-fois").text)
    assert "ne demande rien à payer en plusieurs fois" in asks(town)
    with store.writing() as session:
        parts = [Instalment(amount=Decimal(84), due=date(2026, 12, 1))]
        assert grant_and_remind(session, plan(town).id, parts, "mina", town.clock()) == "late"


def test_a_part_that_was_paid_leaves_the_request_open(town: Town) -> None:
    asks(town)
    town.send(camt([BankEntry("40.00", NUMBER, "R1", date(2026, 11, 6))], name="M1").decode(), "M1")
    assert plan(town).state == "asked"


@pytest.mark.parametrize("day", ["2032-01-01", "9999-12-31"])
def test_a_day_of_another_century_is_a_slip(town: Town, store: Store, day: str) -> None:
    asks(town)
    with store.writing() as session:
        parts = [Instalment(amount=Decimal(84), due=date.fromisoformat(day))]
        assert grant_and_remind(session, plan(town).id, parts, "mina", town.clock()) == "days"


def test_the_last_day_is_told_as_people_write_it(town: Town) -> None:
    assert "entre aujourd’hui et le 4 janvier 2027" in asks(town, first="2027-06-01")


def test_another_issuers_member_sees_and_answers_nothing(town: Town, store: Store) -> None:
    asks(town)
    eaux = town.world.issuer("eaux", "Eaux du Pays de Retz")
    with store.writing() as session:
        session.add(Staff(email="eva@eaux.example", password_hash=KEPT, issuer_id=eaux, added_at=town.clock()))
    eva = town.browser()
    eva.get("/equipe/connexion")
    eva.post("/equipe/connexion", email="eva@eaux.example", password=PASSWORD)
    assert "Alice" not in eva.get("/equipe/plusieurs-fois").text
    assert (
        eva.post(f"/equipe/plusieurs-fois/{plan(town).id}/reponse", decision="refuser", words="non").status_code == 404
    )
    assert plan(town).state == "asked"


def test_the_issuers_programs_are_told(town: Town, store: Store) -> None:
    asks(town)
    with store.reading() as session:
        [event] = session.scalars(select(OutboxEvent).where(OutboxEvent.type == "plan.asked"))
    assert event.data["amount"] == "84.00"
    assert (event.data["parts"], event.data["first_on"], event.data["words"]) == (3, "2026-12-01", "Merci")
    assert (event.data["bill_number"], event.data["plan"]) == (NUMBER, plan(town).id)


def test_the_bill_stays_on_her_list_for_the_plans_last_day(town: Town, store: Store) -> None:
    asks(town)
    granted(town, *AS_ASKED)
    with store.reading() as session:
        [row] = owed_by_consumer(session, 1, date(2027, 1, 15))
        assert session.get_one(BillRow, row.id).last_due_date == date(2027, 2, 1)


# -- reminders


def test_a_plan_is_reminded_of_at_nine_where_its_reader_lives(town: Town, store: Store) -> None:
    asks(town)
    there = msgspec.msgpack.encode(PostalAddress(line1="1 rue du Port", postcode="97400", city="Saint-Denis"))
    with store.writing() as session:
        session.execute(update(CustomerAccount).values(mended_address=there, mended_at=town.clock()))
    granted(town, *AS_ASKED)
    with store.reading() as session:
        moments = session.scalars(select(Delivery.due_at).where(Delivery.purpose.like("due-%"))).all()
    assert {moment.hour for moment in moments} == {5}


def are_planned(town: Town, **days: int) -> None:
    """These reminders of her bill are planned, by the day of November."""
    row = town.row(NUMBER)
    with town.store.writing() as session:
        for purpose, day in days.items():
            session.add(
                Delivery(
                    bill_id=row.id, issuer_id=row.issuer_id, person_id=1, channel="email",
                    purpose=purpose.replace("_", "-"), state="waiting", made_at=town.clock(),
                    due_at=datetime(2026, 11, day, 9, tzinfo=UTC),
                )
            )  # fmt: skip


def reminders(town: Town) -> dict[str, tuple[str, datetime]]:
    with town.store.reading() as session:
        found = deliveries_of(session, town.row(NUMBER).id)
    return {each.purpose: (each.state, each.due_at) for each in found if each.channel == "email"}


def worked(town: Town, mails: Mailbox, day: int, month: int = 11, year: int = 2026) -> None:
    town.clock.now = datetime(year, month, day, 10, tzinfo=UTC)
    with town.store.writing() as session:
        promote_due(session, town.clock())
    while send_due(town.store, mails, "https://x.example", town.clock()):
        pass


def test_nothing_is_reminded_of_while_she_waits_but_no_longer_than_the_issuer_says(town: Town) -> None:
    asks(town, first="2026-12-15")
    are_planned(town, remind_1=12)
    mails = Mailbox()
    worked(town, mails, 13)
    assert mails.mails == []
    worked(town, mails, 16)  # ten days have passed without an answer
    assert reminders(town)["remind-1"][0] == "sent"


def test_the_plans_days_are_reminded_of_instead_of_the_bills(town: Town) -> None:
    asks(town, first="2026-12-15")
    are_planned(town, remind_1=12, due_1=23)
    granted(town, ("2026-12-15", "44.00"), ("2027-01-15", "40.00"))
    states = {purpose: state for purpose, (state, _) in reminders(town).items()}
    assert states == {
        "remind-1": "cancelled",
        "due-1": "cancelled",
        "due-20261215": "waiting",
        "due-20270115": "waiting",
    }
    mails = Mailbox()
    worked(town, mails, 9, 12)
    [(_, text)] = texts(mails)
    assert "44,00 €" in text
    assert "15 décembre 2026" in text


def test_what_was_paid_early_is_not_reminded_of(town: Town) -> None:
    asks(town, first="2026-12-15")
    granted(town, ("2026-12-15", "44.00"), ("2027-01-15", "40.00"))
    town.send(camt([BankEntry("44.00", NUMBER, "R1", date(2026, 12, 1))], name="M1").decode(), "M1")
    mails = Mailbox()
    worked(town, mails, 9, 12)
    assert mails.mails == []
    worked(town, mails, 9, 1, 2027)
    [(_, text)] = texts(mails)
    assert "40,00 €, au plus tard le 15 janvier 2027" in text
    assert "Échéance passée" not in text


def test_an_instalment_that_was_missed_is_told_with_the_next(town: Town) -> None:
    asks(town, first="2026-12-15")
    granted(town, ("2026-12-15", "44.00"), ("2027-01-15", "40.00"))
    worked(town, Mailbox(), 9, 12)
    mails = Mailbox()
    worked(town, mails, 9, 1, 2027)
    [(_, text)] = texts(mails)
    assert "40,00 €, au plus tard le 15 janvier 2027" in text
    assert "Échéance passée, sauf si vous l’avez payée : 44,00 € (15 décembre 2026)." in text
    assert "date passée" in town.says(NUMBER)


def test_another_plan_takes_up_the_days_of_the_one_before(town: Town) -> None:
    asks(town, first="2026-12-15")
    granted(town, ("2026-12-15", "44.00"), ("2027-01-15", "40.00"))
    asks(town, first="2026-12-20")
    granted(town, ("2026-12-20", "44.00"), ("2027-01-15", "40.00"))
    states = {purpose: state for purpose, (state, _) in reminders(town).items()}
    assert states["due-20261215"] == "cancelled"
    assert (states["due-20261220"], states["due-20270115"]) == ("waiting", "waiting")
