"""What a customer file would do, counted while it is read and before anything of it is applied."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct
from sqlalchemy.orm import Session

from customers.apply_customer_records import AppliedRecord, RecordSource, SourcedRecord, plan_records


class CustomerSurvey(Struct):
    """Counts of the records of a file. All but *records* and *created* are of accounts that are known already."""

    records: int = 0
    created: int = 0
    known: int = 0
    addresses: int = 0  # whose letters would go elsewhere, now or later
    names: int = 0  # whose holder would be called otherwise
    closed: int = 0  # that would be closed, or whose holder would have died
    questions: int = 0  # that come with another name and another address

    def look(self, session: Session, records: Sequence[SourcedRecord], source: RecordSource, today: date) -> None:
        """Count what these records would do. Writes nothing."""
        for applied in plan_records(session, records, source, today):
            self._count(applied)

    def _count(self, applied: AppliedRecord) -> None:
        self.records += 1
        self.questions += applied.is_questioned
        if applied.outcome == "created" and not applied.is_questioned:
            self.created += 1
            return
        slot = applied.slot
        if slot is None:
            return
        self.known += 1
        is_first = not slot.before.clocks  # the first that is said of a customer changes nothing but by the account
        self.addresses += slot.is_readdressed if is_first else "postal_address" in applied.changed
        self.names += slot.is_renamed if is_first else "names" in applied.changed
        known = slot.known
        is_over = bool(known.closed_on or known.died_on) and bool({"closed_on", "died_on"} & applied.changed)
        self.closed += is_over
