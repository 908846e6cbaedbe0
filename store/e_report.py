"""E-reports: the declarations of operations and payments that were written, one row a file."""

from datetime import date, datetime
from typing import Final, Literal

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base
from store.bills.bill import BillRow
from store.feeds.feed import Feed
from store.store import Store

#: `10.3`: operations with consumers. `10.4`: the payments of them.
Flux = Literal["10.3", "10.4"]
FLUXES: Final[tuple[Flux, ...]] = ("10.3", "10.4")


class EReport(Base):
    """One file of an issuer: the *version*-th of its flux and period, in the place of those before.

    *content_sha256* is of what it declares, without its head: an equal declaration is not written again. The file is
    the blob *sha256*.
    """

    __tablename__ = "e_report"
    __table_args__ = (
        UniqueConstraint("issuer_id", "flux", "start", "version"),
        UniqueConstraint("transmission_id"),
        CheckConstraint(f"flux IN {FLUXES}", name="flux"),
        CheckConstraint('"end" > start', name="period"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    flux: Mapped[Flux] = mapped_column(String(4))
    start: Mapped[date] = mapped_column(Date)
    end: Mapped[date] = mapped_column(Date)
    version: Mapped[int]
    transmission_id: Mapped[str] = mapped_column(String(50))
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(200))
    declared: Mapped[int]  # bills or payments
    left_out: Mapped[int]  # bills that are not declared in sums, or payments of such
    content_sha256: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))

    @property
    def type_code(self) -> Literal["IN", "RE"]:
        """`IN` for the first of its period, `RE` for one that rectifies."""
        return "IN" if self.version == 1 else "RE"


def last_report(session: Session, issuer_id: int, flux: Flux, start: date) -> EReport | None:
    """The report that stands for this period, or None."""
    query = select(EReport).where(EReport.issuer_id == issuer_id, EReport.flux == flux, EReport.start == start)
    return session.scalar(query.order_by(EReport.version.desc()).limit(1))


def reports_of(session: Session, issuer_id: int, limit: int = 200) -> list[EReport]:
    """The latest reports of an issuer, newest period first."""
    query = select(EReport).where(EReport.issuer_id == issuer_id)
    return list(
        session.scalars(query.order_by(EReport.start.desc(), EReport.flux, EReport.version.desc()).limit(limit))
    )


def has_bill_come_since(store: Store, issuer_id: int, start: date, end: date, moment: datetime) -> bool:
    """Whether a bill of these days was released after that moment."""
    query = (
        select(BillRow.id)
        .join(Feed, Feed.id == BillRow.feed_id)
        .where(BillRow.issuer_id == issuer_id, BillRow.issue_date.between(start, end), Feed.released_at > moment)
    )
    with store.reading() as session:
        return session.scalar(query.limit(1)) is not None
