"""Lumière's two sides: what it sends, and beside it what it tries; and all that lies in the store, row by row."""

from io import BytesIO

from sqlalchemy import select

from bill import ControlTotals
from doors.feed_drop import drop_feed
from issuers.test_side import open_test_side
from store import Store
from store.base import Base
from store.bills.bill import BillRow
from store.issuer import Issuer
from store.issuer_keys.issuer_key import new_key
from tests.portal.staff_office import Office
from tests.sample_feeds import batch, ubl

#: What stands on the test side and nowhere else: in numbers of bills and accounts, names, slugs and names of files.
SAID = ("zq-", "quintal", "~test", "essai-nocturne")
ZEPHYRINE = ("Zéphyrine Quintal", "5 rue du Bois", "44000", "Nantes")
#: What changes by itself: how far a worker is.
_VOLATILE = frozenset({"periodic_task", "worker_heartbeat", "fact_change", "fact_count", "archive_audit"})


def all_rows(store: Store) -> dict[str, set[str]]:
    """Every row of every table, but those that change by themselves."""
    tables = [each for each in Base.metadata.sorted_tables if each.name not in _VOLATILE]
    with store.reading() as session:
        return {each.name: {repr(tuple(row)) for row in session.execute(select(each))} for each in tables}


class TwoSides:
    """Lumière's own feeds, and beside them those of its test side: released, held, with a conflict, refused."""

    def __init__(self, office: Office) -> None:
        self.office, self.store = office, office.store

    def begin(self) -> "TwoSides":
        office = self.office
        office.drop([ubl("L-90", "C-BOB")], name="soir.xml")
        office.pipeline.work_until_idle(office.clock())
        office.pipeline.work_until_idle(office.clock.forward(days=1))
        self.before = all_rows(self.store)
        with self.store.writing() as session:
            lumiere = session.get_one(Issuer, office.lumiere.id)
            self.twin = open_test_side(session, lumiere, "mina", office.clock())
            session.flush()
            self.key = {"Authorization": f"Bearer {new_key(session, self.twin, office.clock())}"}
        self.drop([ubl("ZQ-1", "ZQ-C1", person=ZEPHYRINE), ubl("ZQ-2", "ZQ-C2", person=ZEPHYRINE)])
        self.drop([ubl("ZQ-1", "ZQ-C1", net=13, person=ZEPHYRINE), ubl("ZQ-3", "ZQ-C3", person=ZEPHYRINE)])
        self.drop([ubl("ZQ-4", "ZQ-C1", person=("Quintal Autre", "9 rue Neuve", "29200", "Brest"))])
        too_many = ControlTotals(count=9, sums={}, source="API")
        self.held = self.drop([ubl("ZQ-5", "ZQ-C2", person=ZEPHYRINE)], too_many)
        drop_feed(self.store, self.twin, BytesIO(b"rien de lisible"), "essai-nocturne.bin", "api", office.clock())
        office.pipeline.work_until_idle(office.clock())
        return self

    def drop(self, invoices: list[str], announced: ControlTotals | None = None) -> int:
        clock = self.office.clock
        content = BytesIO(batch(invoices))
        said = drop_feed(self.store, self.twin, content, "essai-nocturne.xml", "api", clock(), announced=announced)
        self.office.pipeline.read(clock(), said.feed_id)
        return said.feed_id

    def bill(self, number: str) -> BillRow:
        with self.store.reading() as session:
            return session.scalars(select(BillRow).where(BillRow.number == number)).one()
