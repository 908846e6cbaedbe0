"""The devices on which somebody has opened a one-bill link: a browser that keeps the secret it was given then."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base


class OneBillDevice(Base):
    """A device that was admitted to the bill of one delivery. *n* counts them from 1; *digest* is that of the secret in
    its cookie."""

    __tablename__ = "one_bill_device"

    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    admitted_at: Mapped[datetime]


def count_devices(session: Session, delivery_id: int) -> int:
    """How many devices were admitted by this delivery's link."""
    query = select(func.count()).select_from(OneBillDevice)
    return session.scalar(query.where(OneBillDevice.delivery_id == delivery_id)) or 0


def is_known_device(session: Session, delivery_id: int, digest: str) -> bool:
    """Whether the device whose secret has this digest was admitted by this delivery's link."""
    mine = (OneBillDevice.delivery_id == delivery_id, OneBillDevice.digest == digest)
    return session.scalar(select(OneBillDevice.n).where(*mine)) is not None


def devices_by_delivery(session: Session, delivery_ids: list[int]) -> dict[int, list[OneBillDevice]]:
    """The devices of each of these deliveries, the first admitted first; a delivery without any has an empty list."""
    found: dict[int, list[OneBillDevice]] = {each: [] for each in delivery_ids}
    query = select(OneBillDevice).where(OneBillDevice.delivery_id.in_(delivery_ids)).order_by(OneBillDevice.n)
    for device in session.scalars(query):
        found[device.delivery_id].append(device)
    return found
