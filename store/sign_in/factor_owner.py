"""Whose second factors: a consumer's or a member of staff's. Both have the same kinds."""

from datetime import datetime
from typing import Literal, NamedTuple, Self

from sqlalchemy import ColumnElement, ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.accounts.consumer import Consumer
from store.db.event import record
from store.staff_member import Staff


class OwnedFactor:
    """The columns of a row that is one person's: one of the two is set."""

    consumer_id: Mapped[int | None] = mapped_column(ForeignKey("consumer.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    @property
    def owner(self) -> "FactorOwner":
        if self.consumer_id is not None:
            return FactorOwner("consumer", self.consumer_id)
        assert self.staff_id is not None
        return FactorOwner("staff", self.staff_id)


class FactorOwner(NamedTuple):
    """A consumer or a member of staff, by id."""

    audience: Literal["consumer", "staff"]
    id: int

    @classmethod
    def of(cls, person: Consumer | Staff) -> Self:
        return cls("consumer" if isinstance(person, Consumer) else "staff", person.id)

    def has(self, table: type[OwnedFactor]) -> ColumnElement[bool]:
        """SQL condition: a row is this person's."""
        return table.consumer_id == self.id if self.audience == "consumer" else table.staff_id == self.id

    @property
    def columns(self) -> dict[str, int | None]:
        """The values of both columns of a row of this person's."""
        return {
            "consumer_id": self.id if self.audience == "consumer" else None,
            "staff_id": self.id if self.audience == "staff" else None,
        }

    @property
    def name(self) -> str:
        """As events write who did something: `consumer 7`."""
        return f"{self.audience} {self.id}"

    def record(self, session: Session, what: str, now: datetime, by: str = "") -> None:
        """Insert an event of this person's factors. *by* is who did it, where it is not the person."""
        record(session, self.audience, self.id, what, now, by=by or self.name)
