"""Which periodic tasks can have anything to do: what `facteur work --until-idle` asks once, where a worker runs each
task every few minutes. A condition may hold where nothing is left to do; where it does not hold, nothing is."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Date, bindparam, exists

from customers.due_moves import FIRST_ZONE
from delivery.channels.paper.mend_address import is_held_for_address
from pipeline.pipeline_context import PipelineContext
from pipeline.steps.settle_feeds import is_ready_to_settle
from store.access_grants.access_grant import AccessGrant
from store.accounts.stated_move import StatedMove
from store.base import Moment
from store.bill_archives.bill_archive import BillArchive
from store.bill_forwarding.forward_address import ForwardAddress
from store.bills.page_pictures import PagePictures
from store.customers.customer_reference import CustomerReference
from store.db.due_work import NOW, DueWork
from store.feeds.conflict import Conflict
from store.heard_mail import HeardMail
from store.issuer_profiles.profile_sample import ProfileSample
from store.leaving.email_change import EmailChange
from store.leaving.space_closing import SpaceClosing
from store.outbox.outbox_event import OutboxEvent
from store.payments.debit_mandate import DebitMandate
from store.sign_in.factor_removal import FactorRemoval
from store.test_sides.side_message import SideMessage
from store.vault.attachment_staging import StagingBlob

_FIRST_DAY: Final = bindparam("first_day", type_=Date())
_EVENTS_BEFORE: Final = bindparam("events_before", type_=Moment())

#: Tasks that are not here ask by themselves, when it is their turn.
DUE_TASKS: Final = DueWork({
    "follow_moves": (
        exists().where(CustomerReference.next_change_on <= _FIRST_DAY)
        | exists().where(StatedMove.state == "open")
        | exists().where(StatedMove.state == "confirmed", StatedMove.given_at.is_(None))
        | exists().where(is_held_for_address())
    ),
    "settle": exists().where(is_ready_to_settle()) | exists().where(Conflict.state == "open"),
    "mandates": exists().where(DebitMandate.state == "signed"),
    "sweep": (
        exists(StagingBlob.sha256)
        | exists().where(OutboxEvent.at < _EVENTS_BEFORE, OutboxEvent.sequence.is_not(None))
        | exists(HeardMail.id)
        | exists(PagePictures.bill_id)
        | exists(BillArchive.id)
        | exists().where(ProfileSample.deleted_at.is_(None))
        | exists(SideMessage.id)
    ),
    "forward_bills": exists().where(ForwardAddress.state == "confirmed"),
    "lost_factors": exists().where(FactorRemoval.state == "waiting", FactorRemoval.ends_at <= NOW),
    "erase_people": (
        exists().where(SpaceClosing.state == "closed", SpaceClosing.erase_at <= NOW)
        | exists().where(SpaceClosing.state == "erased")
        | exists(EmailChange.id)
    ),
    "access_grants": exists().where(AccessGrant.state.in_(["invited", "accepted"])),
})  # fmt: skip


def look_for_tasks(context: PipelineContext, now: datetime) -> frozenset[str]:
    """The tasks of DUE_TASKS that can have anything to do."""
    values: Mapping[str, Any] = {
        "first_day": now.astimezone(FIRST_ZONE).date(),
        "events_before": now - timedelta(days=context.config.event_days),
    }
    with context.store.reading() as session:
        return DUE_TASKS.look(session, now=now, **values)
