"""A worker that somebody else ended is told from one that died of its PDF: only the latter is the PDF's fault."""

from pathlib import Path

import pytest

from sandbox import Client, Died, Killed, TooSlow
from store.outage_or_fault import is_outage

#: Does what it is asked; a copy of it does, in the manner of `sandbox/print_worker.py`, where "copy" stands before.
PROGRAM = """
import json, os, signal, sys, time
for line in sys.stdin:
    *who, what = json.loads(line)
    copy = os.fork() if who else 0
    if not copy:
        if what == "is killed": os.kill(os.getpid(), signal.SIGKILL)
        if what == "dies": os._exit(3)
        if what == "crashes": os.abort()
        if what == "sleeps": time.sleep(30)
        sys.stdout.buffer.write(b"x" + bytes(8)); sys.stdout.flush()
        if who: os._exit(0)
    elif status := os.waitpid(copy, 0)[1]:
        sys.exit(os.WTERMSIG(status) if os.WIFSIGNALED(status) else 1)
"""


@pytest.fixture
def client(tmp_path: Path) -> Client:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    return Client(program, b"x")


@pytest.mark.parametrize("who", [(), ("copy",)], ids=["itself", "a copy"])
@pytest.mark.parametrize(
    ("what", "raised"), [("is killed", Killed), ("dies", Died), ("crashes", Died), ("sleeps", TooSlow)]
)
def test_how_a_worker_ends(client: Client, who: tuple[str, ...], what: str, raised: type[Exception]) -> None:
    with pytest.raises(raised) as error:
        client.ask((*who, what), 1.0)
    assert is_outage(error.value) == (raised is Killed)
    assert client.ask((*who, "lives"), 5.0) == (b"x", b""), "the next question is answered"
    client.close()


def test_no_worker_can_be_started(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many processes or files, or no memory for one more: nothing was asked yet."""

    def full(*_: object, **__: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("sandbox.client.subprocess.Popen", full)
    with pytest.raises(BlockingIOError) as error:
        client.ask(("lives",), 1.0)
    assert is_outage(error.value)
