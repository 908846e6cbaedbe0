"""Alice asks Lumière about her bill on its page; Claire answers, and nobody else reads it."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from email.header import decode_header, make_header

import pytest
from sqlalchemy import select, update

from store import Store
from store.accounts.consumer import Consumer, Enrolment
from store.accounts.notice_preference import NoticePreferenceRow
from store.bills.bill import BillRow
from store.bills.bill_enquiry import LONGEST_WORDS, Enquiry
from store.job import Job
from store.staff_member import Staff
from tests.conftest import Clock
from tests.lived_beginnings import lived_once
from tests.portal.conftest import Browser, Mailbox
from tests.portal.consumers.bills.test_bills import plain
from tests.portal.consumers.paying.test_payment_plan import texts
from tests.portal.sample_town import KEPT, PASSWORD, World, a_bill

NUMBER = "LUM-2026-0001"
PROFILE = """trade = "electricity"
[brand]
help_lines = ["02 61 91 10 10, du lundi au vendredi", "Panne : 02 61 91 10 99"]
[helpline]
phone = "02 61 91 10 10"
hours = ["mon-fri 9:00-18:00"]
"""
FEROCIOUS = "<script>alert(1)</script>\r\nSubject: x\r\n\r\n\r\n\r\n{{ 7*7 }} %s \x00\u202e'; DROP TABLE bill;--"


class Town:
    """Lumière's bill to Alice, and who reads it."""

    def __init__(self, store: Store, clock: Clock, browser: Callable[[], Browser]) -> None:
        self.store, self.clock, self.browser = store, clock, browser
        self.world = World(store, clock())
        self.lumiere = self.world.issuer("lumiere", "Lumière", PROFILE)
        self.bill = self.world.drop(self.lumiere, [a_bill(NUMBER, "CL-1", date(2026, 11, 2), due_in=28)])[NUMBER]
        self.alice: Browser | None = None

    def sign_in(self) -> Browser:
        if self.alice is None:
            self.alice = self.browser()
            self.alice.sign_in(self.world.consumer("Alice Martin", holds={self.lumiere: "CL-1"}))
        return self.alice

    def member(self, email: str, issuer_id: int | None = 1) -> Browser:
        with self.store.writing() as session:
            session.add(Staff(email=email, password_hash=KEPT, issuer_id=issuer_id, added_at=self.clock()))
        browser = self.browser()
        browser.get("/equipe/connexion")
        browser.post("/equipe/connexion", email=email, password=PASSWORD)
        return browser

    def home(self) -> str:
        return plain(self.sign_in().get("/").text)

    def says(self) -> str:
        """The bill's page as it is read."""
        return plain(self.sign_in().get(f"/factures/{self.bill.uid}").text)


@lived_once
def town(store: Store, clock: Clock, browser: Callable[[], Browser]) -> Town:
    """Lumière asks 84 € of Alice by 30 November. It is a Thursday, 10:00 in Paris."""
    clock.now = datetime(2026, 11, 5, 9, tzinfo=UTC)
    return Town(store, clock, browser)


def form_of(town: Town) -> str:
    return f"/factures/{town.bill.uid}/question"


def asks(town: Town, words: str = "Pourquoi 84 € ?", subject: str = "amount", once: str = "") -> str:
    alice = town.sign_in()
    page = alice.get(form_of(town)).text
    return alice.post(form_of(town), subject=subject, words=words, once=once or once_of(page)).text


def once_of(page: str) -> str:
    return re.search(r'name="once" value="([^"]+)"', page)[1]  # type: ignore[index]


def thread(town: Town) -> Enquiry:
    with town.store.reading() as session:
        return session.scalars(select(Enquiry)).one()


def way(town: Town, place: str = "/questions") -> str:
    return f"{place}/{town.store.public_ids.of('enquiry', thread(town).id)}"


def claire_answers(town: Town, claire: Browser, words: str = "C’est l’hiver.", **fields: str) -> str:
    page = claire.get(way(town, "/equipe/questions")).text
    read = re.search(r'name="read" value="(\d+)"', page)[1]  # type: ignore[index]
    said = {"name": "Claire", "words": words, "once": once_of(page), "read": read} | fields
    return claire.post(f"{way(town, '/equipe/questions')}/reponse", **said).text


def test_she_asks_claire_answers_and_a_mail_leads_there(town: Town, post: Callable[[], Mailbox]) -> None:
    page = plain(asks(town))
    assert "C’est envoyé. Lumière vous répond ici" in page
    assert "Pourquoi 84 € ?" in page
    assert "Le montant" in town.says()
    assert "attend la réponse" in town.says()
    claire = town.member("claire@lumiere.example")
    town.clock.forward(days=4)
    assert "1 question attend, la plus ancienne depuis 4 jours" in plain(claire.get("/equipe/").text)
    assert NUMBER in plain(claire.get("/equipe/questions").text)
    assert "C’est répondu. La personne en est prévenue." in plain(claire_answers(town, claire))
    assert "Claire, de Lumière, a répondu à votre question." in town.home()
    [(to, text)] = texts(post())
    assert to == "alice@exemple.fr"
    assert "Claire, de Lumière, a répondu à votre question sur la facture n° LUM-2026-0001." in text
    assert "hiver" not in text
    assert way(town) in text
    alice = town.sign_in()
    page = plain(alice.get(way(town)).text)
    assert "Claire, Lumière" in page
    assert "C’est l’hiver." in page
    assert "a répondu à votre question" not in town.home()
    again = alice.get(way(town)).text
    assert "C’est envoyé à Lumière." in plain(
        alice.post(f"{way(town)}/mot", words="Et l’été ?", once=once_of(again)).text
    )
    assert thread(town).state == "open"
    assert "Une question attend" not in plain(claire.get("/equipe/questions?etat=repondues").text)
    assert "C’est réglé." in plain(alice.post(f"{way(town)}/reglee").text)
    assert "réglée" in plain(alice.get("/questions").text)
    assert NUMBER in plain(claire.get("/equipe/questions?etat=fermees&sujet=amount").text)


def test_a_mail_names_nothing_of_the_person_in_its_subject(town: Town, post: Callable[[], Mailbox]) -> None:
    asks(town)
    claire_answers(town, town.member("claire@lumiere.example"), name="Claire\r\nBcc: x@y.example")
    [(_, mail)] = post().mails
    assert str(make_header(decode_header(mail["Subject"]))) == "Lumière a répondu à votre question"
    assert mail["Bcc"] is None


def test_an_answer_that_she_has_read_is_not_mailed(town: Town, post: Callable[[], Mailbox]) -> None:
    asks(town)
    claire_answers(town, town.member("claire@lumiere.example"))
    town.sign_in().get(way(town))
    assert post().mails == []


def test_who_cannot_be_mailed_is_told_at_home(town: Town, post: Callable[[], Mailbox]) -> None:
    asks(town)
    with town.store.writing() as session:
        session.execute(update(Consumer).values(mail_failed_at=town.clock()))
    claire_answers(town, town.member("claire@lumiere.example"))
    assert post().mails == []
    assert "a répondu à votre question" in town.home()


def test_a_mail_waits_for_the_end_of_her_quiet_hours(town: Town) -> None:
    asks(town)
    with town.store.writing() as session:
        session.add(
            NoticePreferenceRow(
                consumer_id=thread(town).consumer_id, channels="email", digest="each", digest_day=5,
                quiet_from=time(9), quiet_until=time(12), language="",
                chosen_at=town.clock(),
            )
        )  # fmt: skip
    claire_answers(town, town.member("claire@lumiere.example"))
    with town.store.reading() as session:
        assert session.scalars(select(Job.due_at)).one() == datetime(2026, 11, 5, 11, tzinfo=UTC)


def test_a_double_click_asks_once(town: Town) -> None:
    asks(town, once="the-same-form")
    assert "Pourquoi 84 € ?" in plain(asks(town, once="the-same-form"))
    assert thread(town).entries == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"words": "", "subject": "other"}, "Écrivez votre question."),
        ({"words": "x" * (LONGEST_WORDS + 1), "subject": "other"}, "C’est trop long"),
        ({"words": "Bonjour", "subject": "' OR 1=1"}, "Choisissez de quoi il s’agit."),
    ],
)
def test_what_cannot_be_sent_stays_in_the_form(town: Town, fields: dict[str, str], said: str) -> None:
    page = asks(town, **fields)
    assert said in plain(page)
    assert fields["words"] in page
    with town.store.reading() as session:
        assert session.scalar(select(Enquiry.id)) is None


def test_ferocious_words_are_shown_as_they_are(town: Town) -> None:
    asks(town, FEROCIOUS)
    claire = town.member("claire@lumiere.example")
    for page in (town.sign_in().get(way(town)).text, claire.get(way(town, "/equipe/questions")).text):
        assert "&lt;script&gt;alert(1)&lt;/script&gt;\nSubject: x\n\n{{ 7*7 }}" in page
        assert "<script>alert" not in page
        assert "\u202e" not in page


def test_bob_who_holds_the_account_too_reads_nothing_of_it(town: Town) -> None:
    asks(town)
    bob = town.browser()
    bob.sign_in(town.world.consumer("Bob Martin", holds={town.lumiere: "CL-1"}))
    assert bob.get(way(town)).status_code == 404
    for act in ("mot", "reglee"):
        bob.get("/contrats")
        assert bob.post(f"{way(town)}/{act}", words="x", once="x").status_code == 404
    page = plain(bob.get(f"/factures/{town.bill.uid}").text)
    assert "attend la réponse" not in page
    assert "Aucune question" in plain(bob.get("/questions").text)


def test_who_left_the_account_reads_it_no_more(town: Town) -> None:
    asks(town)
    with town.store.writing() as session:
        session.execute(update(Enrolment).values(ended_at=town.clock()))
    assert town.sign_in().get(way(town)).status_code == 404
    assert way(town) not in town.sign_in().get("/questions").text


def test_whoever_is_suspended_is_led_to_no_answer(town: Town) -> None:
    asks(town)
    claire_answers(town, town.member("claire@lumiere.example"))
    assert "Lire la réponse" in town.home()
    with town.store.writing() as session:
        session.execute(update(Enrolment).values(suspended_at=town.clock()))
    assert "Lire la réponse" not in town.home()
    assert town.sign_in().get(way(town)).status_code == 404


def test_the_answer_about_a_replaced_bill_is_read_and_leads_to_its_replacement(
    town: Town, post: Callable[[], Mailbox]
) -> None:  # fmt: skip
    asks(town)
    with town.store.writing() as session:
        session.execute(update(BillRow).values(state="superseded"))
    claire_answers(town, town.member("claire@lumiere.example"), "Nous la corrigeons.")
    assert "Lire la réponse" in town.home()
    page = town.sign_in().get(post().link_to("alice@exemple.fr")).text
    assert "Nous la corrigeons." in plain(page)
    assert f"Facture {NUMBER}" in plain(page)
    assert "/factures/" not in page.partition("Nous la corrigeons.")[0]
    assert "Lire la réponse" not in town.home()
    corrected = [a_bill(NUMBER, "CL-1", date(2026, 11, 4), "35.00"), a_bill("LUM-2026-0002", "CL-2", date(2026, 11, 4))]
    replacement = town.world.drop(town.lumiere, corrected)[NUMBER]
    page = town.sign_in().get(way(town)).text
    assert f"/factures/{replacement.uid}" in page
    assert "42,00 €" in plain(page)
    assert town.sign_in().post(f"{way(town)}/mot", words="Merci", once="m").status_code == 200
    assert thread(town).entries == 3


def test_members_of_another_issuer_find_nothing_and_operators_only_read(town: Town) -> None:
    asks(town)
    eva = town.member("eva@eaux.example", town.world.issuer("eaux", "Eaux"))
    oscar = town.member("oscar@facteur.example", None)
    page = way(town, "/equipe/questions")
    assert eva.get(page).status_code == 404
    for act in ("reponse", "fin"):
        eva.get("/equipe/")
        assert eva.post(f"{page}/{act}", name="Eva", words="x", read="1", once="x").status_code == 404
    assert NUMBER not in eva.get("/equipe/questions").text
    seen = plain(oscar.get(page).text)
    assert "Pourquoi 84 € ?" in seen
    assert "Seuls les membres de Lumière répondent." in seen
    assert oscar.post(f"{page}/reponse", name="Oscar", words="x", read="1", once="x").status_code == 404
    assert thread(town).entries == 1


def test_of_two_who_answer_at_once_the_second_reads_first(town: Town) -> None:
    asks(town)
    claire, denis = town.member("claire@lumiere.example"), town.member("denis@lumiere.example")
    seen = denis.get(way(town, "/equipe/questions")).text
    claire_answers(town, claire)
    page = denis.post(
        f"{way(town, '/equipe/questions')}/reponse", name="Denis", words="À mon avis", read="1", once=once_of(seen)
    )
    assert page.status_code == 409
    assert "Relisez : rien n’est parti." in plain(page.text)
    assert "C’est l’hiver." in plain(page.text)
    assert "À mon avis" in page.text
    assert thread(town).entries == 2
    assert 'value="Claire"' in claire.get(way(town, "/equipe/questions")).text


def test_a_dispute_shows_on_the_bill_which_stays_due(town: Town) -> None:
    asks(town, subject="dispute")
    page = town.says()
    assert "Contesté depuis le 5 novembre : Lumière examine. La somme reste due." in page
    assert "84,00 €" in page
    assert "Comment payer" in page
    claire_answers(town, town.member("claire@lumiere.example"))
    assert "Contesté" not in town.says()


def test_of_a_disputed_bill_that_is_paid_nothing_is_said_to_be_due(town: Town) -> None:
    alice = town.sign_in()
    assert "n’a pas répondu, jusqu’au 4 janvier 2027 au plus." in plain(alice.get(form_of(town)).text)
    asks(town, subject="dispute")
    alice.post(f"/factures/{town.bill.uid}/payee", paid="1")
    page = town.says()
    assert "Contesté depuis le 5 novembre : Lumière examine." in page
    assert "reste due" not in page + plain(alice.get(form_of(town)).text)


def test_whom_to_call_and_when(town: Town) -> None:
    page = town.sign_in().get(form_of(town)).text
    assert 'href="tel:+33261911010"' in page
    assert "du lundi au vendredi, 9 h-18 h, appel non surtaxé" in plain(page)
    assert "Ouvert, jusqu’à 18 h." in plain(page)
    town.clock.now = datetime(2026, 11, 10, 19, tzinfo=UTC)  # the 11th is a public holiday
    assert "Fermé. Ouvre jeudi à 9 h." in town.says()
    town.clock.now += timedelta(days=1, hours=12)
    assert "Fermé. Ouvre aujourd’hui à 9 h." in town.says()


def test_the_number_for_faults_is_on_the_page_as_on_paper(town: Town) -> None:
    page = town.says()
    assert "Panne : 02 61 91 10 99" in page
    assert page.count("02 61 91 10 10") == 1, "said with its hours, not twice"
