"""One issuer with a pipeline of its own, and what its customers find in their letter boxes."""

import re
from io import BytesIO

from config import Config
from delivery.channels.email.smtp.smtp_client import SmtpClient
from doors.feed_drop import drop_feed
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from store import Store
from store.bills.bill_lookup import bill_by_number
from tests.conftest import Clock
from tests.render.sample_bills import text_of

CODE = re.compile(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b")


class Town:
    """Lumière, with this profile. The pipeline sends no mail here: the tests' own mail transport does the jobs."""

    def __init__(self, store: Store, config: Config, clock: Clock, profile: str = "") -> None:
        self.store, self.config, self.clock, self._profile = store, config, clock, profile
        self.pipeline = Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender))

    def begin(self) -> "Town":
        with self.store.writing() as session:
            self.issuer = add_issuer(session, "lumiere", "Lumière", self.clock(), self._profile)
        self._printed: set[str] = set()
        return self

    def post(self, content: bytes, name: str = "novembre.xml") -> str:
        """Drop a feed and print its letters; what stands on them, as pdftotext reads it."""
        drop_feed(self.store, self.issuer, BytesIO(content), name, "cli", self.clock())
        self.pipeline.work_until_idle(self.clock())
        self.pipeline.close_batch(self.clock())
        new = [path for path in sorted(self.config.outbox.glob("*.pdf")) if path.name not in self._printed]
        self._printed |= {path.name for path in new}
        return "".join(text_of(path.read_bytes()) for path in new)

    def archived(self, number: str) -> str:
        with self.store.reading() as session:
            row = bill_by_number(session, self.issuer.id, number)
            assert row is not None
            return text_of(self.store.archive(session).pdf(row))
