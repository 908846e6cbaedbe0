"""Alice lets her phone receive notifications, sees which devices do, and removes one. Bob cannot touch hers."""

import base64
import os
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask

from delivery.notices.notice_preference import NoticePreference, preference_for
from portal.presenters.device_name import device_name
from store import Store
from store.accounts.consumer import Consumer
from store.accounts.one_time_email_link import reset_link
from store.accounts.push_subscription import MOST_DEVICES, PushSubscription, subscriptions_of
from tests.delivery.channels.push.sample_device import CURVE, point
from tests.portal.conftest import Browser
from tests.portal.consumers.bills.test_bills import plain
from tests.portal.sample_town import PASSWORD, World

HERE = "/courriels"
PHONE = "https://updates.push.services.mozilla.com/wpush/v2/gAAAAAB"
ALLOWED = "cet appareil reçoit vos notifications"
REFUSED = "Ce navigateur n’a pas pu s’inscrire aux notifications. Essayez avec un autre."


@pytest.fixture
def alice(world: World) -> Consumer:
    return world.consumer("Alice Martin")


@pytest.fixture
def mine(browser: Callable[[], Browser], alice: Consumer) -> Browser:
    signed_in = browser()
    signed_in.sign_in(alice)
    return signed_in


def spelled(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def given(browser: Browser, **other: str) -> dict[str, str]:
    """What the page's script fills in: the key as the page names it, the rest as a browser makes it."""
    key = browser.get(HERE).text.partition('data-key="')[2].partition('"')[0]
    public = point(ec.generate_private_key(CURVE).public_key())
    return {"endpoint": PHONE, "p256dh": spelled(public), "auth": spelled(os.urandom(16)), "key": key} | other


def devices(store: Store, consumer: Consumer) -> list[PushSubscription]:
    with store.reading() as session:
        return subscriptions_of(session, [consumer.id])[consumer.id]


def test_her_phone_is_added_and_removed(mine: Browser, store: Store, alice: Consumer) -> None:
    page = mine.post(f"{HERE}/appareils", **given(mine))
    assert ALLOWED in plain(page.text)
    assert "autorisé aujourd’hui" in plain(page.text)
    [phone] = devices(store, alice)
    assert phone.endpoint == PHONE
    assert PHONE not in page.text
    assert phone.endpoint_digest in page.text
    with store.reading() as session:
        chosen = preference_for(session, alice.id, None)
    assert chosen == NoticePreference(channels=("email", "push"))
    page = mine.post(f"{HERE}/appareils/{store.public_ids.of('push_subscription', phone.id)}/retirer")
    assert "cet appareil ne reçoit plus de notifications" in plain(page.text)
    assert devices(store, alice) == []


@pytest.mark.parametrize(
    "other",
    [
        {"endpoint": "http://push.example/x"}, {"endpoint": "https://127.0.0.1/x"}, {"endpoint": "https://localhost/x"},
        {"endpoint": "https://push.example:22/x"}, {"endpoint": "https://a:b@push.example/x"}, {"endpoint": ""},
        {"endpoint": f"https://push.example/{'x' * 1000}"}, {"p256dh": spelled(b"\x04" + b"n" * 64)}, {"p256dh": ""},
        {"auth": spelled(b"short")}, {"auth": "é"}, {"key": spelled(b"\x04" * 65)}, {"key": ""},
    ],
)  # fmt: skip
def test_what_is_no_subscription_is_refused(
    mine: Browser, store: Store, alice: Consumer, other: dict[str, str]
) -> None:
    assert REFUSED in plain(mine.post(f"{HERE}/appareils", **given(mine, **other)).text)
    assert devices(store, alice) == []


def test_who_wants_no_messages_at_all_is_not_overruled(mine: Browser, store: Store, alice: Consumer) -> None:
    mine.get(HERE)
    mine.post(HERE, digest="each")
    mine.post(f"{HERE}/appareils", **given(mine))
    with store.reading() as session:
        chosen = preference_for(session, alice.id, None)
    assert chosen is not None
    assert chosen.channels == ()


def test_a_compressed_point_is_refused(mine: Browser, store: Store, alice: Consumer) -> None:
    form = given(mine)
    form["p256dh"] = spelled(b"\x02" + base64.urlsafe_b64decode(form["p256dh"] + "=")[1:33])
    assert REFUSED in plain(mine.post(f"{HERE}/appareils", **form).text)
    assert devices(store, alice) == []


def test_an_eleventh_is_refused(mine: Browser, store: Store, alice: Consumer) -> None:
    for n in range(MOST_DEVICES):
        mine.post(f"{HERE}/appareils", **given(mine, endpoint=f"{PHONE}{n}"))
    page = plain(mine.post(f"{HERE}/appareils", **given(mine, endpoint=f"{PHONE}more")).text)
    assert "10 appareils reçoivent déjà vos notifications" in page
    assert len(devices(store, alice)) == MOST_DEVICES


def test_another_persons_device_is_not_there(
    mine: Browser, browser: Callable[[], Browser], world: World, store: Store, alice: Consumer
) -> None:
    mine.post(f"{HERE}/appareils", **given(mine))
    [phone] = devices(store, alice)
    bobs = browser()
    bobs.sign_in(world.consumer("Bob Durand"))
    assert phone.endpoint_digest not in bobs.get(HERE).text
    removing = f"{HERE}/appareils/{store.public_ids.of('push_subscription', phone.id)}/retirer"
    assert bobs.post(removing).status_code == 404, "not his looks like not there"
    assert devices(store, alice) != []
    assert [mine.post(removing).status_code for _ in range(2)] == [200, 200], "twice is as once"


def test_the_page_runs_our_script_alone_and_works_without_it(mine: Browser) -> None:
    answer = mine.get(HERE)
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "connect-src 'self';" in policy
    assert answer.text.count("<script") == 1
    assert 'form hidden data-push="offer"' in answer.text
    assert "script-src" not in mine.get("/profil").headers["Content-Security-Policy"]


def test_the_service_worker_has_the_whole_portal_and_fetches_nothing(app: Flask) -> None:
    answer = app.test_client().get("/sw.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Service-Worker-Allowed"] == "/"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "fetch" not in answer.text.replace("It fetches", "")


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0", "Firefox, Android"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36", "Chrome, Linux"),
        ("curl/8", ""),
    ],
)
def test_what_a_device_is_called(header: str, name: str) -> None:
    assert device_name(header) == name


def test_a_new_password_ends_the_devices_of_a_thief(
    mine: Browser, browser: Callable[[], Browser], store: Store, alice: Consumer
) -> None:
    mine.post(f"{HERE}/appareils", **given(mine))
    mine.post("/profil/mot-de-passe", old=PASSWORD, password="une nouvelle phrase à elle")
    assert devices(store, alice) == []
    mine.post(f"{HERE}/appareils", **given(mine))
    assert len(devices(store, alice)) == 1
    link = f"/mot-de-passe/{reset_link(store.keys, alice, epoch_of(store, alice))}"
    other = browser()
    other.get("/connexion")
    other.post(link, password="encore une autre phrase")
    assert devices(store, alice) == [], "who forgot it is not known by an old device"


def epoch_of(store: Store, consumer: Consumer) -> int:
    with store.reading() as session:
        return session.get_one(Consumer, consumer.id).session_epoch
