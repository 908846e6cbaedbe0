"""History survives the contract and the issuer: what was Alice's is still listed, found and read."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from msgspec.structs import replace

from bill import PostalAddress
from delivery.decide_account_question import decide_account
from doors.feed_drop import DropRefused, drop_feed
from feeds.accounts.account_question_resolution import QuestionDecision
from issuers.closing import close_issuer, reopen_issuer
from issuers.registry import IssuerError
from store import Store
from store.accounts.account_question import waiting_questions
from store.accounts.customer_account import CustomerAccount
from store.db.event import events_of
from store.feeds.feed import receive_feed
from store.issuer import Issuer
from store.issuer_keys.issuer_key import key_in_use, new_key
from tests.conftest import Clock
from tests.lived_beginnings import lived_once
from tests.portal.conftest import Browser
from tests.portal.consumers.bills.test_bills import plain
from tests.portal.sample_town import PREFIX, World, a_bill, furnish


class Reader:
    """Alice, who reads the bills of her contract with Lumière, C-1001."""

    def __init__(self, world: World, browser: Browser, store: Store) -> None:
        self.world, self.store, self.mine = world, store, browser
        self.lumiere = furnish(world)["lumiere"]
        self.account = world.account_id(self.lumiere, "C-1001")
        self.mine.sign_in(world.consumer("Alice Martin", holds={self.lumiere: "C-1001"}))

    def sees_her_bills(self) -> bool:
        """Whether the list, the search, a bill's page and its PDF work as ever."""
        home = self.mine.get("/")
        pages = re.findall(r'class="row[^"]*" href="(/factures/[\w-]+)"', home.text)
        found = plain(self.mine.get("/?q=LO-12").text)
        bill = self.mine.get(pages[0])
        pdf = self.mine.get(f"{pages[0]}/pdf")
        return (
            len(pages) == 13
            and "103,30 €" in found
            and bill.status_code == pdf.status_code == 200
            and pdf.data.startswith(PREFIX)
        )


@lived_once
def reader(world: World, browser: Callable[[], Browser], store: Store) -> Reader:
    return Reader(world, browser(), store)


def test_of_a_contract_that_has_ended(reader: Reader, app: Flask, clock: Clock) -> None:
    with reader.store.writing() as session:
        key = new_key(session, session.get_one(Issuer, reader.lumiere), clock())
    answer = app.test_client().put(
        "/v2/accounts/C-1001", json={"closed_on": "2026-02-01"}, headers={"Authorization": f"Bearer {key}"}
    )
    assert answer.get_json()["outcome"] == "changed"
    assert reader.sees_her_bills()
    assert "C-1001" in reader.mine.get("/contrats").text


def test_of_a_number_that_has_passed_on(reader: Reader, clock: Clock) -> None:
    """Bruno has the number now: Alice keeps what was hers, and sees nothing of his."""
    issued = reader.world.today - timedelta(days=1)
    his = a_bill("LO-BRUNO", "C-1001", issued, buyer="Bruno Leroy")
    lyon = PostalAddress(line1="17 quai de la Fosse", postcode="69002", city="Lyon", country="FR")
    reader.world.drop(reader.lumiere, [replace(his, buyer=replace(his.buyer, address=lyon))])
    with reader.store.writing() as session:
        [question] = waiting_questions(session)
        decision = QuestionDecision("new_holder", "lea@lumiere.example", "vu avec lui", clock())
        assert decide_account(session, question.id, decision) == "done"
        assert session.get_one(CustomerAccount, reader.account).standing == "former"
    assert reader.sees_her_bills()
    assert "LO-BRUNO" not in reader.mine.get("/?q=LO-BRUNO").text.replace("/?q=LO-BRUNO", "").replace(
        'value="LO-BRUNO"', ""
    )


def test_of_an_issuer_who_has_left(reader: Reader, clock: Clock) -> None:
    with reader.store.writing() as session:
        key = new_key(session, session.get_one(Issuer, reader.lumiere), clock())
    with reader.store.writing() as session:
        assert close_issuer(session, reader.lumiere, "Oscar", "contrat échu", clock())
        assert not close_issuer(session, reader.lumiere, "Oscar", "encore", clock())
    assert reader.sees_her_bills()
    page = plain(reader.mine.get("/contrats").text)
    assert "Lumière de l’Ouest a quitté Facteur aujourd’hui : ses factures restent ici" in page
    assert "Recevoir sans papier" not in page
    assert "Son adresse ne se change pas ici" in plain(reader.mine.get("/contrats/demenagement").text)
    with reader.store.reading() as session:
        assert key_in_use(session, key, clock()) is None
        assert [each.what for each in events_of(session, "issuer", reader.lumiere)] == ["closed"]
        issuer = session.get_one(Issuer, reader.lumiere)
    with pytest.raises(DropRefused) as refused:
        drop_feed(reader.store, issuer, BytesIO(b"<Invoice/>"), "mars.xml", "sftp", clock())
    assert refused.value.finding.rule == "ISSUER-CLOSED"
    with reader.store.writing() as session:
        assert reopen_issuer(session, reader.lumiere, "Oscar", "de retour", clock())
    assert drop_feed(reader.store, issuer, BytesIO(b"<Invoice/>"), "mars.xml", "sftp", clock()).is_new


def test_an_issuer_does_not_leave_under_a_feed(reader: Reader, clock: Clock) -> None:
    """A feed that is held would still bring bills: somebody decides about it first."""
    with reader.store.writing() as session:
        receive_feed(session, reader.lumiere, "f" * 64, 10, "avril.xml", "api", clock())
    with pytest.raises(IssuerError), reader.store.writing() as session:
        close_issuer(session, reader.lumiere, "Oscar", "contrat échu", clock())
