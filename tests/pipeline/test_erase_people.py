"""The task that erases people: after the last mail, with the files of the inbox for development, and again after a
kill."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from config import Config
from consumers.leaving.close_space import JOB, close_space
from pipeline.steps import erase_people
from pipeline.steps.erase_people import erase_those_due
from store import Store
from store.accounts.consumer import Consumer
from store.job import Job
from tests.consumers.leaving.zenobie import EMAIL, PHONE, Zenobie

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


class Killed(Exception):  # noqa: N818
    """The worker's process ends here."""


@pytest.fixture
def her(store: Store) -> int:
    """Zénobie, who asked to be erased at once; her last mail has left."""
    with store.writing() as session:
        zenobie = Zenobie(session)
        zenobie.is_known_everywhere()
        close_space(session, zenobie.her.id, NOW, at_once=True)
        session.flush()
        session.scalars(select(Job).where(Job.kind == JOB)).one().state = "done"
        return zenobie.her.id


def email(store: Store, consumer_id: int) -> str:
    with store.reading() as session:
        return session.get_one(Consumer, consumer_id).email


def fill_inbox(config: Config) -> list[Path]:
    """A mail and an SMS to her, and a mail to somebody else."""
    from delivery.channels.email.smtp import dev_inbox
    from delivery.channels.sms.sms_folder import SmsFolder
    from delivery.channels.sms.sms_provider import Sms

    config.inbox.mkdir(parents=True, exist_ok=True)
    for recipient in (EMAIL, "bruno@exemple.fr"):
        dev_inbox._keep(config.inbox, recipient, f"To: {recipient}\n\nBonjour".encode())
    assert config.sms_folder is not None
    SmsFolder(config.sms_folder).send(Sms(to=PHONE, text="Bonjour", reference="1"))
    return sorted(path for path in config.inbox.rglob("*") if path.is_file())


def test_the_last_mail_leaves_first(store: Store, config: Config, her: int) -> None:
    with store.writing() as session:
        session.scalars(select(Job).where(Job.kind == JOB)).one().state = "todo"
    assert erase_those_due(store, config, NOW + timedelta(hours=23)) == 0
    assert email(store, her) == EMAIL
    assert erase_those_due(store, config, NOW + timedelta(hours=24)) == 1, "a mail that cannot leave holds nothing up"
    assert email(store, her) == f"erased {her}"


def test_files_go_with_the_rows(store: Store, config: Config, her: int) -> None:
    assert len(fill_inbox(config)) == 3
    assert erase_those_due(store, config, NOW) == 1
    [left] = [path for path in config.inbox.rglob("*") if path.is_file()]
    assert b"bruno" in left.read_bytes()
    assert erase_those_due(store, config, NOW) == 0


def test_who_was_killed_between_files_and_rows_does_both_again(
    store: Store, config: Config, her: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise Killed

    fill_inbox(config)
    with monkeypatch.context() as patched:
        patched.setattr("consumers.leaving.erase_profile.record", killed)
        assert erase_those_due(store, config, NOW) == 0
    assert email(store, her) == EMAIL, "a whole person or none"
    assert erase_those_due(store, config, NOW) == 1
    assert erase_people.erase_those_due(store, config, NOW) == 0
