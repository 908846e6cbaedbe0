"""An office to visit: Oscar is an operator, Mina works for Lumière, Eva for Eaux; the road works when it is told to."""

from decimal import Decimal
from io import BytesIO

from bill import ControlTotals
from config import Config
from delivery.postman import SMTPPostman
from issuers.drop import drop
from issuers.registry import add_issuer
from portal.passwords import hash_password
from road import Road
from store import Store
from store.feed import Feed
from store.issuer import new_key
from store.staff import Staff
from tests.conftest import Clock
from tests.feeds import batch, ubl

PASSWORD = "une phrase que je retiens"
KEPT = hash_password(PASSWORD)
FEED = [
    ubl("L-1"), ubl("L-2", "C-BOB"), ubl("L-1"), ubl("L-2", "C-BOB", net=Decimal(5)),
    ubl("L-4", "C-CHARLIE", gross=Decimal("99.00")), ubl("=1+1", "C-ALICE"),
]  # fmt: skip


class Office:
    """Lumière has declared seven bills and sent six; the road works when it is told to."""

    def __init__(self, store: Store, config: Config, clock: Clock) -> None:
        self.store, self.clock = store, clock
        self.road = Road(store, config, SMTPPostman("smtp://127.0.0.1:9", config.sender))
        with store.writing() as session:
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

    def drop(self, invoices: list[str], announced: ControlTotals | None = None, name: str = "mars.xml") -> int:
        content = BytesIO(batch(invoices))
        feed_id = drop(self.store, self.lumiere, content, name, "api", self.clock(), announced=announced).feed_id
        self.road.read(self.clock(), feed_id)
        return feed_id

    def feed(self, feed_id: int) -> Feed:
        with self.store.reading() as session:
            return session.get_one(Feed, feed_id)
