"""Sessions are listed, each a device, and ended: one, all others, and those that were not their owner's."""

import re
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from consumers.leaving.leaving_steps import STEPS
from store import Store
from store.sign_in.sign_in_session import SessionOwner, SignInSession, begin_session, sessions_of
from tests.conftest import Clock
from tests.portal.conftest import Browser, Mailbox
from tests.portal.consumers.bills.test_statements_of_a_page import asked
from tests.portal.sample_town import PASSWORD, World

NewBrowser = Callable[[], Browser]
Post = Callable[[], Mailbox]
FIREFOX = "Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Safari/604.1"


def with_agent(browser: Browser, agent: str) -> Browser:
    browser.client.environ_base["HTTP_USER_AGENT"] = agent
    return browser


def rows(store: Store) -> list[SignInSession]:
    with store.reading() as session:
        return list(session.scalars(select(SignInSession).order_by(SignInSession.id)))


def is_inside(browser: Browser) -> bool:
    return browser.client.get("/profil").status_code == 200


def test_alice_sees_her_devices_and_signs_one_out(
    browser: NewBrowser, world: World, clock: Clock, store: Store
) -> None:
    alice, bruno = world.consumer("Alice Martin"), world.consumer("Bruno Petit")
    phone, laptop, his = with_agent(browser(), FIREFOX), with_agent(browser(), SAFARI), browser()
    phone.sign_in(alice)
    his.sign_in(bruno)
    clock.forward(days=3)
    laptop.sign_in(alice)
    page = laptop.get("/profil/appareils").text
    assert page.index("Safari, iPhone") < page.index("Firefox, Android"), "this one first"
    assert page.count('class="holder') == 2
    assert page.count(">Déconnecter<") == 1
    other = re.search(r'action="(/profil/appareils/[a-z2-7]{26}/deconnecter)"', page)
    assert other is not None
    assert "cet appareil est déconnecté" in laptop.post(other[1]).text
    assert (is_inside(laptop), is_inside(phone), is_inside(his)) == (True, False, True)
    assert laptop.post(other[1]).status_code == 404


def test_all_others_are_signed_out_at_once(browser: NewBrowser, world: World) -> None:
    alice = world.consumer("Alice Martin")
    phone, tablet, laptop = browser(), browser(), browser()
    for each in (phone, tablet, laptop):
        each.sign_in(alice)
    laptop.get("/profil/appareils")
    assert "vos autres appareils sont déconnectés" in laptop.post("/profil/appareils/deconnecter").text
    assert [is_inside(each) for each in (phone, tablet, laptop)] == [False, False, True]


def test_nobody_ends_anothers_session(browser: NewBrowser, world: World, store: Store) -> None:
    """Not hers looks like not there."""
    alice, bruno = browser(), browser()
    alice.sign_in(world.consumer("Alice Martin"))
    bruno.sign_in(world.consumer("Bruno Petit"))
    answers = []
    for row in (rows(store)[0].id, 4711):
        bruno.get("/profil/appareils")
        answers.append(bruno.post(f"/profil/appareils/{store.public_ids.of('sign_in_session', row)}/deconnecter"))
    assert [each.status_code for each in answers] == [404, 404]
    assert answers[0].text == answers[1].text
    assert is_inside(alice)


def test_a_session_is_seen_once_a_day_and_no_page_waits_for_it(
    browser: NewBrowser, world: World, clock: Clock, store: Store
) -> None:
    phone = browser()
    phone.sign_in(world.consumer("Alice Martin"))
    assert rows(store)[0].last_seen_on == world.today
    clock.forward(days=1)
    with asked(store.engine) as found:
        answer = phone.client.get("/")
    assert not [each for each in found if each.startswith(("UPDATE", "INSERT"))], "the page reads"
    answer.close()  # it has left
    assert rows(store)[0].last_seen_on == world.today + timedelta(days=1)
    with asked(store.engine) as found:
        phone.client.get("/profil").close()
    assert not [each for each in found if each.startswith("UPDATE")]


def test_a_session_ends_with_sign_out_and_leaves_no_row(browser: NewBrowser, world: World, store: Store) -> None:
    phone = browser()
    phone.sign_in(world.consumer("Alice Martin"))
    phone.get("/")
    phone.post("/deconnexion")
    assert rows(store) == []


def test_signing_in_again_in_the_same_browser_takes_the_sessions_place(
    browser: NewBrowser, world: World, store: Store
) -> None:
    alice, phone = world.consumer("Alice Martin"), browser()
    phone.sign_in(alice)
    phone.post("/connexion", email=alice.email, password=PASSWORD)
    phone.get("/profil")
    phone.post("/profil/mot-de-passe", old=PASSWORD, password="une tout autre phrase")
    assert len(rows(store)) == 1
    assert is_inside(phone)


def test_a_closed_space_has_no_session(browser: NewBrowser, world: World, store: Store) -> None:
    alice, phone = world.consumer("Alice Martin"), browser()
    phone.sign_in(alice)
    with store.writing() as session:
        next(each for each in STEPS if each.name == "sessions").close(session, alice.id, world.now)
    assert not is_inside(phone)


def test_expired_sessions_are_not_listed_and_go(world: World, store: Store) -> None:
    owner = SessionOwner(world.consumer("Alice Martin").id)
    with store.writing() as session:
        begin_session(session, owner, "old", "", world.now, world.today - timedelta(days=32))
        begin_session(session, owner, "new", "", world.now, world.today)
        assert [each.cookie_id for each in sessions_of(session, owner, world.today)] == ["new"]
    assert [each.cookie_id for each in rows(store)] == ["new"]


def test_a_new_device_is_told_by_mail_and_ended_by_its_link(
    browser: NewBrowser, world: World, post: Post, store: Store
) -> None:
    alice = world.consumer("Alice Martin")
    phone = with_agent(browser(), FIREFOX)
    phone.sign_in(alice)
    assert post().mails == [], "the first sign-in is told to nobody"
    phone.get("/")
    phone.post("/deconnexion")
    phone.sign_in(alice)
    assert post().mails == [], "a device that is known is told to nobody"
    thief = with_agent(browser(), SAFARI)
    thief.sign_in(alice)
    ((to, mail),) = post().mails
    text = mail.get_payload()[0].get_payload(decode=True).decode()
    assert to == alice.email
    assert "3 mars 2026 à 10:00" in text.replace("\xa0", " ")
    assert "Safari, iPhone" in text
    link = post().link_to(alice.email)
    scanner = browser()
    scanner.get(link)
    assert is_inside(thief), "looking changes nothing"
    mailbox = browser()
    mailbox.get(link)
    page = mailbox.post(link)
    assert page.request.path.startswith("/mot-de-passe/")
    assert not is_inside(thief)
    assert is_inside(phone), "others go on until the password is changed"
    assert mailbox.post(page.request.path, password="une tout autre phrase").request.path == "/"
    assert not is_inside(phone)
    assert browser().get(link).status_code == 410
    assert [device.device for device in rows(store)] == [""]


def test_a_link_that_ends_a_session_is_no_other_link(browser: NewBrowser, world: World, post: Post) -> None:
    alice = world.consumer("Alice Martin")
    for _ in range(2):
        browser().sign_in(alice)
    token = post().link_to(alice.email).rpartition("/")[2]
    assert browser().get(f"/mot-de-passe/{token}").status_code == 404
    assert browser().get(f"/inscription/confirmer/{token}").status_code == 404
    assert browser().get(f"/equipe/appareil-inconnu/{token}").status_code == 410
    assert browser().get("/appareil-inconnu/").status_code == 404


def test_who_cannot_be_mailed_is_not(browser: NewBrowser, world: World, post: Post, store: Store) -> None:
    alice = world.consumer("Alice Martin")
    with store.writing() as session:
        session.merge(alice).mail_failed_at = world.now
    for _ in range(2):
        browser().sign_in(alice)
    assert post().mails == []
