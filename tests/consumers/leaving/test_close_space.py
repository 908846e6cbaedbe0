"""Zénobie closes her space: her contracts go back to paper unless Bruno follows them, and she may come back."""

from datetime import timedelta

from sqlalchemy import func, select

from consumers.email_address.change_email import ask_change, confirm_change
from consumers.leaving.close_space import JOB, TIME_TO_COME_BACK, close_space, restore_space
from store.accounts.consent import Consent
from store.accounts.consumer import Enrolment, accounts_of, holders_of
from store.accounts.holder_dispute import Dispute
from store.bills.bill_enquiry import Enquiry
from store.db.event import events_of
from store.job import Job
from store.leaving.email_change import EmailChange
from store.leaving.space_closing import closing_of, has_left
from store.outbox.outbox_event import OutboxEvent
from store.payments.debit_mandate import DebitMandate
from store.payments.payment_plan import PlanRequest
from tests.consumers.leaving.zenobie import EMAIL, NOW, Zenobie


def test_what_works_for_her_ends_and_what_others_follow_stays(zenobie: Zenobie) -> None:
    zenobie.is_known_everywhere()
    session, her = zenobie.session, zenobie.her.id
    assert close_space(session, her, NOW)
    session.flush()
    session.expire_all()
    assert accounts_of(session, her) == []
    assert (zenobie.alone.paperless, zenobie.shared.paperless) == (False, True)
    assert holders_of(session, [zenobie.shared.id])[zenobie.shared.id] == [zenobie.bruno]
    assert session.scalars(select(Consent.basis).where(Consent.account_id == zenobie.alone.id)).one() == "no_reader"
    assert session.scalars(select(DebitMandate.state)).one() == "ended"
    assert session.scalars(select(PlanRequest.state)).one() == "withdrawn"
    assert session.scalars(select(Enquiry.state)).one() == "closed"
    told = session.scalars(select(OutboxEvent.type).order_by(OutboxEvent.id)).all()
    assert {"account.left", "mandate.revoked", "account.paper_chosen"} <= set(told)


def test_sessions_and_links_end_and_a_mail_confirms(zenobie: Zenobie) -> None:
    session, her, epoch = zenobie.session, zenobie.her.id, zenobie.her.session_epoch
    assert close_space(session, her, NOW)
    assert zenobie.consumer().session_epoch > epoch
    assert session.scalars(select(Job.particulars).where(Job.kind == JOB)).one() == {"consumer_id": her}
    assert [event.what for event in events_of(session, "consumer", her)] == ["space closed"]


def test_an_address_that_waits_for_its_mailbox_is_none_of_a_closed_space(zenobie: Zenobie) -> None:
    """The link in its mail ends with all others."""
    session, her = zenobie.session, zenobie.her.id
    assert ask_change(session, her, "zenobie@exemple.org", NOW)
    change = session.scalars(select(EmailChange)).one()
    close_space(session, her, NOW)
    assert confirm_change(session, change.id, NOW) is None
    assert (zenobie.consumer().email, change.state) == (EMAIL, "stopped")
    assert restore_space(session, her, NOW)
    assert confirm_change(session, change.id, NOW) is None


def test_closing_twice_closes_once_and_may_bring_the_erasure_forward(zenobie: Zenobie) -> None:
    session, her = zenobie.session, zenobie.her.id
    assert close_space(session, her, NOW)
    assert not close_space(session, her, NOW + timedelta(days=1))
    closing = closing_of(session, her)
    assert closing is not None
    assert closing.erase_at == NOW + TIME_TO_COME_BACK
    assert not close_space(session, her, NOW + timedelta(days=2), at_once=True)
    closing = closing_of(session, her)
    assert closing is not None
    assert closing.erase_at == NOW + timedelta(days=2)


def test_she_may_come_back_and_paper_stays_until_she_chooses(zenobie: Zenobie) -> None:
    session, her = zenobie.session, zenobie.her.id
    assert not restore_space(session, her, NOW)
    assert close_space(session, her, NOW)
    assert has_left(session, her)
    assert restore_space(session, her, NOW + timedelta(days=29))
    assert not has_left(session, her)
    assert accounts_of(session, her) == []
    assert not zenobie.alone.paperless
    assert close_space(session, her, NOW + timedelta(days=30))


def test_who_was_suspended_leaves_and_stays_barred(zenobie: Zenobie) -> None:
    session, her = zenobie.session, zenobie.her.id
    session.add(
        Dispute(
            issuer_id=zenobie.lumiere.id, account_id=zenobie.shared.id, earlier_id=zenobie.bruno.id, later_id=her,
            opened_at=NOW,
        )
    )  # fmt: skip
    enrolment = session.get_one(Enrolment, (her, zenobie.shared.id))
    enrolment.suspended_at = NOW
    session.flush()
    assert close_space(session, her, NOW)
    session.expire_all()
    assert (enrolment.ended_at, enrolment.suspended_at) == (NOW, NOW)
    assert session.scalars(select(Dispute.state)).one() == "removed"
    assert session.scalar(select(func.count()).select_from(Dispute)) == 1
