"""A sandbox worker and its copies: nothing is kept between two PDFs, and what kills a copy harms nobody else."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import sandbox
from sandbox import Client, Died, TooSlow
from tests.render.print.test_foreign_pages import own_pdf
from tests.stories.test_poisonous_letters import POISONS

WORKER = Path(sandbox.__file__).with_name("print_worker.py")
#: Forks as the real one does; its copy tells its number and sleeps.
SLEEPER = """
import os, sys, time
for line in sys.stdin:
    if not (copy := os.fork()):
        open(line.strip()[2:-2], "w").write(str(os.getpid()))
        time.sleep(60)
    os.waitpid(copy, 0)
"""


@pytest.fixture
def client() -> Iterator[Client]:
    made = Client(WORKER, b"xb")
    yield made
    made.close()


def written(folder: Path, name: str, content: bytes) -> str:
    path = folder / name
    path.write_bytes(content)
    return str(path)


def worker_of(client: Client) -> int:
    assert client._worker is not None
    return client._worker.pid


def test_good_pages_between_hostile_ones_are_read_alike(client: Client, tmp_path: Path) -> None:
    """And by the same worker: what is refused in time kills nobody."""
    good = written(tmp_path, "good.pdf", own_pdf(2))
    kind, first = client.ask((good,), 30)
    worker = worker_of(client)
    for name, poison in POISONS.items():
        assert client.ask((written(tmp_path, name, poison()),), 30)[0] == b"b"
        again = client.ask((good,), 30)
        assert (again[0], without_seconds(again[1])) == (kind, without_seconds(first)) == (b"x", without_seconds(first))
    assert worker_of(client) == worker


def without_seconds(answer: bytes) -> bytes:
    return answer[8:].partition(b'"seconds"')[0] + answer[8:].partition(b"}")[2]


def test_two_workers_copy_the_same_bytes(tmp_path: Path) -> None:
    """A letter that is composed twice, also after a crash, is the same letter."""
    good = written(tmp_path, "good.pdf", own_pdf(2))
    answers = set()
    for _ in range(4):
        client = Client(WORKER, b"xb")
        answers.add(without_seconds(client.ask((good,), 30)[1]))
        client.close()
    assert len(answers) == 1


def test_a_copy_that_is_killed_takes_its_worker_with_it_and_the_next_question_starts_another(
    client: Client, tmp_path: Path
) -> None:
    good = written(tmp_path, "good.pdf", own_pdf(1))
    client.ask((good,), 30)
    before = worker_of(client)
    pipe = tmp_path / "never"
    os.mkfifo(pipe)  # opening it waits for a writer: a PDF that never ends
    with pytest.raises(TooSlow):
        client.ask((str(pipe),), 0.5)
    assert client.ask((good,), 30)[0] == b"x"
    assert worker_of(client) != before


def test_a_copy_that_still_works_ends_with_its_worker(tmp_path: Path) -> None:
    program, told = tmp_path / "sleeper.py", tmp_path / "told"
    program.write_text(SLEEPER)
    client = Client(program, b"x")
    for seconds in (1, 5, 25):  # until there is a copy, however slow the machine is
        began = time.monotonic()
        with pytest.raises(Died):
            client.ask((str(told),), seconds)
        if told.exists() and told.read_text():
            break
    assert time.monotonic() - began < seconds + 30, "closing does not wait for the copy"
    copy = int(told.read_text())
    while _is_alive(copy):
        assert time.monotonic() - began < seconds + 30
        time.sleep(0.05)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
