"""The task that announces bills without paper, killed between two transactions: it goes on where it was."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from config import Config
from delivery import SmtpClient
from delivery.relationship.default_notices import DefaultsDone, follow_defaults
from pipeline.feed_pipeline import Pipeline
from pipeline.steps import follow_default_notices
from store import Store
from store.accounts.account_notice import AccountNotice
from store.job import Job
from tests.delivery.sample_bills import World

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Killed(Exception):  # noqa: N818
    """The worker's process ends here."""


def number(store: Store, row: type[AccountNotice] | type[Job]) -> int:
    with store.reading() as session:
        return session.scalar(select(func.count(row.id))) or 0


def test_a_task_that_was_killed_tells_everybody_once(
    store: Store, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(store, tmp_path / "outbox")
    world.profile('trade = "electricity"\n[policy]\ndefault_on = true\n')
    accounts = [world.account(world.consumer(name)) for name in ("Alice", "Bob", "Charlie")]
    linked = number(store, AccountNotice)
    pipeline = Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender))

    def killed_at_charlie(*told: object) -> DefaultsDone:
        if accounts[2] in told[2]:  # type: ignore[operator]
            raise Killed
        return follow_defaults(*told)  # type: ignore[arg-type]

    monkeypatch.setattr(follow_default_notices, "_TOGETHER", 1)
    monkeypatch.setattr(follow_default_notices, "follow_defaults", killed_at_charlie)
    with pytest.raises(Killed):
        pipeline.periodic.run_now("default_notices", NOW, lambda: False)
    assert (number(store, AccountNotice) - linked, number(store, Job)) == (2, 2)
    monkeypatch.setattr(follow_default_notices, "follow_defaults", follow_defaults)
    for _ in range(2):
        pipeline.periodic.run_now("default_notices", NOW, lambda: False)
    assert (number(store, AccountNotice) - linked, number(store, Job)) == (3, 3)
