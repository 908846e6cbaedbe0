"""Every way to pay that a bill may name has its words on the page, and a long list of bills costs no more questions."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import event

from bill import Bill, CreditTransfer, Instalment, Payment, Reference, payment_means_of, spell_payment_means
from store import Store
from tests.portal.conftest import Browser
from tests.portal.consumers.bills.test_bills import plain
from tests.portal.sample_town import IBAN, World, a_bill

pytestmark = pytest.mark.beside_any_database

LIST = Path(__file__).parents[4] / "ingest" / "checks" / "lists" / "payment-means.txt"
CODES = [*" ".join(line for line in LIST.read_text().splitlines() if line[:1] != "#").split(), "", "999", "XYZ"]
#: One of each kind of means, and what the page says of a bill without an account.
SAID = {
    "10": "À payer en espèces.", "20": "À payer par chèque.", "21": "À payer par chèque de banque.",
    "24": "À payer par lettre de change.", "30": "À payer par virement.", "48": "À payer par carte.",
    "57": "À payer selon votre accord permanent.", "60": "À payer par billet à ordre.", "68": "À payer en ligne.",
    "97": "À payer par compensation.", "": "Lumière ne nous a pas dit comment",
    "ZZZ": "Lumière ne nous a pas dit comment", "999": "À payer comme convenu avec l’émetteur.",
}  # fmt: skip


@pytest.fixture
def pages(world: World, browser: Callable[[], Browser], store: Store) -> Callable[[list[Bill]], dict[str, str]]:
    """Lumière's bills to Alice as she reads them, by number."""

    def read(bills: list[Bill]) -> dict[str, str]:
        lumiere = world.issuer("lumiere", "Lumière", '[brand]\nhelp_lines = ["09 69 32 15 15"]')
        rows = world.drop(lumiere, bills)
        alice = browser()
        alice.sign_in(world.consumer("Alice Martin", holds={lumiere: "C-1"}))
        return {number: plain(alice.get(f"/factures/{row.uid}").text) for number, row in rows.items()}

    return read


def test_every_code_has_its_sentence(world: World, pages: Callable[[list[Bill]], dict[str, str]]) -> None:
    bills = [a_bill(f"F-{code}", "C-1", world.today, payment=Payment(means_code=code)) for code in CODES]
    said = pages(bills)
    for code in CODES:
        page, means = said[f"F-{code}"], payment_means_of(code)
        if means == "debit":
            assert "Lumière prélève la somme. Vous n’avez rien à faire." in page, code
            assert "C’est payé" not in page, code
            continue
        words = spell_payment_means(means)
        assert (f"À payer {words}." if words else "Lumière ne nous a pas dit comment") in page, code
        assert "Demandez à Lumière. 09 69 32 15 15" in page, code
        assert "C’est payé" in page, code
    for code, sentence in SAID.items():
        assert sentence in said[f"F-{code}"], code


def test_an_account_and_other_ways_stand_together(world: World, pages: Callable[[list[Bill]], dict[str, str]]) -> None:
    account = (CreditTransfer(iban=IBAN, name="Lumière"),)
    two = a_bill("F-1", "C-1", world.today, payment=Payment(means_code="30", transfers=account),
                 payments=(Payment(means_code="48"), Payment(means_code="20")))  # fmt: skip
    one = a_bill("F-2", "C-1", world.today, payment=Payment(means_code="10", transfers=account))
    said = pages([two, one])
    assert "Par virement" in said["F-1"]
    assert "Ou par carte, par chèque." in said["F-1"]
    assert "Ou en espèces." in said["F-2"]


def test_words_of_the_issuer_stand_as_its_words(world: World, pages: Callable[[list[Bill]], dict[str, str]]) -> None:
    payment = Payment(means_code="1", means_text="{n} <b>Chez le buraliste</b>")
    said = pages([a_bill("F-1", "C-1", world.today, payment=payment)])["F-1"]
    assert "Lumière écrit : « {n} &lt;b&gt;Chez le buraliste&lt;/b&gt; »" in said


def test_what_to_quote_stands_on_the_page_without_an_account_too(
    world: World, pages: Callable[[list[Bill]], dict[str, str]]
) -> None:
    said = pages([
        a_bill(f"F-{code}", "C-1", world.today, payment=Payment(means_code=code, remittance=f"Q-{code}"))
        for code in ("", "10", "20", "30", "48", "68")
    ])  # fmt: skip
    quoted = {number for number, page in said.items() if f"Référence {number.replace('F-', 'Q-')}" in page}
    assert quoted == {"F-", "F-10", "F-20", "F-30"}


def test_a_sort_code_is_no_bic(world: World, pages: Callable[[list[Bill]], dict[str, str]]) -> None:
    account = CreditTransfer(iban="20-00-00 12345678", bic="20-00-00")
    said = pages([a_bill("F-1", "C-1", world.today, payment=Payment(means_code="30", transfers=(account,)))])["F-1"]
    assert "Compte 20-00-00 12345678 Copier Compte Code banque 20-00-00" in said
    assert "BIC" not in said


@pytest.fixture
def questions(store: Store) -> Iterator[list[str]]:
    """What the database is asked."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    yield asked
    event.remove(store.engine, "before_cursor_execute", note)


def test_a_list_asks_no_more_questions_for_more_bills(
    world: World, browser: Callable[[], Browser], questions: list[str]
) -> None:
    """Thirty bills or ninety more, each with its credit and its corrective; three ask what stands above every page."""
    gaz = world.issuer("gaz", "Gaz de Loire")

    def year(n: int) -> list[Bill]:
        return [
            a_bill(f"G-{n}", "G-7", world.today, instalments=(Instalment(Decimal(84), world.today),)),
            a_bill(f"AV-{n}", "G-7", world.today, "10.00", type_code="381", preceding=(Reference(number=f"G-{n}"),)),
            a_bill(f"C-{n}", "G-7", world.today, type_code="384", preceding=(Reference(number=f"G-{n}"),)),
        ]

    alice, counts = browser(), []
    for n in (10, 30):
        world.drop(gaz, [bill for k in range(n) for bill in year(n * 1000 + k)])
        if not counts:
            alice.sign_in(world.consumer("Alice Martin", holds={gaz: "G-7"}))
        questions.clear()
        assert "84,00 € remplacée" in plain(alice.get("/").text)
        counts.append(len(questions))
    assert counts[1] <= counts[0] <= 23
