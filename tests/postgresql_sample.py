"""What runs on PostgreSQL every day: of the tests that visit pages and commands, a sample in which each statement that
they send is sent by one of them; all others, and with `--whole` these, too.

A page is the same beside both databases once the store's questions are answered alike, and most tests of a page ask
what their neighbours ask. `make postgres-sample` notes what each test asks (the function of ours and its statement),
and writes down who may stay away. A test that is not written there runs; one of threads or processes is never written
there, as two who ask at once are answered in a way of each database's own; nor one of a number that no column holds.
"""

import json
import os
import re
import sys
import time
from collections.abc import Generator, Iterable
from functools import cache
from heapq import heapify, heappop, heappush
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import Engine, event

ROOT: Final = Path(__file__).parents[1]
ALIKE: Final = Path(__file__).with_name("alike_on_postgresql.txt")
#: The rooms whose tests may stay away: they have no SQL of their own.
ROOMS: Final = ("tests/portal/", "tests/cli/", "tests/demo/", "tests/stories/")
#: A list of values, however long it is.
_MANY: Final = re.compile(r"\((?:\?|%\(\w+\)s|:\w+)(?:, ?(?:\?|%\(\w+\)s|:\w+))*\)")
#: Files whose statements are sent once a process, by whatever test is first.
_OF_THE_PROCESS: Final = "store/db/migrations/"
#: Words of a file whose tests let two ask at once.
_AT_ONCE: Final = re.compile(r"\bthread|\bsubprocess|\bbarrier|all_processes", re.IGNORECASE)
#: A number in the name of a test, at the end of what a column holds or beyond it.
_TOO_LARGE: Final = re.compile(r"\d{16}")


def alike() -> frozenset[str]:
    """The tests that ask what others ask, by their ids."""
    return frozenset(ALIKE.read_text().splitlines())


class StatementNotes:
    """Notes what each test asks, in a file a process: its id, its seconds, and where it asked what."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / f"{os.getpid()}.jsonl"
        self._asked: set[str] = set()
        event.listen(Engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self._asked.add(f"{_asker()}: {_MANY.sub('(…)', statement)}")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self._asked.clear()
        began = time.perf_counter()
        result = yield
        with self._file.open("a") as file:
            print(json.dumps([item.nodeid, time.perf_counter() - began, sorted(self._asked)]), file=file)
        return result


def _asker() -> str:
    """The nearest function of ours that asks, and its file."""
    frame = sys._getframe(2)
    while frame.f_back is not None:
        path = frame.f_code.co_filename
        if path.startswith(str(ROOT)) and "/.venv/" not in path:
            return f"{path[len(str(ROOT)) + 1 :]} {frame.f_code.co_qualname}"
        frame = frame.f_back
    return "nobody of ours"


def chosen(asked: dict[str, tuple[float, set[str]]]) -> set[str]:
    """Tests that together ask everything; those first that ask most in a second."""
    missing = {each for _, ask in asked.values() for each in ask}

    def worth(test: str) -> float:
        seconds, ask = asked[test]
        return len(ask & missing) / max(seconds, 0.05)

    queue = [(-worth(test), test) for test in asked]
    heapify(queue)
    taken = set()
    while queue:
        before, test = heappop(queue)
        now = -worth(test)
        if now > before:  # others have asked some of it since
            heappush(queue, (now, test))
        elif now < 0:
            taken.add(test)
            missing -= asked[test][1]
    return taken


def read_notes(files: Iterable[Path]) -> dict[str, tuple[float, set[str]]]:
    """What each test of these ROOMS asked, but for those of two who ask at once."""
    rows = (json.loads(line) for file in files for line in file.read_text().splitlines())
    return {
        test: (seconds, {each for each in asked if not each.startswith(_OF_THE_PROCESS)})
        for test, seconds, asked in rows
        if test.startswith(ROOMS) and not _is_of_two_at_once(test.partition("::")[0]) and not _TOO_LARGE.search(test)
    }


@cache
def _is_of_two_at_once(path: str) -> bool:
    return _AT_ONCE.search((ROOT / path).read_text()) is not None


if __name__ == "__main__":
    notes = read_notes(Path(sys.argv[1]).glob("*.jsonl"))
    ALIKE.write_text("".join(f"{each}\n" for each in sorted(notes.keys() - chosen(notes)) if "\n" not in each))
