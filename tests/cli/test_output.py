"""What commands say, as a person would: one bill, two bills."""

from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from cli import bill as verbs
from cli.command_language import said


def test_one_and_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTEUR_LANGUAGE", "en")
    assert [said("{n} bill|{n} bills", n=number) for number in (0, 1, 2)] == ["0 bills", "1 bill", "2 bills"]


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ((), "0 bills are taken up again"),
        (("1",), "1 bill is taken up again"),
        (("1", "2"), "2 bills are taken up again"),
    ],
)
def test_failed_bills_taken_up_again(numbers: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [SimpleNamespace(id=int(number), issuer_id=1, number=number) for number in numbers]
    pages = iter([[SimpleNamespace(bill=row) for row in rows], []])

    @contextmanager
    def nothing():
        yield SimpleNamespace()

    @contextmanager
    def opened():
        yield SimpleNamespace(writing=nothing, wake_up=SimpleNamespace(send=lambda: None)), None

    monkeypatch.setenv("FACTEUR_LANGUAGE", "en")
    monkeypatch.setattr(verbs, "opened_store", opened)
    monkeypatch.setattr(verbs, "slugs_by_id", lambda _: {1: "lumiere"})
    monkeypatch.setattr(verbs, "failed_bills", lambda *_: next(pages))
    monkeypatch.setattr(verbs, "retry_bills", lambda _, failed, *__: failed)
    told = CliRunner().invoke(verbs.bill_retry, ["--by", "Charlie", "--reason", "mended"])
    assert told.output.splitlines()[-1] == said
