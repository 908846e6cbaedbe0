"""Whoever asks, the same is done: statements, hashes and commits tell nobody whether an address has a space."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import event

from portal.access import password_hash
from store import Store
from store.accounts.consumer import Consumer
from store.staff_member import Staff
from tests.conftest import Clock
from tests.portal.conftest import Mailbox
from tests.portal.sample_town import KEPT, PASSWORD, World

WRONG = "pas le bon du tout"
OLD = password_hash.BEFORE[0].hash(PASSWORD)
#: Whose addresses are typed. Nobody has the last.
CONSUMERS = ("alice@exemple.fr", "old@exemple.fr", "bounced@exemple.fr", "unconfirmed@exemple.fr", "nobody@exemple.fr")
STAFF = ("oscar@exemple.fr", "old@exemple.fr", "invited@exemple.fr", "removed@exemple.fr", "nobody@exemple.fr")


class Work(NamedTuple):
    """What a request did."""

    statements: list[str]
    hashes: list[str]
    commits: int
    jobs: int


@pytest.fixture
def people(world: World, store: Store, clock: Clock) -> None:
    """Somebody of each kind on both sides."""
    with store.writing() as session:
        for email in CONSUMERS[:-1]:
            session.add(
                Consumer(
                    email=email, name="Alice", password_hash=OLD if email.startswith("old") else KEPT,
                    signed_up_at=clock(), confirmed_at=None if email.startswith("unconfirmed") else clock(),
                    mail_failed_at=clock() if email.startswith("bounced") else None,
                )
            )  # fmt: skip
        for email in STAFF[:-1]:
            kept = {"old": OLD, "invited": None, "removed": None}.get(email.partition("@")[0], KEPT)
            closed = clock() if email.startswith("removed") else None
            session.add(Staff(email=email, password_hash=kept, added_at=clock(), closed_at=closed))


@contextmanager
def worked(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Work]]:
    """What is done meanwhile."""
    statements: list[str] = []
    hashes: list[str] = []
    commits: list[object] = []
    signals: list[object] = []
    for name in ("verify", "hash"):
        done = getattr(PasswordHasher, name)

        def note(hasher: PasswordHasher, *said: str, name: str = name, done: Callable[..., object] = done) -> object:
            hashes.append(f"{name} {hasher.memory_cost}")
            return done(hasher, *said)

        monkeypatch.setattr(PasswordHasher, name, note)
    monkeypatch.setattr(store.wake_up, "send", lambda: signals.append(1))

    def executed(*said: object) -> None:
        statements.append(str(said[2]))

    def committed(connection: object) -> None:
        commits.append(connection)

    event.listen(store.engine, "before_cursor_execute", executed)
    event.listen(store.engine, "commit", committed)
    yield lambda: Work(statements, hashes, len(commits), len(signals))
    event.remove(store.engine, "before_cursor_execute", executed)
    event.remove(store.engine, "commit", committed)
    monkeypatch.undo()


def work_of(app: Flask, store: Store, path: str, monkeypatch: pytest.MonkeyPatch, **typed: str) -> tuple[Work, str]:
    """What sending this form to *path* does, and the page that answers, without the address."""
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    with worked(store, monkeypatch) as work:
        page = client.post(path, data=typed)
        cookie = client.get_cookie("facteur")
        size = len(cookie.value) if cookie else 0
        said = [line.replace(typed["email"], "…") for line in page.text.splitlines() if "csrf_token" not in line]
        return work(), f"{page.status_code} {size} {said}"


def forms(side: str) -> list[tuple[str, dict[str, str]]]:
    if side == "staff":
        return [
            ("/equipe/connexion", {"password": WRONG}),
            ("/equipe/mot-de-passe-oublie", {}),
            ("/equipe/invitation", {}),
        ]
    return [
        ("/connexion", {"password": WRONG}),
        ("/mot-de-passe-oublie", {}),
        ("/inscription", {"name": "Charlie", "password": "une tout autre phrase"}),
    ]


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("side", ["consumers", "staff"])
def test_the_same_is_done_for_every_address(
    side: str, app: Flask, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    password_hash.is_password(None, WRONG)  # hashes of nobody are made once
    for path, typed in forms(side):
        done = {
            email: work_of(app, store, path, monkeypatch, email=email, **typed)
            for email in (STAFF if side == "staff" else CONSUMERS)
        }
        of_nobody = done["nobody@exemple.fr"]
        assert of_nobody[0].commits >= 1, path
        for email, found in done.items():
            assert found == of_nobody, (path, email)


@pytest.mark.usefixtures("people")
def test_whoever_signs_up_with_anybodys_address_does_not_find_out_by_signing_in(
    app: Flask, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mallory chose this very password: with an address that is free, and with Alice's."""
    hers = "les cinq chats gris"
    answers = []
    for email in ("alice@exemple.fr", "free@exemple.fr"):
        work_of(app, store, "/inscription", monkeypatch, email=email, name="Mallory", password=hers)
        answers.append(work_of(app, store, "/connexion", monkeypatch, email=email, password=hers))
    assert answers[0] == answers[1]
    assert answers[0][1].startswith("422")


@pytest.mark.usefixtures("people")
def test_mails_go_to_those_who_are_there_alone(app: Flask, store: Store, monkeypatch: pytest.MonkeyPatch,
                                               post: Callable[[], Mailbox]) -> None:  # fmt: skip
    for path, emails in (("/mot-de-passe-oublie", CONSUMERS), ("/equipe/mot-de-passe-oublie", STAFF)):
        for email in emails:
            work_of(app, store, path, monkeypatch, email=email)
    assert [to for to, _ in post().mails] == [*CONSUMERS[:-1], *STAFF[:-2]]


def test_mails_to_one_address_are_few_whoever_asks(
    app: Flask, store: Store, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    typed = {"email": "alice@exemple.fr", "name": "Mallory", "password": "les cinq chats gris"}
    answers = [work_of(app, store, "/inscription", monkeypatch, **typed)[1][:3] for _ in range(7)]
    assert answers == ["200"] * 6 + ["429"]
    reset = work_of(app, store, "/mot-de-passe-oublie", monkeypatch, email="alice@exemple.fr")[1]
    assert reset.startswith("200"), "a link for a new password counts apart"
    clock.forward(hours=4)
    assert work_of(app, store, "/inscription", monkeypatch, **typed)[1].startswith("200"), "slowed, never locked out"
