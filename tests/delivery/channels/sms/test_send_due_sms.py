"""Alice has chosen SMS. What becomes of each, when the provider takes it, refuses it, hangs, or a process is killed."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

import delivery
from audit.delivery_invariants import (
    failed_without_successor,
    forgotten_bills,
    posted_without_letter,
    sent_without_attempt,
)
from cli.delivery import delivery_line
from config import Config
from consumers.confirm_phone import ask_code, confirm_phone, phone_code
from consumers.one_bill_link import delivery_of_token
from delivery.channels.attempt_log import MOST_ATTEMPTS
from delivery.channels.provider_health import ProviderHealth
from delivery.channels.sms.send_due_sms import SmsRoute
from delivery.channels.sms.sms_folder import SmsFolder, list_sms
from delivery.channels.sms.sms_provider import Sms
from delivery.channels.sms.sms_reference import delivery_of_reference, sms_reference
from delivery.notices.choose_notices import choose_notices
from delivery.notices.notice_preference import NoticeChannel, NoticePreference
from store import open_store
from store.accounts.phone import phones_of, withdraw_phone
from store.db.leases import reclaim_dead
from store.delivery import Attempt, Delivery
from store.message_cost import message_costs
from store.vault.key_ring import KeyRing
from tests.delivery.channels.sms.sms_server import SmsServer
from tests.delivery.sample_bills import PUBLIC_URL, SECRET, World

TUESDAY = datetime(2026, 3, 3, 9, tzinfo=UTC)
ISSUED, DUE = date(2026, 3, 3), date(2026, 4, 7)
NUMBER = "+33612345678"


def texted(world: World, name: str = "Alice", *channels: NoticeChannel, number: str = NUMBER) -> int:
    """Somebody who has confirmed a phone, and chosen these channels."""
    person = world.consumer(name)
    with world.store.writing() as session:
        phone = ask_code(session, person, number, TUESDAY)
        code = phone_code(world.store.keys, phone)
        assert confirm_phone(session, world.store.keys, person, code, TUESDAY) == "confirmed"
        preference = NoticePreference(channels=channels or ("sms",))
        choose_notices(session, person, None, preference, TUESDAY)
    return person


def told(world: World, *people: int) -> int:
    bill = world.bill(world.account(*people, paperless=True), ISSUED, DUE)
    world.choose(TUESDAY)
    return bill


def sent(world: World, route: SmsRoute, now: datetime = TUESDAY) -> None:
    with world.store.writing() as session:
        delivery.promote_due(session, now)
    while delivery.send_due_sms(world.store, route, PUBLIC_URL, now):
        pass


def of(world: World, bill: int, channel: str, purpose: str = "notify") -> Delivery | None:
    with world.store.reading() as session:
        query = select(Delivery).where(Delivery.bill_id == bill, Delivery.channel == channel)
        return session.scalar(query.where(Delivery.purpose == purpose))


def attempts(world: World, delivery_id: int) -> list[Attempt]:
    with world.store.reading() as session:
        return list(session.scalars(select(Attempt).where(Attempt.delivery_id == delivery_id).order_by(Attempt.n)))


def sound(world: World) -> None:
    with world.store.reading() as session:
        for ask in (forgotten_bills, sent_without_attempt, failed_without_successor, posted_without_letter):
            assert session.execute(ask()).all() == []


def test_alice_is_told_by_sms_and_its_cost_is_kept(world: World, server: SmsServer, route: SmsRoute) -> None:
    alice = texted(world)
    bill = told(world, alice)
    notice = of(world, bill, "sms")
    assert (notice.state, notice.reason.code) == ("ready", "announced_by_sms")
    assert of(world, bill, "email") is None
    sent(world, route)
    [sms] = server.asked
    assert sms["to"] == NUMBER
    assert sms["text"].startswith("Lumière de l'Ouest : votre facture est arrivée. 84,20 € à payer")
    assert delivery_of_token(world.store.keys, sms["text"].rpartition("/f/")[2]) == notice.id
    assert delivery_of_reference(world.store.keys, sms["reference"]) == notice.id
    [attempt] = attempts(world, notice.id)
    assert (attempt.outcome, attempt.message_id, attempt.provider_id) == ("sent", sms["reference"], "m-1")
    assert (attempt.segments, attempt.cost) == (1, Decimal("0.045"))
    with world.store.reading() as session:
        line = delivery_line(of(world, bill, "sms"), message_costs(session, [notice.id]))
        assert (line["segments"], line["cost"]) == (1, Decimal("0.045"))
        assert message_costs(session, [of(world, bill, "portal", "present").id]) == {}
    assert of(world, bill, "sms").state == "sent"
    sound(world)


def test_segments_are_counted_where_the_provider_does_not(world: World, server: SmsServer, route: SmsRoute) -> None:
    server.body = b""
    bill = told(world, texted(world))
    sent(world, route)
    [attempt] = attempts(world, of(world, bill, "sms").id)
    assert (attempt.segments, attempt.cost) == (1, Decimal("0.06"))


def test_reminders_alternate_by_channel(world: World) -> None:
    bill = told(world, texted(world, "Alice", "email", "sms"))
    assert of(world, bill, "email").state == "ready"
    assert of(world, bill, "sms", "remind-1").state == "waiting"
    assert of(world, bill, "email", "remind-2") is not None


def test_sms_hold_quiet_hours(world: World, server: SmsServer, route: SmsRoute) -> None:
    alice = texted(world)
    bill = told(world, alice)
    with world.store.writing() as session:
        quiet = NoticePreference(channels=("sms",), quiet_from=time(8), quiet_until=time(12))
        choose_notices(session, alice, None, quiet, TUESDAY)
    sent(world, route)
    assert server.asked == []
    assert of(world, bill, "sms").due_at == datetime(2026, 3, 3, 11, tzinfo=UTC)
    sent(world, route, TUESDAY + timedelta(hours=2))
    assert len(server.asked) == 1


def test_a_weekly_digest_is_of_mails_alone(world: World) -> None:
    alice = texted(world)
    with world.store.writing() as session:
        choose_notices(session, alice, None, NoticePreference(channels=("sms",), digest="weekly"), TUESDAY)
    notice = of(world, told(world, alice), "sms")
    assert (notice.state, notice.reason.code) == ("ready", "announced_by_sms")


@pytest.mark.parametrize(
    ("status", "state", "tries", "outcome"),
    [(429, "waiting", 0, "later"), (503, "waiting", 0, "later"), (500, "waiting", 0, "later"),
     (400, "waiting", 1, "later"), (504, "waiting", 1, "in_doubt")],
)  # fmt: skip
def test_what_may_succeed_later_is_tried_later(
    world: World, server: SmsServer, route: SmsRoute, status: int, state: str, tries: int, outcome: str
) -> None:
    server.status, server.body = status, b""
    bill = told(world, texted(world))
    sent(world, route)
    notice = of(world, bill, "sms")
    assert (notice.state, notice.attempts) == (state, tries)
    assert [each.outcome for each in attempts(world, notice.id)] == [outcome]
    assert len(server.asked) == 1
    server.status = 200
    sent(world, route, TUESDAY + timedelta(minutes=5))
    assert of(world, bill, "sms").state == "sent"
    assert len({each["reference"] for each in server.asked}) == 1


def test_a_number_that_is_refused_is_suppressed_and_the_bill_goes_by_post(
    world: World, server: SmsServer, route: SmsRoute
) -> None:
    server.status, server.body = 400, b'{"error": {"field": "to", "message": "unknown number"}}'
    alice = texted(world)
    bill = told(world, alice)
    sent(world, route)
    assert of(world, bill, "sms").state == "failed"
    letter = of(world, bill, "paper", "print")
    assert (letter.state, letter.reason.code) == ("ready", "sms_undelivered")
    assert of(world, told(world, alice), "paper", "print").state == "ready"
    sent(world, route)
    assert len(server.asked) == 1
    with world.store.reading() as session:
        assert phones_of(session, [alice])[alice].failure == "400 unknown number"
    sound(world)


def test_a_number_that_is_refused_is_followed_by_a_mail_to_who_chose_both(
    world: World, server: SmsServer, route: SmsRoute
) -> None:
    alice = texted(world, "Alice", "email", "sms")
    bill = told(world, alice)
    with world.store.writing() as session:
        delivery.mail_bounced(session, of(world, bill, "email").id, "550 5.1.1 unknown", TUESDAY)
    notice = of(world, bill, "sms")
    assert (notice.state, notice.reason.code) == ("ready", "email_bounced")
    assert of(world, bill, "paper", "print").state == "waiting"
    server.status, server.body = 400, b'{"error": {"field": "to"}}'
    sent(world, route)
    assert of(world, bill, "sms").state == "failed"
    assert of(world, bill, "paper", "print").state == "ready"
    sound(world)


def test_a_reminder_that_fails_prints_nothing_while_a_mail_has_told(
    world: World, server: SmsServer, route: SmsRoute, post: delivery.SmtpClient
) -> None:
    alice = texted(world, "Alice", "email", "sms")
    bill = told(world, alice)
    world.send(post, TUESDAY)
    server.status, server.body = 400, b'{"error": {"field": "to"}}'
    sent(world, route, of(world, bill, "sms", "remind-1").due_at)
    assert of(world, bill, "sms", "remind-1").state == "failed"
    assert of(world, bill, "paper", "print").state == "waiting"


def test_who_turns_to_sms_is_told_of_what_waited_for_a_mail_by_sms(
    world: World, server: SmsServer, route: SmsRoute, post: delivery.SmtpClient
) -> None:
    alice = texted(world, "Alice", "email")
    bill = told(world, alice)
    with world.store.writing() as session:
        choose_notices(session, alice, None, NoticePreference(channels=("sms",)), TUESDAY)
    world.send(post, TUESDAY)
    assert of(world, bill, "email").state == "failed"
    sent(world, route)
    assert (of(world, bill, "sms").state, of(world, bill, "paper", "print").state) == ("sent", "waiting")


@pytest.mark.parametrize("how", ["withdrawn", "not offered", "chosen otherwise"])
def test_what_may_not_go_any_more_goes_by_post(world: World, server: SmsServer, route: SmsRoute, how: str) -> None:
    alice = texted(world)
    bill = told(world, alice)
    with world.store.writing() as session:
        if how == "withdrawn":
            withdraw_phone(session, alice, TUESDAY)
        if how == "chosen otherwise":
            choose_notices(session, alice, None, NoticePreference(channels=()), TUESDAY)
    sent(world, SmsRoute(None, Decimal(0), ProviderHealth()) if how == "not offered" else route)
    reasons = {
        "withdrawn": "phone_unconfirmed",
        "not offered": "sms_not_offered",
        "chosen otherwise": "no_channel_chosen",
    }
    assert server.asked == []
    letter = of(world, bill, "paper", "print")
    assert (of(world, bill, "sms").state, letter.state, letter.reason.code) == ("failed", "ready", reasons[how])


def test_a_provider_that_never_takes_it_ends_on_paper(world: World, server: SmsServer, route: SmsRoute) -> None:
    server.status, server.body = 400, b""
    bill, now = told(world, texted(world)), TUESDAY
    for _ in range(MOST_ATTEMPTS):
        sent(world, route, now)
        now += timedelta(days=1)
    notice = of(world, bill, "sms")
    assert (len(attempts(world, notice.id)), notice.state) == (MOST_ATTEMPTS, "failed")
    assert of(world, bill, "paper", "print").reason.code == "email_refused"


def send_and_die(config: Config, taken: Path) -> None:
    class Killed(SmsFolder):
        def send(self, sms: Sms) -> None:
            super().send(sms)
            os.kill(os.getpid(), signal.SIGKILL)

    store = open_store(config.database_url, config.blobs_url, KeyRing(config.secret), config.home / "incoming")
    delivery.send_due_sms(store, SmsRoute(Killed(taken), Decimal(0), ProviderHealth()), PUBLIC_URL, TUESDAY)


def test_a_killed_process_sends_again_under_the_same_reference(world: World, config: Config, tmp_path: Path) -> None:
    bill = told(world, texted(world))
    victim = multiprocessing.get_context("fork").Process(target=send_and_die, args=(config, tmp_path))
    victim.start()
    victim.join()
    assert victim.exitcode == -signal.SIGKILL
    with world.store.writing() as session:
        reclaim_dead(session, [Delivery])
    again = SmsRoute(SmsFolder(tmp_path), Decimal(0), ProviderHealth())
    sent(world, again)
    notice = of(world, bill, "sms")
    assert (notice.state, [each.outcome for each in attempts(world, notice.id)]) == ("sent", ["in_doubt", "sent"])
    [kept] = list_sms(tmp_path)
    assert {each.message_id for each in attempts(world, notice.id)} == {kept.reference}


@pytest.mark.parametrize(
    "forge",
    [lambda good: good[:-1] + ("0" if good[-1] != "0" else "1"), lambda good: good.replace("d7-", "d8-"),
     lambda _: "", lambda good: good.upper(), lambda good: good + "\n", lambda good: good.replace("d7", "d07")],
)  # fmt: skip
def test_a_reference_names_its_delivery_and_no_other(forge: Callable[[str], str]) -> None:
    keys = KeyRing(SECRET)
    good = sms_reference(keys, 7)
    assert delivery_of_reference(keys, good) == 7
    assert delivery_of_reference(KeyRing(b"n" * 32, [SECRET]), good) == 7
    assert delivery_of_reference(keys, forge(good)) is None
