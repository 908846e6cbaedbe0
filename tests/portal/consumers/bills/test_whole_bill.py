"""A bill's page says all that its PDF says: every text of the bill, whoever wrote it, and every figure of its lines."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from bill import AllowanceCharge, Bill, LinePart, VatBreakdown, as_issued, outline, pack, spell_amount, spell_number
from ingest import open_feed
from issuers.profile import Profile
from portal.consumers.presenters.bill_page.line_page import line_page
from store import Store
from store.bills.bill import BillRow
from tests.export.test_factur_x import CORPORA, MANIFEST, valid_files
from tests.ingest.sample_files import AMOUNTS, SAMPLES, only_bill
from tests.portal.consumers.bills.test_bills import NewBrowser
from tests.portal.sample_town import World, a_bill
from tests.render.printed_text import texts_of
from tests.render.sample_bills import bill
from tests.render.whole_bill import KINDS_OF_TEXTS

pytestmark = pytest.mark.beside_any_database

BLANKS = re.compile(r"[\s\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]+")
#: The customer's own account is masked; the number is that of the row. Discounts in codes are said in words.
HIDDEN = ("payment.debited_iban", "payments.debited_iban", "number")


class BillPage:
    """The page of a bill of Alice's whose content is put in its row."""

    def __init__(self, client: FlaskClient, store: Store, row: BillRow) -> None:
        self._client, self._store, self._row = client, store, row

    def of(self, made: Bill, path: str = "") -> str:
        with self._store.writing() as session:
            session.execute(update(BillRow).where(BillRow.id == self._row.id).values(content=pack(made)))
        answer = self._client.get(f"/factures/{self._row.uid}{path}")
        assert answer.status_code == 200
        return answer.text


@pytest.fixture
def page(world: World, browser: NewBrowser, store: Store) -> BillPage:
    issuer = world.issuer("lumiere", "Lumière")
    [row] = world.drop(issuer, [a_bill("LO-1", "C-1", world.today)]).values()
    phone = browser()
    phone.sign_in(world.consumer("Alice Martin", holds={issuer: "C-1"}))
    return BillPage(phone.client, store, row)


def squashed(text: str) -> str:
    return BLANKS.sub("", text)


def not_said(made: Bill, page: str) -> list[str]:
    """The texts and figures of a bill that its page does not say."""
    links = " ".join(re.findall(r'href="([^"]*)"', page))  # paper says where they lead
    said = squashed(html.unescape(re.sub(r"<[^>]+>", "", page) + links))
    hidden = HIDDEN if as_issued(made).is_asking else (*HIDDEN, "payment.transfers", "payments.transfers")
    texts = [f"{place}: {text!r}" for place, text in texts_of(made)
             if not place.startswith(hidden) and squashed(text) not in said and "#SKONTO#" not in text]  # fmt: skip
    return texts + [figure for figure in figures_of(made) if squashed(figure) not in said]


def figures_of(made: Bill) -> Iterator[str]:
    for line, *_ in outline(made.lines):
        yield from _spelled(line, made.currency)
        for change in line.allowances_charges:
            yield from _spelled(change, made.currency)
    for each in (*made.allowances_charges, *made.vat):
        yield from _spelled(each, made.currency)


def _spelled(value: LinePart | AllowanceCharge | VatBreakdown, currency: str) -> Iterator[str]:
    for name in ("quantity", "percent"):
        if (number := getattr(value, name, None)) is not None:
            yield spell_number(number, "fr")
    for name in ("net_price", "gross_price", "net_amount", "amount", "base", "taxable", "vat"):
        if (amount := getattr(value, name, None)) is not None and not (name == "base" and not value.percent):
            yield spell_amount(abs(amount), currency, "fr")


def test_every_text_of_a_bill_is_on_its_page(page: BillPage) -> None:
    made = {case.id: case.values[0] for case in KINDS_OF_TEXTS}
    found = {name: not_said(each, page.of(each)) for name, each in made.items()}
    assert {name: said for name, said in found.items() if said} == {}
    whole = made["every term"]  # a text that is missing would be seen
    assert len(not_said(whole, page.of(a_bill("LO-1", "C-1", whole.issue_date)))) > 50


def test_every_text_of_our_samples_is_on_their_pages(page: BillPage) -> None:
    files = [*sorted(AMOUNTS.glob("*.xml")), *sorted(SAMPLES.glob("*.cii.xml")), *sorted(SAMPLES.glob("*.ubl.xml"))]
    bills = {file.name: only_bill(file.read_bytes()) for file in files if _is_one(file)}
    assert len(bills) > 20
    found = {name: not_said(made, page.of(made)) for name, made in bills.items()}
    assert {name: said for name, said in found.items() if said} == {}


def _is_one(file: Path) -> bool:
    entries = list(open_feed(file.open("rb"), file.name, Profile()))
    return len(entries) == 1 and entries[0].bill is not None


@pytest.mark.skipif(not MANIFEST.exists(), reason="the corpora (../shared/corpora) are not here")
def test_every_text_of_strangers_bills_is_on_their_pages(page: BillPage) -> None:
    found = {}
    for row in valid_files():
        with (CORPORA / row["file"]).open("rb") as file:
            [entry] = open_feed(file, row["file"], Profile())
        assert entry.bill is not None
        found[row["file"]] = not_said(entry.bill, page.of(entry.bill))
    assert len(found) > 70
    assert {name: said for name, said in found.items() if said} == {}


def test_every_line_of_a_long_bill_can_be_reached(page: BillPage) -> None:
    """Page by page, each line once, the totals on every page, and a way from page to page."""
    made = bill(450)
    seen: list[str] = []
    path = ""
    while True:
        text = page.of(made, path)
        seen += re.findall(r'<th scope="row">Électricité, tranche (\d+)</th>', text)
        assert "Total TTC" in text or "Total" in text
        onwards = re.search(r'href="[^"]*(\?lignes=\d+)#lignes" rel="next"', text)
        if onwards is None:
            break
        path = onwards[1]
    assert seen == [str(number) for number in range(1, 451)]
    assert "lignes 401 à 450 sur 450" in text
    assert 'rel="prev"' in text


@pytest.mark.parametrize(("asked", "first"), [("0", 1), ("-1", 1), ("x", 1), ("٢", 1), ("9" * 40, 1), ("99", 401)])
def test_a_page_of_lines_that_is_none_is_the_nearest(asked: str, first: int) -> None:
    assert line_page(outline(bill(450).lines), asked).first == first
