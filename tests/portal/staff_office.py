"""An office to visit: Oscar is an operator, Mina works for Lumière, Eva for Eaux; the pipeline works when it is told
to."""

from decimal import Decimal
from io import BytesIO

from sqlalchemy import select

from bill import ControlTotals
from config import Config
from delivery.channels.email.smtp.smtp_client import SmtpClient
from doors.feed_drop import drop_feed
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from portal.access.password_hash import hash_password
from store import Store
from store.bills.bill import BillRow
from store.feeds.feed import Feed
from store.issuer_keys.issuer_key import new_key
from store.staff_member import Staff
from tests.conftest import Clock
from tests.sample_feeds import batch, ubl

PASSWORD = "une phrase que je retiens"
KEPT = hash_password(PASSWORD)
FEED = [
    ubl("L-1"), ubl("L-2", "C-BOB"), ubl("L-1"), ubl("L-2", "C-BOB", net=Decimal(5)),
    ubl("L-4", "C-CHARLIE", gross=Decimal("99.00")), ubl("=1+1", "C-ALICE"),
]  # fmt: skip


class Office:
    """Lumière has declared seven bills and sent six; the pipeline works when it is told to."""

    def __init__(self, store: Store, config: Config, clock: Clock) -> None:
        self.store, self.clock = store, clock
        self.pipeline = Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender))

    def begin(self) -> "Office":
        clock = self.clock
        with self.store.writing() as session:
            self.lumiere = add_issuer(session, "lumiere", "Lumière de l’Ouest", clock())
            eaux = add_issuer(session, "eaux", "Eaux du Pays de Retz", clock())
            for name, issuer in (("oscar", None), ("mina", self.lumiere), ("eva", eaux)):
                session.add(
                    Staff(email=f"{name}@facteur.example", password_hash=KEPT, added_at=clock(),
                          issuer_id=issuer.id if issuer else None)
                )  # fmt: skip
            session.flush()
            self.keys = {
                each.slug: {"Authorization": f"Bearer {new_key(session, each, clock())}"}
                for each in (self.lumiere, eaux)
            }
        self.held = self.drop(FEED, ControlTotals(count=7, sums={"EUR": Decimal("500.00")}, source="API"))
        return self

    def drop(self, invoices: list[str], announced: ControlTotals | None = None, name: str = "mars.xml") -> int:
        content = BytesIO(batch(invoices))
        feed_id = drop_feed(self.store, self.lumiere, content, name, "api", self.clock(), announced=announced).feed_id
        self.pipeline.read(self.clock(), feed_id)
        return feed_id

    def numbers(self, bill_ids: set[int]) -> dict[int, str]:
        """The numbers of these bills, by id."""
        with self.store.reading() as session:
            rows = session.execute(select(BillRow.id, BillRow.number).where(BillRow.id.in_(bill_ids)))
            return dict(rows.tuples().all())

    def feed(self, feed_id: int) -> Feed:
        with self.store.reading() as session:
            return session.get_one(Feed, feed_id)
