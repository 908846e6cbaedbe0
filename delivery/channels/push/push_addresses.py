"""Which people push notifications reach: those with a device that receives them."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from bill import Reason
from store.accounts.consumer import Consumer
from store.accounts.push_subscription import subscriptions_of


def push_addresses(session: Session, consumers: Collection[Consumer]) -> dict[int, str | Reason]:
    """Return, for each consumer with a device, their number, by which the devices are looked up when they are sent to;
    for the others why there is none."""
    devices = subscriptions_of(session, {each.id for each in consumers})
    return {each.id: str(each.id) if devices[each.id] else Reason("no_device") for each in consumers}
