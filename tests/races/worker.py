"""A worker for the races: two roads on one store, each in a thread of its own, until a file says stop.

`python -m tests.races.worker FOLDER`. FOLDER/now holds business time, FOLDER/stop ends it. Each mail is a line of
FOLDER/mails, and each warning or error a line of FOLDER/said.
"""

import logging
import sys
import threading
import time
from datetime import datetime
from email.message import Message
from pathlib import Path

from cli.open_store import opened_store
from config import Config
from pipeline.feed_pipeline import Pipeline
from store import Store

ROADS = 2


class NotingPost:
    """A mail transport that writes down what it was given."""

    host = "facteur.example"
    sender = "facteur@facteur.example"

    def __init__(self, folder: Path) -> None:
        self._mails = folder / "mails"

    def send(self, mail: Message, to: str) -> str:
        with self._mails.open("a") as mails:
            mails.write(f"{mail['Message-ID']}\t{to}\n")
        return "250 ok"

    def hang_up(self) -> None:
        return


class Listener(logging.Handler):
    """Writes down what is said louder than it should be."""

    def __init__(self, folder: Path) -> None:
        super().__init__(logging.WARNING)
        self._said = folder / "said"

    def emit(self, record: logging.LogRecord) -> None:
        error = repr(record.exc_info[1]) if record.exc_info else ""
        with self._said.open("a") as said:
            said.write(f"{record.name}: {record.getMessage()} {error}".replace("\n", " | ") + "\n")


def now_of(folder: Path) -> datetime:
    return datetime.fromisoformat((folder / "now").read_text())


def work(store: Store, settings: Config, folder: Path) -> None:
    """Walk one pipeline until somebody says stop."""
    pipeline = Pipeline(store, settings, NotingPost(folder))
    pipeline.is_stopping = (folder / "stop").exists
    while not pipeline.is_stopping():
        now = now_of(folder)
        try:
            busy = pipeline.step(now)
        except Exception:
            continue  # it was said, and is counted
        pipeline.lead(now, 0.5)
        if not busy:
            time.sleep(0.1)
    pipeline.stop()


def main() -> None:
    folder = Path(sys.argv[1])
    logging.getLogger().addHandler(Listener(folder))
    with opened_store() as (store, settings):
        roads = [threading.Thread(target=work, args=(store, settings, folder)) for _ in range(ROADS)]
        for pipeline in roads:
            pipeline.start()
        for pipeline in roads:
            pipeline.join()


if __name__ == "__main__":
    main()
