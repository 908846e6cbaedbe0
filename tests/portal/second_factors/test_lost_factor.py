"""Every second factor is lost: the password, a link by mail and some days' wait that anybody concerned can cancel."""

from collections.abc import Callable

import pytest

from consumers.lose_second_factor import end_waits
from store import Store
from store.accounts.consumer import Consumer
from store.accounts.one_time_email_link import reset_link
from tests.conftest import Clock
from tests.portal.conftest import Browser, Mailbox
from tests.portal.sample_town import World
from tests.portal.second_factors.factor_holders import App, give_app, subjects

NewBrowser = Callable[[], Browser]
Post = Callable[[], Mailbox]


@pytest.fixture
def alice(world: World) -> Consumer:
    return world.consumer("Alice Martin")


@pytest.fixture
def her_app(store: Store, clock: Clock, alice: Consumer) -> App:
    return give_app(store, clock, alice)


def is_inside(browser: Browser) -> bool:
    return browser.client.get("/profil").status_code == 200


def begins_to_wait(browser: NewBrowser, alice: Consumer, post: Post) -> str:
    """Alice's password and her mails begin the wait; the link that did."""
    mine = browser()
    mine.sign_in(alice)
    mine.get("/connexion/perdu")
    mine.post("/connexion/perdu")
    link = post().link_to(alice.email)
    mine.get(link)
    assert "L’attente a commencé" in mine.post(link).text
    return link


def ends(store: Store, clock: Clock) -> int:
    with store.writing() as session:
        return end_waits(session, clock())


def test_after_three_days_the_password_is_enough(
    browser: NewBrowser, alice: Consumer, her_app: App, store: Store, clock: Clock, post: Post
) -> None:
    inside = browser()
    inside.sign_in(alice)
    inside.post("/connexion/code", code=her_app.code())
    link = begins_to_wait(browser, alice, post)
    assert "Vos clés d’accès et vos codes vont être retirés" in subjects(post())
    again = browser()
    again.get(link)
    assert "attente a commencé" not in again.post(link).text, "the link works once"
    clock.forward(days=2, minutes=1)
    assert "Demain, vos clés d’accès et vos codes sont retirés" in subjects(post())
    assert ends(store, clock) == 0
    assert is_inside(inside)
    clock.forward(days=1)
    assert ends(store, clock) == 1
    assert not is_inside(inside), "sessions end"
    assert "Vos seconds moyens de vous connecter sont retirés" in subjects(post())
    mine = browser()
    mine.sign_in(alice)
    assert is_inside(mine)


def test_who_is_signed_in_cancels_it(
    browser: NewBrowser, alice: Consumer, her_app: App, store: Store, clock: Clock, post: Post
) -> None:
    begins_to_wait(browser, alice, post)
    mine = browser()
    mine.sign_in(alice)
    mine.post("/connexion/code", code=her_app.code())
    assert (mine.page.request.path, "Annuler : ne rien" in mine.page.text.replace("\xa0", " ")) == ("/securite", True)
    assert "Rien ne sera retiré." in mine.post("/securite/perdu/annuler").text
    clock.forward(days=4)
    assert ends(store, clock) == 0


@pytest.mark.usefixtures("her_app")
def test_whoever_has_the_mail_cancels_it(
    browser: NewBrowser, alice: Consumer, store: Store, clock: Clock, post: Post
) -> None:
    begins_to_wait(browser, alice, post)
    link, mine = post().link_to(alice.email), browser()
    assert link.startswith("/second-facteur/garder/")
    mine.get(link)
    assert "Rien ne sera retiré." in mine.post(link).text
    assert mine.post(link).status_code != 200 or "Rien ne sera retiré." not in mine.page.text
    clock.forward(days=4)
    assert ends(store, clock) == 0


@pytest.mark.usefixtures("her_app")
def test_without_the_password_nothing_begins(browser: NewBrowser, alice: Consumer, store: Store, post: Post) -> None:
    """Who has the mails alone may choose a new password, and is still asked for the factor; a wait takes a new link."""
    stranger = browser()
    stranger.get("/connexion")
    stranger.post("/connexion/perdu")
    assert (stranger.page.request.path, len(post().mails)) == ("/connexion", 0)
    link = f"/mot-de-passe/{reset_link(store.keys, alice, alice.session_epoch)}"
    stranger.get(link)
    stranger.post(link, password="vingt grenouilles sous la pluie")
    assert stranger.page.request.path == "/connexion/code"
