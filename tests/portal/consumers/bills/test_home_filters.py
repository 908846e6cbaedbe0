"""The list of bills as its reader filters it: what is listed, what it amounts to, and the ways back."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

import lxml.html
import pytest
from sqlalchemy import select

from bill import spell_money
from payments.amounts_due import amounts_due
from portal.consumers.presenters.bill_list.bill_listing import PAGE, last_day
from portal.public_id_converter import public_id
from store import Store
from store.accounts.consumer import enrol
from store.bills.bill import BillRow
from store.bills.bill_tag import tag_bill
from store.issuer import Issuer
from tests.lived_beginnings import lived_once
from tests.portal.conftest import Browser
from tests.portal.consumers.bills.test_bills import plain
from tests.portal.sample_town import World, a_bill, furnish, furnish_kinds

NUMBERS = {"lumiere": "C-1001", "eaux": "R-1187", "mobile": "0612345678", "banque": "00412"}


class Town(NamedTuple):
    """Alice's browser, all rows of the store with their issuers' slugs, and Bruno's account at the same issuer."""

    alice: Browser
    rows: list[tuple[BillRow, str]]
    today: date
    store: Store
    bruno_account: int
    account: int


@lived_once
def town(browser: Callable[[], Browser], world: World, store: Store) -> Town:
    ids = furnish(world) | {"gaz": furnish_kinds(world)}
    world.drop(ids["lumiere"], [a_bill("BRUNO-1", "C-2002", world.today - timedelta(days=4), buyer="Bruno Petit")])
    world.drop(ids["lumiere"], [a_bill("LO-SECOND", "C-1002", world.today - timedelta(days=400))])
    consumer = world.consumer("Alice Martin", holds={ids[slug]: number for slug, number in NUMBERS.items()})
    with store.writing() as session:
        for issuer, number in (("gaz", "G-7"), ("lumiere", "C-1002")):
            enrol(session, consumer.id, world.account_id(ids[issuer], number), world.now)
        slugs = dict(session.execute(select(Issuer.id, Issuer.slug)).tuples().all())
        rows = sorted(session.scalars(select(BillRow)), key=lambda row: (row.issue_date, row.id), reverse=True)
        for row in rows[::4]:
            tag_bill(session, consumer.id, row.id, "Impôts 2026", world.now)
    alice = browser()
    alice.sign_in(consumer)
    of_slugs = [(row, slugs[row.issuer_id]) for row in rows]
    accounts = world.account_id(ids["lumiere"], "C-2002"), world.account_id(ids["lumiere"], "C-1002")
    return Town(alice, of_slugs, world.today, store, *accounts)


def pages_of(alice: Browser, path: str) -> Iterator[lxml.html.HtmlElement]:
    """The pages of a list, from this one to the last."""
    while path:
        answer = alice.get(path)
        assert answer.status_code == 200
        page = lxml.html.fromstring(answer.text)
        yield page
        path = next(iter(page.xpath("//a[@rel='next']/@href")), "")


def listed(pages: list[lxml.html.HtmlElement]) -> list[str]:
    """The bills that these pages list, by uid."""
    bill = "//section//a[starts-with(@href, '/factures/')]/@href"
    return [href.partition("?")[0].rpartition("/")[2] for page in pages for href in page.xpath(bill)]


def headings(pages: list[lxml.html.HtmlElement]) -> dict[str, str]:
    """What the headings of these pages say of each month."""
    found = {}
    for page in pages:
        for heading in page.find_class("month"):
            month, *total = heading
            found[month.get("id")] = " ".join(" ".join(each.text_content().split()) for each in total)
    return found


def answer(page: lxml.html.HtmlElement) -> str:
    """What stands large above a filtered list."""
    return " ".join(page.find_class("hero")[0].text_content().split())


def euros(amount: Decimal) -> str:
    return " ".join(spell_money(amount, "EUR").split())


def worth(row: BillRow, replaced: set[str]) -> Decimal:
    """What a document adds to the total of its month."""
    if row.number in replaced:
        return Decimal(0)
    return -row.gross if row.type_code == "381" else row.gross


Leaves = Callable[[BillRow, str], bool]
FILTERS: dict[str, Leaves] = {
    "": lambda row, slug: True,
    "emetteur=lumiere": lambda row, slug: slug == "lumiere",
    "emetteur=eaux": lambda row, slug: slug == "eaux",
    "annee=2025": lambda row, slug: row.issue_date.year == 2025,
    "annee=2026&emetteur=mobile": lambda row, slug: slug == "mobile" and row.issue_date.year == 2026,
    "genre=avoir": lambda row, slug: row.type_code == "381",
    "genre=rectificative": lambda row, slug: row.type_code == "384",
    "genre=echeances": lambda row, slug: row.instalments is not None,
    "genre=facture&emetteur=gaz": lambda row, slug: slug == "gaz" and row.type_code == "380",
    "etiquette=IMPOTS 2026": lambda row, slug: True,
    "etiquette=Impôts 2026&annee=2026": lambda row, slug: row.issue_date.year == 2026,
    "cherche=forfait": lambda row, slug: slug == "mobile",
    "cherche=retz&genre=avoir": lambda row, slug: row.number == "EAU-AV",
}  # fmt: skip


def test_what_is_listed_and_what_it_amounts_to(town: Town) -> None:
    """Against a sum over all bills: the list, each month's total however its pages are cut, and the total of all."""
    for query in FILTERS:
        agree(town, query)


def agree(town: Town, query: str) -> None:
    tagged = {row.id for row, _ in town.rows[::4]} if "etiquette" in query else {row.id for row, _ in town.rows}
    mine = [
        row for row, slug in town.rows
        if row.number != "BRUNO-1" and row.id in tagged and FILTERS[query](row, slug)
    ]  # fmt: skip
    pages = list(pages_of(town.alice, f"/?{query}"))
    assert len(pages) == max(-(-len(mine) // PAGE), 1)
    assert listed(pages) == [row.uid for row in mine]
    replaced, said = {"G-ERRONEE"}, headings(pages)
    for month, rows in groupby(mine, lambda row: row.issue_date.replace(day=1)):
        total = sum((worth(row, replaced) for row in rows), Decimal(0))
        assert said[f"m{month}"] == f"{euros(total)} {'pour ce filtre' if query else 'en tout'}", query
    if query:
        total = sum((worth(row, replaced) for row in mine), Decimal(0))
        assert euros(total) in answer(pages[0]), query


def test_unpaid_bills_are_those_that_nobody_paid_or_credited(town: Town) -> None:
    for query in ("", "&emetteur=lumiere", "&emetteur=gaz&annee=2026"):
        agree_unpaid(town, query)


def agree_unpaid(town: Town, query: str) -> None:
    with town.store.reading() as session:
        dues = amounts_due(session, [row for row, _ in town.rows], town.today)
    mine = [
        row for row, slug in town.rows
        if row.number != "BRUNO-1" and dues[row.id].is_asking and (not query or f"&emetteur={slug}" in query)
        and ("annee" not in query or row.issue_date.year == 2026)
    ]  # fmt: skip
    pages = list(pages_of(town.alice, f"/?impayees=1{query}"))
    assert listed(pages) == [row.uid for row in mine]
    assert mine
    assert "G-ANNULEE" not in {row.number for row in mine}
    left = sum((dues[row.id].left for row in mine), Decimal(0))
    assert euros(left) in answer(pages[0])
    said = headings(pages)
    for month, rows in groupby(mine, lambda row: row.issue_date.replace(day=1)):
        assert said[f"m{month}"] == f"{euros(sum((dues[row.id].left for row in rows), Decimal(0)))} à payer"


def test_the_answer_stands_above_and_every_part_has_a_way_back(town: Town) -> None:
    page = plain(town.alice.get("/?emetteur=lumiere&annee=2026&impayees=1").text)
    assert "Factures impayées chez Lumière de l’Ouest en 2026 Reste à payer" in page
    links = lxml.html.fromstring(town.alice.page.text).xpath("//ul[@class='chips']//a/@href")
    assert links == [
        "/?annee=2026&impayees=1", "/?emetteur=lumiere&impayees=1", "/?emetteur=lumiere&annee=2026",
    ]  # fmt: skip
    for link in (*links, "/"):
        assert town.alice.get(link).status_code == 200
    page = plain(town.alice.get("/?emetteur=gaz").text)
    assert "Total, avoirs déduits" in page
    assert "dont" in page


def test_older_pages_keep_the_filter_and_lead_back(town: Town) -> None:
    first, *others = pages_of(town.alice, "/?genre=facture&annee=2025")
    assert first.xpath("//a[@rel='prev']") == []
    [second] = others
    assert second.xpath("//a[@rel='prev']/@href") == ["/?annee=2025&genre=facture"]
    assert second.xpath("//input[@name='annee' or @name='genre']") == []
    assert second.xpath("//select[@name='annee']/option[@selected]/@value") == ["2025"]
    assert second.xpath("//select[@name='genre']/option[@selected]/@value") == ["facture"]


def test_the_form_offers_what_alice_has(town: Town) -> None:
    page = lxml.html.fromstring(town.alice.get("/").text)
    offered = {name: page.xpath(f"//select[@name='{name}']/option/@value") for name in ("emetteur", "annee", "genre")}
    assert offered == {
        "emetteur": ["", "banque", "eaux", "gaz", "lumiere", "mobile"], "annee": ["", "2026", "2025"],
        "genre": ["", "facture", "avoir", "rectificative", "echeances"],
    }  # fmt: skip
    assert page.xpath("//select[@name='etiquette']/option/text()") == ["toutes", "Impôts 2026"]
    contracts = page.xpath("//select[@name='contrat']/option/text()")
    assert len(contracts) == 7
    assert "Lumière de l’Ouest, numéro de client C-1002" in contracts
    assert "C-2002" not in town.alice.page.text


def test_what_is_not_hers_looks_like_what_is_not_there(town: Town) -> None:
    """Bruno's account and an issuer that she has nothing of answer as what nobody has."""
    with town.alice.client.application.test_request_context():
        hers, his, nobodys = (public_id(n, "account") for n in (town.account, town.bruno_account, 4711))
    assert "LO-SECOND" not in town.alice.get(f"/?contrat={hers}").text
    assert len(listed([lxml.html.fromstring(town.alice.page.text)])) == 1
    pages = [plain(town.alice.get(f"/?contrat={each}").text) for each in (his, nobodys)]
    assert pages[0] == pages[1]
    assert "Rien de tel" in pages[0]
    assert "un contrat inconnu ici" in pages[0]
    page = plain(town.alice.get("/?emetteur=zzz").text)
    assert "un émetteur inconnu ici" in page
    assert "Rien de tel" in page


HOSTILE = ("rubbish", "' OR 1=1 --", "9" * 30, "٣٠٢٦", "0000", "%F0%9F%A6%8A%ED%A0%80%07", "<script>", "a" * 5000)


def test_hostile_values_are_no_error(town: Town) -> None:
    for value in HOSTILE:
        names = ("emetteur", "contrat", "annee", "genre", "impayees", "etiquette", "cherche", "avant")
        for query in (*(f"{name}={value}" for name in names), "&".join(f"{name}={value}" for name in names)):
            page = town.alice.get(f"/?{query}")
            assert page.status_code == 200, query
            assert "<script>" not in page.text
    for year in ("0001", "9999"):
        assert "Rien de tel" in town.alice.get(f"/?annee={year}").text


def test_every_issuer_at_one_glance(town: Town) -> None:
    page = lxml.html.fromstring(town.alice.get("/").text)
    rows = page.xpath("//section[@aria-labelledby='emetteurs']//a")
    said = [" ".join(row.text_content().split()) for row in rows]
    assert rows[0].get("href") == "/?emetteur=lumiere"
    assert said[0] == "L Lumière de l’Ouest 1 nouvelle 213,02 € échéance passée"
    assert sorted(each.split(" ")[0] for each in said) == ["B", "E", "G", "L", "M"]
    assert "M Mobile+ 1 nouvelle" in said
    assert any(each == "M Mobile+ 1 nouvelle" for each in said)
    looked_at = next(row.uid for row, slug in town.rows if slug == "mobile")
    town.alice.get(f"/factures/{looked_at}")
    page = lxml.html.fromstring(town.alice.get("/").text)
    said = [" ".join(row.text_content().split()) for row in page.xpath("//section[@aria-labelledby='emetteurs']//a")]
    assert "M Mobile+" in said


def test_what_is_to_pay_is_the_same_whether_a_page_has_all_bills(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A first page that has all bills asks for none besides (docs/fast-paths.md)."""
    told = []
    for size in (len(town.rows), len(town.rows) - 1, 2):
        monkeypatch.setattr("portal.consumers.presenters.bill_list.bill_listing.PAGE", size)
        home = lxml.html.fromstring(town.alice.get("/").text)
        told.append([" ".join(each.text_content().split()) for each in home.find_class("hero") + home.xpath("//aside")])
    assert len({tuple(each) for each in told}) == 1, told
    assert "factures" in told[0][0]


def test_the_last_day_of_a_month() -> None:
    assert last_day(date(2024, 2, 3)) == date(2024, 2, 29)
    assert last_day(date(2026, 12, 31)) == date(2026, 12, 31)
    assert last_day(date(9999, 12, 1)) == date.max
