"""While something outside is down, pages say so in words: no page of an error, and programs are told when to ask."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from store import Store
from store.blobs.folder_blobs import FolderBlobs
from tests.portal.consumers.bills.test_bills import NewBrowser, one_bill
from tests.portal.sample_town import World, a_bill


@contextmanager
def gone(store: Store, request: pytest.FixtureRequest) -> Iterator[None]:
    """The database is there no more, and nobody is connected to it."""
    if not store.is_sqlite:
        with request.getfixturevalue("postgres").stopped():
            yield
        return
    store.engine.dispose()
    path = Path(make_url(str(store.engine.url)).database or "")
    files = [file for file in path.parent.glob(f"{path.name}*") if file.is_file()]
    for file in files:
        file.rename(file.with_name(f"away-{file.name}"))
    path.mkdir()
    yield
    store.engine.dispose()
    shutil.rmtree(path)
    for file in files:
        file.with_name(f"away-{file.name}").rename(file)


def test_the_database_is_gone(browser: NewBrowser, world: World, store: Store, request: pytest.FixtureRequest) -> None:
    alice, _ = one_bill(world, browser, a_bill("F-1", "C-1", world.today))
    assert alice.get("/").status_code == 200
    with gone(store, request):
        for path in ("/", "/connexion", "/factures/unknown", "/equipe/", "/sante", "/v1/feeds"):
            answer = alice.get(path)
            assert answer.status_code in {200, 302, 401, 503}, path
            assert "Traceback" not in answer.text
        page = alice.get("/")
        assert page.status_code == 503
        assert page.headers["Retry-After"]
        assert "Nous revenons dans un instant" in page.text
        assert alice.get("/sante").status_code == 503
    assert alice.get("/").status_code == 200


def test_the_blobs_are_gone(browser: NewBrowser, world: World, store: Store) -> None:
    blobs = store.blobs
    assert isinstance(blobs, FolderBlobs)
    phone, row = one_bill(world, browser, a_bill("F-1", "C-1", world.today))
    pdf = f"/factures/{row.uid}/pdf"
    assert phone.get(pdf).status_code == 200
    away = blobs.folder.rename(blobs.folder.with_name("away"))
    assert phone.get(pdf).status_code == 503
    assert phone.get("/").status_code == 200
    away.rename(blobs.folder)
    assert phone.get(pdf).status_code == 200
