"""What Alice is asked: her list, the total above it, and each bill's page with its code say one thing, as of today.

Lumière drops real files on 5 November 2026, and Alice opens them in her browser.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select

from config import Config
from doors.feed_drop import drop_feed
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from store import Store
from store.bills.bill import BillRow
from store.staff_member import Staff
from tests.conftest import Clock
from tests.portal.conftest import Browser, Mailbox
from tests.portal.consumers.bills.test_bills import code_on, plain, scanned
from tests.portal.sample_town import KEPT, PASSWORD, World

BILLS = Path(__file__).parents[3] / "amounts"
IBAN = "FR7630006000011234567890189"
HELP = '[brand]\nhelp_lines = ["02 61 91 10 10"]'


class Town:
    """Lumière's feeds, read and rendered by the pipeline, and Alice at her screen."""

    def __init__(self, store: Store, config: Config, clock: Clock, browser: Callable[[], Browser]) -> None:
        self.store, self.clock, self.browser = store, clock, browser
        self.world = World(store, clock())
        self.pipeline = Pipeline(store, config, Mailbox())
        self.alice: Browser | None = None

    def drop(self, *names: str, profile: str = "", **changes: str) -> None:
        """These files, one feed each; *changes* are made in what they say: `_120_00="80.00"`."""
        for name in names:
            text = (BILLS / f"{name}.xml").read_text("utf-8")
            for old, new in changes.items():
                text = text.replace(old, new)
            self.send(text, name, profile)

    def send(self, text: str, name: str = "bill", profile: str = "") -> None:
        with self.store.writing() as session:
            issuer = add_issuer(session, "lumiere", "Lumière", self.clock(), profile)
        drop_feed(self.store, issuer, BytesIO(text.encode()), f"{name}.xml", "cli", self.clock())
        self.pipeline.work_until_idle(self.clock())

    def sign_in(self, account: str = "CL-1") -> Browser:
        if self.alice is None:
            self.alice = self.browser()
            self.alice.sign_in(self.world.consumer("Alice Martin", holds={1: account}))
        return self.alice

    def member(self, email: str) -> Browser:
        """Somebody who works for Lumière, signed in."""
        with self.store.writing() as session:
            session.add(Staff(email=email, password_hash=KEPT, issuer_id=1, added_at=self.clock()))
        browser = self.browser()
        browser.get("/equipe/connexion")
        browser.post("/equipe/connexion", email=email, password=PASSWORD)
        return browser

    def home(self) -> str:
        return plain(self.sign_in().get("/").text)

    def row(self, number: str) -> BillRow:
        with self.store.reading() as session:
            return session.scalars(select(BillRow).where(BillRow.number == number)).one()

    def page(self, number: str) -> str:
        """A bill's page as it came."""
        return self.sign_in().get(f"/factures/{self.row(number).uid}").text

    def says(self, number: str) -> str:
        """A bill's page as it is read."""
        return plain(self.page(number))

    def listed(self, number: str) -> str:
        """What a bill's row on the list says after its issuer's name."""
        page = self.sign_in().get("/").text
        row = re.search(rf'<a class="row[^"]*" href="/factures/{self.row(number).uid}">(.*?)</a>', page, re.DOTALL)
        assert row is not None
        return plain(row[1])

    def scanned(self, number: str) -> list[str] | None:
        """What a bank's application reads from the page's code."""
        drawing = code_on(self.page(number))
        return None if drawing is None else scanned(drawing).split("\n")


@pytest.fixture
def town(store: Store, config: Config, clock: Clock, browser: Callable[[], Browser]) -> Town:
    clock.now = datetime(2026, 11, 5, 9, 0, tzinfo=UTC)
    return Town(store, config, clock, browser)


# -- the credited bill


@pytest.mark.parametrize("order", [("b1-to-be-credited", "b2-credits-b1"), ("b2-credits-b1", "b1-to-be-credited")])
def test_the_credited_bill_asks_nothing_whichever_came_first(town: Town, order: tuple[str, str]) -> None:
    town.drop(*order)
    assert "Rien à payer." in town.home()
    assert town.listed("B-1").endswith("120,00 € annulée")
    assert town.listed("B-2").endswith("-120,00 € avoir")
    said = town.says("B-1")
    assert "Avoir B-2 du 3 novembre 2026 : -120,00 €" in said
    assert "Un avoir de Lumière annule cette facture." in said
    assert "C’est payé" not in said
    assert "IBAN" not in said
    assert town.scanned("B-1") is None


def test_the_bill_and_its_credit_lead_to_each_other(town: Town) -> None:
    town.drop("b1-to-be-credited", "b2-credits-b1")
    assert f'href="/factures/{town.row("B-2").uid}">B-2</a>' in town.page("B-1")
    assert f'href="/factures/{town.row("B-1").uid}">B-1</a>' in town.page("B-2")
    assert "Sur la facture B-1" in town.says("B-2")
    assert "120,00 € en votre faveur, à déduire de la facture qu’il nomme." in town.says("B-2")


def test_a_credit_in_part_leaves_the_rest(town: Town) -> None:
    town.drop("b1-to-be-credited")
    town.drop("b2-credits-b1", **{"120.00": "48.00", "100.00": "40.00", "20.00": "8.00"})
    assert "À payer 72,00 € 1 facture" in town.home()
    assert town.listed("B-1").endswith("72,00 € à payer 15 déc.")
    said = town.says("B-1")
    assert "Lumière 72,00 € à payer avant le 15 décembre" in said
    assert "Avoir B-2 du 3 novembre 2026 : -48,00 €" in said
    assert town.scanned("B-1")[7] == "EUR72.00"


def test_a_credit_of_a_bill_that_nobody_has_seen_names_it_without_a_link(town: Town) -> None:
    town.drop("b2-credits-b1")
    assert "Sur la facture B-1" in town.says("B-2")
    assert ">B-1</a>" not in town.page("B-2")
    assert "Lumière vous doit 120,00 €." in town.says("B-2")


def test_a_credit_that_is_taken_off_nothing_does_not_say_so(town: Town) -> None:
    """Its bill was replaced: the corrective asks what is right, and the credit of the wrong one stays a credit."""
    town.drop("b1-to-be-credited", "b2-credits-b1")
    town.drop("corrective-384", **{">A-1<": ">B-1<"})
    assert "Remplacée par la facture A-3" in town.says("B-1")
    assert town.listed("A-3").endswith("96,00 € à payer 30 nov.")
    assert "Lumière vous doit 120,00 €." in town.says("B-2")
    assert "à déduire" not in town.says("B-2")


def test_what_takes_a_credit_back_says_that_it_names_a_credit_note(town: Town) -> None:
    town.drop("b1-to-be-credited", "b2-credits-b1")
    back = {f">{amount}<": f">-{amount}<" for amount in ("120.00", "100.00", "20.00")}
    town.drop("b2-credits-b1", **{">B-2<": ">B-4<", ">B-1<": ">B-2<", **back})
    said = town.says("B-4")
    assert "Sur l’avoir B-2" in said
    assert "Cet avoir est négatif : il reprend ce qui vous avait été crédité." in said


def test_another_customers_credit_neither_changes_nor_is_shown(town: Town) -> None:
    town.drop("b1-to-be-credited")
    town.drop("b2-credits-b1", **{"CL-1": "CL-2", "Alice Martin": "Bruno Petit"})
    assert town.listed("B-1").endswith("120,00 € à payer 15 déc.")
    assert "B-2" not in town.page("B-1")
    assert town.scanned("B-1")[7] == "EUR120.00"


def test_its_history_tells_the_credit(town: Town, clock: Clock) -> None:
    town.drop("b1-to-be-credited")
    clock.forward(days=2)
    town.drop("b2-credits-b1")
    history = town.says("B-1").partition("Son histoire")[2]
    assert "Reçue de Lumière il y a 2 jours" in history
    assert "Avoir B-2 déduit aujourd’hui" in history


def test_a_bill_is_not_compared_with_one_that_does_not_stand(town: Town) -> None:
    town.drop("a1", "corrective-384")
    assert "que la précédente" not in town.says("A-3")


def test_a_corrective_takes_the_place_of_its_bill_and_totals_ask_once(town: Town) -> None:
    town.drop("a1", "corrective-384")
    assert "À payer 96,00 € 1 facture" in town.home()
    assert town.listed("A-1").endswith("120,00 € remplacée")
    assert town.listed("A-3").endswith("96,00 € à payer 30 nov.")
    said = town.says("A-1")
    assert "Remplacée par la facture A-3 du 2 novembre 2026" in said
    assert "Ne la payez pas" in said
    assert town.scanned("A-1") is None
    assert "Elle remplace la facture A-1" in town.says("A-3")
    assert town.scanned("A-3")[7] == "EUR96.00"
    assert f'href="/factures/{town.row("A-3").uid}">A-3</a>' in town.page("A-1")


def test_a_negative_invoice_is_in_her_favour_as_a_credit_note_is(town: Town) -> None:
    town.drop("negative-380")
    assert "Rien à payer." in town.home()
    assert town.listed("A-5").endswith("-120,00 € avoir")
    said = town.says("A-5")
    assert "Lumière vous doit 120,00 €. Vous n’avez rien à payer." in said
    assert "C’est payé" not in said


def test_a_negative_credit_note_asks_for_money(town: Town) -> None:
    negative = {">120.00<": ">-120.00<", ">100.00<": ">-100.00<", ">20.00<": ">-20.00<",
                '"KWH">500<': '"KWH">-500<'}  # fmt: skip
    town.drop("b2-credits-b1", **negative)
    assert "À payer 120,00 € 1 facture" in town.home()
    assert "Comment payer Cet avoir est négatif" in town.says("B-2")
    assert town.scanned("B-2")[7] == "EUR120.00"


def test_staff_are_told_the_same(town: Town) -> None:
    town.drop("b1-to-be-credited", "b2-credits-b1", "a1", "corrective-384")
    town.drop("b2-credits-b1", **{"CL-1": "CL-2", "Alice Martin": "Bruno Petit", ">B-2<": ">B-4<"})
    mina = town.member("mina@facteur.example")

    def status_of(number: str) -> str:
        return mina.get(f"/equipe/factures?numero={number}").text

    credited = status_of("B-1")
    assert "Avoir B-2 du 3 novembre 2026 : -120,00 €" in plain(credited)
    assert "Où elle en est annulée" in plain(credited)
    public_id = town.store.public_ids.of("bill", town.row("B-2").id)
    assert f'href="/equipe/factures/{public_id}">B-2</a>' in credited
    assert "B-4 la nomme et n’y change rien : autre client, ou autre devise." in plain(credited)
    assert "Sur la facture B-1" in plain(status_of("B-2"))
    assert "Remplacée par la facture A-3" in plain(status_of("A-1"))
    assert "Où elle en est à payer 30 nov." in plain(status_of("A-3"))


# -- instalments


THREE = "30 novembre 2026 la prochaine 40,00 € 31 décembre 2026 40,00 € 31 janvier 2027 40,00 € Encore demandé 120,00 €"


def test_three_instalments_each_by_its_day(town: Town, clock: Clock) -> None:
    town.drop("three-instalments")
    assert "À payer 40,00 € 1 facture" in town.home()
    assert town.listed("I-1").endswith("40,00 € à payer 30 nov.")
    said = town.says("I-1")
    assert "Lumière 40,00 € à payer avant le 30 novembre 120,00 € en tout, en 3 échéances" in said
    assert THREE in said
    assert town.scanned("I-1")[7] == "EUR40.00"

    clock.now = datetime(2026, 12, 10, 9, 0, tzinfo=UTC)
    assert town.listed("I-1").endswith("40,00 € à payer 31 déc.")
    assert "30 novembre 2026 date passée 40,00 € 31 décembre 2026 la prochaine 40,00 €" in town.says("I-1")


def test_alice_says_which_instalment_she_paid(town: Town, clock: Clock) -> None:
    town.drop("three-instalments")
    path = f"/factures/{town.row('I-1').uid}/payee"
    assert "J’ai payé l’échéance du 30 novembre" in town.says("I-1")
    alice = town.sign_in()
    first = plain(alice.post(path, paid="part", left="3").text)
    assert "Vous avez indiqué aujourd’hui avoir payé 40,00 €." in first
    assert "40,00 € à payer avant le 31 décembre 80,00 € en tout, en 2 échéances" in first
    assert town.scanned("I-1")[7] == "EUR40.00"
    alice.post(path, paid="part", left="3")  # the same click again
    assert "80,00 € en tout, en 2 échéances" in town.says("I-1")
    alice.post(path, paid="part", left="2")
    assert "J’ai payé" not in town.says("I-1")  # one is left: it is paid, or not
    done = plain(alice.post(path, paid="1").text)
    assert "vous avez indiqué l’avoir payée" in done
    assert "Rien à payer." in town.home()
    assert town.listed("I-1").endswith("120,00 € indiquée payée")
    town.says("I-1")
    assert "120,00 € en tout, en 3 échéances" in plain(alice.post(path, paid="0").text)


def test_a_credit_of_an_instalment_bill_takes_the_last_ones(town: Town) -> None:
    town.drop("three-instalments")
    about = {"120.00": "60.00", "100.00": "50.00", "20.00": "10.00", "<cbc:ID>B-1<": "<cbc:ID>I-1<"}
    town.drop("b2-credits-b1", **about)
    said = town.says("I-1")
    assert "30 novembre 2026 la prochaine 40,00 € 31 décembre 2026 20,00 € Encore demandé 60,00 €" in said


def test_a_discount_in_words_is_shown_as_words(town: Town) -> None:
    town.drop("discount-in-words")
    assert town.scanned("I-3")[7] == "EUR120.00"
    assert "À payer 120,00 €" in town.home()


# -- how it is paid, and to whom


@pytest.mark.parametrize(("name", "number"), [("M-1-transfer-then-debit", "M-1"), ("M-2-debit-then-transfer", "M-2")])
def test_a_mandate_anywhere_is_collected_and_never_paid_by_hand(town: Town, name: str, number: str) -> None:
    town.drop(name)
    assert "Rien à payer." in town.home()
    assert town.listed(number).endswith("120,00 € prélevé le 15 déc.")
    said = town.says(number)
    assert "Lumière prélève la somme. Vous n’avez rien à faire." in said
    assert "Mandat RUM1" in said
    assert "C’est payé" not in said
    assert town.scanned(number) is None


def test_only_the_sound_account_is_offered(town: Town) -> None:
    town.drop("M-6-two-IBANs")
    assert "IBAN DE89 3704 0044 0532 0130 00" in town.says("M-6")
    assert "GB00BAD" not in town.page("M-6")
    assert town.scanned("M-6")[6] == "DE89370400440532013000"


def test_the_payee_is_who_the_bill_says(town: Town) -> None:
    town.drop("M-8-payee")
    assert "Bénéficiaire Affacturage du Nord" in town.says("M-8")
    assert "Affacturage du Nord encaisse pour Lumière" in town.says("M-8")
    assert town.scanned("M-8")[5] == "Affacturage du Nord"


def test_half_a_cent_goes_up_everywhere(town: Town) -> None:
    town.drop("M-13-three-decimals")
    assert "À payer 120,01 €" in town.home()
    assert town.listed("M-13").endswith("120,01 € à payer 15 déc.")
    assert "Montant 120,01 €" in town.says("M-13")
    assert town.scanned("M-13")[7] == "EUR120.01"


def test_the_links_account_is_the_one_that_the_profile_names(town: Town) -> None:
    profile = 'account_term = "BT-12"\npay_url = "https://payer.example/{account}?n={number}&m={amount}"'
    town.drop("pay-BT-12", profile=profile)
    town.sign_in("CONTRAT-77")
    assert 'href="https://payer.example/CONTRAT-77?n=L-1&amp;m=120.01"' in town.page("L-1")


def test_cash_is_said_in_words(town: Town) -> None:
    town.drop("M-14-code-ZZZ-paid-10-cash", profile=HELP)
    said = town.says("M-14")
    assert "À payer en espèces." in said
    assert "Demandez à Lumière. 02 61 91 10 10" in said


ACCOUNT = f"<cac:PayeeFinancialAccount><cbc:ID>{IBAN}</cbc:ID></cac:PayeeFinancialAccount>"


GIROS = [("56", "5050-1055", "", "Bankgiro"), ("50", "991234-6", "", "PlusGiro"),
         ("30", "50501055", "SE:BANKGIRO", "Bankgiro"), ("42", "12345678", "", "Compte")]  # fmt: skip


@pytest.mark.parametrize(("code", "number", "bic", "label"), GIROS)
def test_an_account_that_is_no_iban_is_shown_as_given(town: Town, code: str, number: str, bic: str, label: str) -> None:
    branch = f"<cac:FinancialInstitutionBranch><cbc:ID>{bic}</cbc:ID></cac:FinancialInstitutionBranch>" if bic else ""
    account = ACCOUNT.replace(f"{IBAN}</cbc:ID>", f"{number}</cbc:ID>{branch}")
    given = {ACCOUNT: f"<cbc:PaymentID>OCR-987</cbc:PaymentID>{account}", "MeansCode>30": f"MeansCode>{code}"}
    town.drop("b1-to-be-credited", profile=HELP, **given)
    said = town.says("B-1")
    assert f"{label} {number}" in said
    assert "Référence OCR-987" in said
    assert "Ce compte n’est pas un IBAN" in said
    assert "Demandez à Lumière. 02 61 91 10 10" in said
    assert town.scanned("B-1") is None


def test_an_account_with_wrong_digits_is_shown_with_a_warning(town: Town) -> None:
    town.drop("b1-to-be-credited", **{IBAN: "FR7630006000011234567890188"})
    said = town.says("B-1")
    assert "FR76 3000 6000 0112 3456 7890 188" in said
    assert "Ce numéro de compte n’est pas juste" in said
    assert town.scanned("B-1") is None
