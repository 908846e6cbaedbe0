"""Claire makes her issuer's profile from a sample: columns are proposed, she maps them, tries them, and saves. The
sample goes, and nobody else sees it."""

import re
import tomllib
from collections.abc import Callable, Iterator
from importlib import import_module
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from config import Config
from delivery.channels.email.smtp.dev_inbox import open_inbox
from delivery.channels.email.smtp.smtp_client import SmtpClient
from doors.feed_drop import drop_feed
from issuers.profile import read_profile
from issuers.registry import add_issuer, issuer_named
from issuers.save_profile import save_profile
from pipeline.feed_pipeline import Pipeline
from portal.access.password_hash import hash_password
from portal.app import make_app
from store import Store
from store.bills.bill import BillRow
from store.feeds.feed import Feed
from store.issuer_profiles.profile_sample import ProfileSample
from store.staff_member import Staff
from tests.conftest import Clock
from tests.portal.conftest import Browser
from tests.sample_layouts import FIXED, JSON, TABLE, XML

PASSWORD = "une phrase que je retiens"
PAGE = "/equipe/profil"
PROFILE = '# Eaux du Lac\ntrade = "water"   # l’eau\n'


@pytest.fixture
def pipeline(store: Store, config: Config, clock: Clock) -> Iterator[Pipeline]:
    """Claire works for Eaux, Éva for Lumière."""
    with store.writing() as session:
        for slug, name, person in (("eaux", "Eaux du Lac", "claire"), ("lumiere", "Lumière", "eva")):
            issuer = add_issuer(session, slug, name, clock(), PROFILE)
            kept = hash_password(PASSWORD)
            session.add(Staff(email=f"{person}@facteur.example", password_hash=kept, added_at=clock(),
                              issuer_id=issuer.id))  # fmt: skip
    with open_inbox(config.inbox) as url:
        post = SmtpClient(url, config.sender)
        yield Pipeline(store, config, post)
        post.hang_up()


@pytest.fixture
def browser(
    pipeline: Pipeline, config: Config, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], Browser]:
    monkeypatch.setattr(import_module("portal.issuers.profile_studio.studio_sample"), "PATIENCE", 0)
    app: Flask = make_app(pipeline.store, config, clock)

    def signed_in(name: str) -> Browser:
        mine = Browser(app.test_client())
        mine.get("/equipe/connexion")
        assert mine.post("/equipe/connexion", email=f"{name}@facteur.example", password=PASSWORD).status_code == 200
        return mine

    return signed_in


def hand_in(mine: Browser, pipeline: Pipeline, clock: Clock, content: bytes) -> tuple[str, dict[str, str]]:
    """Hands a sample in; returns its page's address, and the form's fields as they are proposed."""
    mine.get(PAGE)
    answer = mine.post(PAGE, sample=(BytesIO(content), "factures de mars.csv"))
    assert "Votre exemple est lu" in answer.text
    pipeline.drain(clock())
    address = answer.request.path
    return address, fields_of(mine.get(address).text)


def fields_of(page: str) -> dict[str, str]:
    """The values of a page's form about the sample."""
    found = dict(re.findall(r'<input id="(\w+)"[^>]*? value="([^"]*)"', page))
    for name, options in re.findall(r'<select id="(\w+)".*?>(.*?)</select>', page, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[0] if chosen else ""
    return {name: value for name, value in found.items() if name != "bill-number"}


def try_out(mine: Browser, pipeline: Pipeline, clock: Clock, address: str, fields: dict[str, str]) -> str:
    """The page of a trial."""
    answer = mine.post(address, **fields)
    assert "C’est l’affaire de quelques secondes" in answer.text, answer.text
    pipeline.drain(clock())
    return mine.get(f"{address}/essai").text


def test_from_a_sample_to_a_profile_that_reads_the_feed(
    browser: Callable[[str], Browser], pipeline: Pipeline, clock: Clock
) -> None:
    claire, store = browser("claire"), pipeline.store
    address, fields = hand_in(claire, pipeline, clock, TABLE)
    assert (fields["term_0"], fields["lines_per_bill"], fields["once_currency"]) == ("number", "many", "EUR")
    page = try_out(claire, pipeline, clock, address, fields)
    for words in (
        "2 factures lues",
        "F-1",
        "Alice Martin",
        "1\u202f164,93",
        "delimited.columns.number",
        "La facture F-1",
        "<strong>Il manque le nom du vendeur</strong>",
    ):
        assert words in page
    picture = claire.client.get(f"{address}/essai-0.png")
    assert (picture.status_code, picture.mimetype, picture.headers["Cache-Control"]) == (200, "image/png", "no-store")
    assert claire.client.get(f"{address}/essai.pdf").data.startswith(b"%PDF-")
    with store.reading() as session:
        assert issuer_named(session, "eaux").profile == PROFILE, "a trial changes nothing"
        assert session.scalars(select(BillRow)).all() == []
        sample = session.scalars(select(ProfileSample)).one()
    assert TABLE not in store.blobs.read(sample.blob_sha256)
    saved = claire.post(f"{address}/enregistrer", why="notre nouveau logiciel").text
    assert "La version 2 est enregistrée" in saved
    assert "notre nouveau logiciel" in saved
    with store.reading() as session:
        eaux = issuer_named(session, "eaux")
        assert eaux.profile.startswith(PROFILE)
        assert read_profile(eaux.profile).delimited is not None
        sample = session.scalars(select(ProfileSample)).one()
        assert (sample.deleted_at, sample.key, sample.blob_sha256) == (clock(), b"", "")
        drop_feed(store, eaux, BytesIO(TABLE), "mars.csv", "api", clock())
    assert claire.client.get(address).status_code == 404
    pipeline.drain(clock())
    with store.reading() as session:
        feed = session.scalars(select(Feed)).one()
        assert (feed.state, feed.profile_version) in {("released", 2), ("settled", 2)}
        assert sorted(session.scalars(select(BillRow.number))) == ["F-1", "F-2"]
    version = claire.get(f"{PAGE}/versions/2").text
    assert "delimited.columns" in version
    file = claire.client.get(f"{PAGE}/versions/2.toml")
    assert tomllib.loads(file.text)["delimited"]["constants"] == {"currency": "EUR"}
    claire.get(f"{PAGE}/versions/1")
    assert (
        "la version 3 reprend la version 1" in claire.post(f"{PAGE}/versions/1/reprendre", base="2", why="essai").text
    )
    claire.get(f"{PAGE}/versions/2")
    late = claire.post(f"{PAGE}/versions/2/reprendre", base="2", why="trop tard").text
    assert "la version 3 de ce profil a été enregistrée entre-temps" in late


@pytest.mark.parametrize(
    ("content", "changes", "table"),
    [
        pytest.param(JSON, {}, "json", id="JSON"),
        pytest.param(XML, {}, "xml", id="XML"),
        pytest.param(FIXED, {"term_4": "buyer.name", "place_4": "18, 16"}, "records", id="fixed width"),
    ],
)
def test_other_syntaxes_are_mapped_as_well(
    browser: Callable[[str], Browser], pipeline: Pipeline, clock: Clock, content: bytes, changes: dict[str, str],
    table: str,
) -> None:  # fmt: skip
    claire = browser("claire")
    address, fields = hand_in(claire, pipeline, clock, content)
    page = try_out(claire, pipeline, clock, address, fields | changes)
    assert re.search(r"\d factures? lues?", page), page
    assert "refusée" not in page
    assert f"{table}." in page


def test_what_is_the_same_in_all_bills_is_said_once(
    browser: Callable[[str], Browser], pipeline: Pipeline, clock: Clock
) -> None:
    """Who issues the bills is in no column. What the profile had already is shown, and goes where it is emptied."""
    claire, store = browser("claire"), pipeline.store
    with store.writing() as session:
        eaux = issuer_named(session, "eaux")
        kept = '[delimited.columns]\nnumber = 1\nissue_date = 2\npayable = 3\n[delimited.constants]\nterms = "30 jours"'
        save_profile(session, eaux, f'{PROFILE}{kept}\ncurrency = "CHF"\n', "a", "b", clock(), base=1)
    address, fields = hand_in(claire, pipeline, clock, TABLE)
    assert (fields["once_terms"], fields["once_currency"], fields["once_seller_name"]) == ("30 jours", "CHF", "")
    said = {"once_seller_name": "Eaux du Lac SA", "once_seller_country": "FR", "once_currency": "eur", "once_terms": ""}
    page = try_out(claire, pipeline, clock, address, fields | said)
    assert "Il manque le nom du vendeur" not in page
    claire.post(f"{address}/enregistrer", why="")
    with store.reading() as session:
        delimited = read_profile(issuer_named(session, "eaux").profile).delimited
    assert delimited is not None
    assert delimited.constants == {"currency": "EUR", "seller.name": "Eaux du Lac SA", "seller.country": "FR"}


def test_what_cannot_be_is_told_and_asks_for_nothing(
    browser: Callable[[str], Browser], pipeline: Pipeline, clock: Clock
) -> None:
    claire = browser("claire")
    claire.get(PAGE)
    assert "n’est pas vide" in claire.post(PAGE, sample=(BytesIO(b""), "rien.csv")).text
    assert claire.post(PAGE, sample=(BytesIO(bytes(4_500_000)), "a.csv")).status_code == 413
    assert claire.post(PAGE, sample=(BytesIO(bytes(6_000_000)), "a.csv")).status_code == 413
    address, fields = hand_in(claire, pipeline, clock, TABLE)
    for changes, words in (
        ({"term_0": ""}, r"Numéro de facture\s: "),
        ({"term_1": "number"}, r"Numéro de facture\s: "),
        ({"encoding": "klingon"}, r"Encodage\s: "),
    ):
        answer = claire.post(address, **(fields | changes))
        assert answer.status_code == 422
        assert re.search(words, answer.text)
        assert "delimited." not in answer.text
    assert claire.client.get(f"{address}/essai").status_code == 303, "nothing was tried"
    broken, _ = hand_in(claire, pipeline, clock, b"<a><b>")
    assert "Ce fichier ne peut pas être lu" in claire.get(broken).text
    assert claire.post(broken).status_code == 404
    assert claire.client.get(address).status_code == 404, "a new sample replaces the one before"


def test_a_sample_is_its_issuers_and_goes_after_a_day(
    browser: Callable[[str], Browser], pipeline: Pipeline, clock: Clock
) -> None:
    claire, eva, store = browser("claire"), browser("eva"), pipeline.store
    address, fields = hand_in(claire, pipeline, clock, TABLE)
    try_out(claire, pipeline, clock, address, fields)
    for path in ("", "/essai", "/essai.pdf", "/essai-0.png"):
        assert eva.client.get(address + path).status_code == 404
    for path in ("", "/enregistrer", "/effacer"):
        eva.get(PAGE)
        assert eva.post(address + path).status_code == 404
    with store.reading() as session:
        before = session.scalars(select(ProfileSample)).one()
    pipeline.periodic.run_now("sweep", clock.forward(hours=23), lambda: False)
    assert claire.get(address).status_code == 200
    pipeline.periodic.run_now("sweep", clock.forward(hours=2), lambda: False)
    assert claire.client.get(address).status_code == 404
    assert not store.blobs.exists(before.blob_sha256)
