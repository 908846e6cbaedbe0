"""A mail provider tells what became of an e-mail: signed, fresh, of an e-mail of ours, and once."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from config import Config
from delivery import SmtpClient
from delivery.channels.email.mail_origin import MailOrigin
from delivery.channels.email.return_path import return_path
from delivery.channels.email.smtp.dev_inbox import open_inbox
from portal.app import make_app
from store import Store
from tests.conftest import Clock
from tests.delivery.feedback.bounces.sample_bounces import dsn
from tests.delivery.feedback.bounces.told_by_email import KEYS, WEDNESDAY, Told
from tests.delivery.sample_bills import World
from webhooks.signature import signed_headers

pytestmark = pytest.mark.beside_any_database

SECRET = b"what we share with the mail provider"
JSON, MESSAGE = "application/json", "message/rfc822"


class Hook:
    """The provider's end of the hook, and Alice's bill that was announced by e-mail."""

    def __init__(self, told: Told, config: Config, clock: Clock) -> None:
        self.told, self.clock = told, clock
        self.client = make_app(told.world.store, config, clock).test_client()
        self.path = return_path(KEYS, MailOrigin("delivery", told.notice), "bounces@example.org")

    def event(self, kind: str = "failed", **terms: str) -> bytes:
        return json.dumps({"type": kind, "return_path": self.path} | terms).encode()

    def send(self, body: bytes, media_type: str = JSON, secret: bytes = SECRET, late: int = 0) -> tuple[int, str]:
        headers = signed_headers("msg_1", self.clock() - timedelta(seconds=late), body, [secret])
        answer = self.client.post("/v1/hooks/mail", data=body, headers=headers | {"Content-Type": media_type})
        return answer.status_code, (answer.json or {}).get("outcome", "")


@pytest.fixture
def hook(store: Store, config: Config, clock: Clock, tmp_path: Path) -> Hook:
    with open_inbox(tmp_path / "inbox") as url:
        told = Told(World(store, tmp_path / "outbox"), SmtpClient(url, "Facteur <facteur@facteur.example>"))
    clock.now = WEDNESDAY
    return Hook(told, replace(config, mail_hook_secret=SECRET), clock)


def test_an_event_is_judged_as_a_bounce_is(hook: Hook) -> None:
    full = hook.event(status="5.2.2", answer="552 5.2.2 Mailbox full")
    assert hook.send(full) == (200, "recorded")
    assert (list(hook.told.receipts), hook.told.letter) == (["undelivered"], "waiting")
    assert hook.send(full) == (200, "known")
    assert hook.send(hook.event(status="5.1.1", message_id=hook.told.message_id)) == (200, "recorded")
    assert (hook.told.letter, hook.told.mail_failure) == ("ready", "550 5.1.1")


@pytest.mark.parametrize(
    ("kind", "receipt"), [("delayed", "delayed"), ("delivered", "delivered"), ("complained", "complained")]
)
def test_the_other_events(hook: Hook, kind: str, receipt: str) -> None:
    assert hook.send(hook.event(kind)) == (200, "recorded")
    assert list(hook.told.receipts) == [receipt]


def test_a_message_is_handed_on_as_it_came_back(hook: Hook) -> None:
    raw = f"To: {hook.path}\n".encode() + dsn("5.1.1", "smtp; 550 5.1.1 User unknown", returned="")
    assert hook.send(raw, MESSAGE) == (200, "recorded")
    assert hook.told.letter == "ready"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"secret": b"another secret that nobody shares"}, 403), ({"late": 301}, 403), ({"late": -301}, 403),
        ({"media_type": "text/plain"}, 415),
    ],
)  # fmt: skip
def test_who_has_not_the_secret_is_not_heard(hook: Hook, change: dict[str, int], status: int) -> None:
    assert hook.send(hook.event(status="5.1.1"), **change)[0] == status  # type: ignore[arg-type]
    assert hook.told.receipts == {}


@pytest.mark.parametrize(
    "forge",
    [
        lambda hook: hook.event(status="5.1.1", return_path="bounces@example.org"),
        lambda hook: hook.event(status="5.1.1", return_path=hook.path.replace("+", "+1")),
        lambda hook: hook.event(status="5.1.1", message_id="<other@example.org>"),
    ],
)
def test_what_the_secret_signs_of_no_mail_of_ours_changes_nothing(hook: Hook, forge: Callable[[Hook], bytes]) -> None:
    status, outcome = hook.send(forge(hook))
    assert (status, outcome in {"unsigned", "foreign"}) == (200, True)
    assert hook.told.receipts == {}


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'{"type": "failed"}', b'{"type": "?", "return_path": ""}', b"\xff", b'{"x": ' + b"[" * 99_999],
    ids=lambda body: body[:20],
)
def test_what_cannot_be_read_is_refused(hook: Hook, body: bytes) -> None:
    assert hook.send(body)[0] == 422


def test_too_much_is_refused(hook: Hook) -> None:
    assert hook.send(b"x" * 2_000_001, MESSAGE)[0] == 413


def test_without_a_secret_nobody_is_heard(hook: Hook, config: Config) -> None:
    hook.client = make_app(hook.told.world.store, config, hook.clock).test_client()
    assert hook.send(hook.event(), secret=b"")[0] == 403
