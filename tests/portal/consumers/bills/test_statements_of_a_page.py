"""How often a page asks the database: so often for two bills as for sixty, for one issuer as for three."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import Engine, event

from store import Store
from store.accounts.consumer import Consumer
from tests.portal.conftest import Browser
from tests.portal.sample_town import World, a_bill

#: What is shown of anybody: who they are, their contracts and issuers, bills and what is due of them, notices, filters.
HOME, BILL, LANDING = 20, 40, 0


@contextmanager
def asked(engine: Engine) -> Iterator[list[str]]:
    """The statements that are executed meanwhile."""
    found: list[str] = []

    def note(*said: object) -> None:
        found.append(str(said[2]))

    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def reader(world: World, name: str, bills: int, issuers: int) -> Consumer:
    """Somebody with so many bills of each of so many issuers."""
    holds = {}
    for n in range(issuers):
        slug, account = f"{name[:3].lower()}{n}", f"C-{n}"
        holds[world.issuer(slug, slug.title())] = account
        issued = [world.today - timedelta(days=9 * k) for k in range(bills)]
        world.drop(list(holds)[-1], [a_bill(f"{slug}-{k}", account, day, buyer=name) for k, day in enumerate(issued)])
    return world.consumer(name, holds=holds)


def statements(browser: Browser, store: Store, path: str) -> list[str]:
    browser.get(path)  # the second look: a session begins once
    with asked(store.engine) as found:
        assert browser.get(path).status_code == 200
    return found


def test_a_page_asks_as_often_whatever_its_reader_has(
    browser: Callable[[], Browser], world: World, store: Store
) -> None:
    few, many = browser(), browser()
    few.sign_in(reader(world, "Alice Martin", 2, 1))
    many.sign_in(reader(world, "Bruno Petit", 20, 3))
    of_few, of_many = statements(few, store, "/"), statements(many, store, "/")
    assert len(of_many) <= HOME
    assert len(of_many) - len(of_few) <= 3, "what is owed, news and billed beyond the page is read"
    older = many.get("/").text.partition('rel="next"')[0].rpartition('href="')[2].split('"')[0].replace("&amp;", "&")
    assert len(statements(many, store, older)) <= HOME


def test_a_bill_asks_as_often_whatever_its_reader_has(
    browser: Callable[[], Browser], world: World, store: Store
) -> None:
    found = []
    for name, bills in (("Alice Martin", 14), ("Bruno Petit", 30)):
        somebody = browser()
        somebody.sign_in(reader(world, name, bills, 1))
        path = somebody.get("/").text.partition('href="/factures/')[2].split('"')[0]
        found.append(len(statements(somebody, store, f"/factures/{path}")))
    assert max(found) <= BILL
    assert found[0] == found[1]


def test_strangers_ask_nothing(browser: Callable[[], Browser], store: Store) -> None:
    assert len(statements(browser(), store, "/")) == LANDING
