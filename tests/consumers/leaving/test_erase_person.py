"""Zénobie is erased: nothing of her is left in any column, but in what law keeps, and in the issuer's documents."""

from datetime import timedelta

from sqlalchemy import select

from audit.erased_person_check import rows_of_erased_people
from audit.invariant_violations import violations
from bill import Reason
from consumers.email_address.change_email import ask_change, confirm_change
from consumers.email_address.forget_former_addresses import forget_former_addresses
from consumers.leaving.close_space import close_space, restore_space
from consumers.leaving.erase_person import MANDATES_KEPT, erase_person, erase_what_was_kept, rehearse_erasure
from consumers.leaving.leaving_steps import STEPS
from store import Store
from store.accounts.consumer import consumer_by_email
from store.accounts.joint_holder_notice import HolderNotice
from store.bills.bill_enquiry import EnquiryEntry
from store.db.event import events_of, record
from store.delivery import Delivery
from store.job import request_job
from store.leaving.email_change import TIME_TO_TAKE_BACK, EmailChange
from store.leaving.space_closing import has_left
from store.payments.debit_mandate import DebitMandate
from tests.consumers.leaving.traces_of_person import columns_with
from tests.consumers.leaving.zenobie import EMAIL, NAME, NOW, WORDS, Zenobie

#: Columns that keep her words, and why: proof of a mandate, for 13 months after its end.
KEPT_BY_LAW = {"debit_mandate.holder_name", "debit_mandate.signed_name"}


def test_nothing_of_her_is_left_in_any_column(zenobie: Zenobie) -> None:
    zenobie.is_known_everywhere()
    session, her = zenobie.session, zenobie.her.id
    assert len(columns_with(session, WORDS)) > 15
    assert close_space(session, her, NOW, f"Mina (une lettre de {NAME})")
    done = erase_person(session, her, NOW + timedelta(days=30))
    session.flush()
    assert list(done) == [step.name for step in STEPS]
    assert columns_with(session, WORDS) == KEPT_BY_LAW
    assert consumer_by_email(session, EMAIL) is None
    assert consumer_by_email(session, f"erased {her}") is not None
    assert zenobie.consumer().password_hash == ""
    assert has_left(session, her)
    assert violations(session, rows_of_erased_people()).number == 0


def test_an_address_that_she_had_long_ago_is_left_nowhere(zenobie: Zenobie) -> None:
    """Of a change that nobody can take back nothing says any more that the address was hers."""
    session, her, former = zenobie.session, zenobie.her.id, "zq@ancienne.exemple"
    assert ask_change(session, her, "zenobie@exemple.org", NOW)
    change = session.scalars(select(EmailChange)).one()
    change.old_email = former
    assert confirm_change(session, change.id, NOW)
    request_job(session, "already_signed_up", {"email": former}, NOW)
    notice: Delivery = zenobie.world.delivery(zenobie.bill, "email", "notify", NOW, person=zenobie.her)
    why = Reason.of("address_suspended", answer=f"550 <{former}>")
    record(session, "delivery", notice.id, "failed", NOW, why=why)
    late = NOW + TIME_TO_TAKE_BACK
    assert forget_former_addresses(session, late - timedelta(minutes=1)) == 0
    assert len(columns_with(session, [former])) > 2
    assert forget_former_addresses(session, late) == 1
    assert columns_with(session, [former]) == set()
    assert columns_with(session, ["zenobie@exemple.org"]) == {"consumer.email"}


def test_a_number_that_she_had_before_goes_with_what_was_said_of_its_messages(zenobie: Zenobie) -> None:
    """Whoever gives another number leaves the one before in answers of its provider."""
    session, her, former = zenobie.session, zenobie.her.id, "+33687654321"
    why = Reason.of("sms_not_taken", answer=f"no such number: {former}")
    finish = request_job(session, "phone_code", {"consumer_id": her, "nonce": "-"}, NOW)
    of_bruno = request_job(session, "phone_code", {"consumer_id": zenobie.bruno.id, "nonce": "-"}, NOW)
    finish.reason = of_bruno.reason = why
    finish.answer = f"for zz@ancienne.exemple: {former}"
    notice: Delivery = zenobie.world.delivery(zenobie.bill, "sms", "notify", NOW, person=zenobie.her)
    notice.reason = why
    record(session, "delivery", notice.id, "failed", NOW, why=why)
    record(session, "consumer", her, "mail failed", NOW, why="550 <zz@ancienne.exemple>")
    close_space(session, her, NOW)
    erase_person(session, her, NOW)
    session.expire_all()
    assert columns_with(session, ["zz@ancienne.exemple"]) == set()
    assert columns_with(session, [former]) == {"errand.reason_values"}, "what Bruno’s says is his"
    assert finish.answer == "for ***: ***"


def test_the_log_stays_readable(zenobie: Zenobie) -> None:
    zenobie.is_known_everywhere()
    session, her = zenobie.session, zenobie.her.id
    close_space(session, her, NOW)
    erase_person(session, her, NOW)
    session.expire_all()
    moved = next(event for event in events_of(session, "account", zenobie.shared.id) if event.what == "moved")
    assert (moved.by, moved.why) == ("Mina", "*** a appelé du ***")
    left = next(event for event in events_of(session, "account", zenobie.shared.id) if event.what == "left")
    assert left.by == f"consumer {her}"
    assert session.scalars(select(HolderNotice.name)).all() == [""]
    assert session.scalars(select(EnquiryEntry.words)).all() == ["", ""]


def test_mandates_lose_name_and_account_13_months_after_their_end(zenobie: Zenobie) -> None:
    zenobie.is_known_everywhere()
    session, her = zenobie.session, zenobie.her.id
    close_space(session, her, NOW)
    erase_person(session, her, NOW)
    assert erase_what_was_kept(session, NOW + MANDATES_KEPT - timedelta(days=1)) == 0
    assert erase_what_was_kept(session, NOW + MANDATES_KEPT) == 1
    assert erase_what_was_kept(session, NOW + MANDATES_KEPT) == 0
    session.expire_all()
    assert columns_with(session, WORDS) == set()
    assert session.scalars(select(DebitMandate.encrypted_iban)).one() == b""


def test_who_came_back_is_not_erased_and_nobody_is_twice(zenobie: Zenobie) -> None:
    session, her = zenobie.session, zenobie.her.id
    assert erase_person(session, her, NOW) == {}
    close_space(session, her, NOW)
    restore_space(session, her, NOW)
    assert erase_person(session, her, NOW) == {}
    assert zenobie.consumer().email == EMAIL
    close_space(session, her, NOW)
    assert erase_person(session, her, NOW)
    assert erase_person(session, her, NOW) == {}
    assert not close_space(session, her, NOW)
    assert not restore_space(session, her, NOW)


def test_a_rehearsal_counts_what_would_go(zenobie: Zenobie) -> None:
    zenobie.is_known_everywhere()
    with zenobie.session.begin_nested() as rehearsal:
        counted = rehearse_erasure(zenobie.session, zenobie.her.id, NOW)
        rehearsal.rollback()
    zenobie.session.expire_all()
    assert (counted["accounts"], counted["tags"], counted["phone"], counted["profile"]) == (0, 0, 1, 1)
    assert zenobie.consumer().email == EMAIL


def test_a_row_that_was_forgotten_is_found_by_the_check(store: Store, zenobie: Zenobie) -> None:
    session, her = zenobie.session, zenobie.her.id
    close_space(session, her, NOW)
    erase_person(session, her, NOW)
    assert violations(session, rows_of_erased_people()).number == 0
    zenobie.is_known_everywhere()
    found = violations(session, rows_of_erased_people())
    assert {where for where, _ in found} >= {"phone.consumer_id", "sign_up.consumer_id", "bill_tag.consumer_id"}
