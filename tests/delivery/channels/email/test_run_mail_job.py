"""The mails that the portal asks for."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import delete, select, update

import store.job
from bill import Reason
from delivery import SmtpClient, run_mail_job
from delivery.channels.email.smtp.dev_inbox import list_mails
from delivery.notices.choose_notices import choose_notices
from delivery.notices.notice_preference import NoticePreference
from staff.invitations import add_member, add_operator
from store.accounts.consumer import Consumer
from store.accounts.customer_account import CustomerAccount
from store.accounts.joint_holder_notice import notify_holder
from store.accounts.one_time_email_link import invited_at, read_confirmation, read_invitation, read_reset
from store.db import leases
from store.job import MOST_ATTEMPTS, Job, claim_job, finish_job, postpone_job, request_job, retry_job
from store.outbox.webhook_endpoint import WebhookEndpoint
from store.staff_member import Staff
from tests.delivery.sample_bills import PUBLIC_URL, World

pytestmark = pytest.mark.beside_any_database

TUESDAY = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


def run(world: World, post, now: datetime = TUESDAY) -> Job:
    with world.store.writing() as session:
        job = claim_job(session, now)
    assert job is not None
    run_mail_job(world.store, job, post, PUBLIC_URL, now)
    with world.store.reading() as session:
        return session.get_one(Job, job.id)


def asked(world: World, kind: str, **particulars) -> None:
    with world.store.writing() as session:
        request_job(session, kind, particulars, TUESDAY)


def token_of(inbox, path: str) -> str:
    [mail] = list_mails(inbox)
    prefix = f"{PUBLIC_URL}/{path}/"
    assert mail.links[0].startswith(prefix)
    return mail.links[0].removeprefix(prefix)


@pytest.mark.parametrize(("language", "subject"), [("fr", "Confirmez votre adresse"), ("en", "Confirm your address")])
def test_alice_confirms_her_address(world, post, inbox, language, subject):
    alice = world.consumer("Alice", language=language)
    asked(world, "confirm", consumer_id=alice)
    assert run(world, post).state == "done"
    assert (list_mails(inbox)[0].subject, list_mails(inbox)[0].language) == (subject, language)
    assert read_confirmation(world.store.keys, token_of(inbox, "inscription/confirmer")) == (
        alice,
        "alice@example.org",
        0,
    )


def test_a_link_for_a_new_password_names_the_epoch_that_using_it_ends(world, post, inbox):
    alice = world.consumer("Alice")
    with world.store.writing() as session:
        session.execute(update(Consumer).values(session_epoch=3))
    asked(world, "reset", consumer_id=alice)
    assert run(world, post).state == "done"
    assert read_reset(world.store.keys, token_of(inbox, "mot-de-passe")) == (alice, 3)


def test_a_mail_that_charlie_waits_for_goes_in_his_quiet_hours(world, post, inbox):
    charlie = world.consumer("Charlie")
    with world.store.writing() as session:
        quiet = NoticePreference(channels=(), digest="weekly", quiet_from=time(8), quiet_until=time(20))
        choose_notices(session, charlie, None, quiet, TUESDAY)
    asked(world, "reset", consumer_id=charlie)
    assert run(world, post).state == "done"
    assert [mail.subject for mail in list_mails(inbox)] == ["Un nouveau mot de passe"]


def test_a_mail_about_an_account_has_the_language_chosen_for_it(world, post, inbox):
    alice = world.consumer("Alice")
    account = world.account(alice)
    with world.store.writing() as session:
        choose_notices(session, alice, account, NoticePreference(language="en"), TUESDAY)
        notify_holder(session, alice, session.get_one(CustomerAccount, account), "joined", "Bob", TUESDAY)
    assert run(world, post).state == "done"
    assert [mail.language for mail in list_mails(inbox)] == ["en"]


def test_a_link_is_for_the_epoch_in_which_it_was_asked_for(world, post, inbox):
    """Whatever happened before the mail was written."""
    alice = world.consumer("Alice")
    asked(world, "reset", consumer_id=alice, epoch=0)
    with world.store.writing() as session:
        session.execute(update(Consumer).values(session_epoch=3))
    assert run(world, post).state == "done"
    assert read_reset(world.store.keys, token_of(inbox, "mot-de-passe")) == (alice, 0)


def test_whoever_signs_up_again_is_told_in_private(world, post, inbox):
    asked(world, "already_signed_up", email="alice@example.org")
    assert run(world, post).state == "done"
    [mail] = list_mails(inbox, "alice@example.org")
    assert mail.links[0] == f"{PUBLIC_URL}/connexion"
    assert mail.subject == "Vous avez déjà un espace / You have a space already"


@pytest.mark.parametrize("other_is_done", [True, False])
@pytest.mark.parametrize("ends", ["answered", "later", "failed", "put off"])
def test_who_was_stopped_for_longer_than_its_lease_says_nothing(world, post, monkeypatch, ends, other_is_done):
    """Another worker has taken its job over."""
    asked(world, "already_signed_up", email="alice@example.org")
    with world.store.writing() as session:
        stopped = claim_job(session, TUESDAY)
    with world.store.writing() as session:
        session.execute(update(Job).values(lease_until=0.0))
    with monkeypatch.context() as patched:
        patched.setattr(leases, "this_process", lambda: "alice.boot.1/7/7")
        patched.setattr(store.job, "this_process", lambda: "alice.boot.1/7/7")
        if other_is_done:
            run(world, post)
        else:
            with world.store.writing() as session:
                assert claim_job(session, TUESDAY) is not None
    before = as_it_stands(world)
    with world.store.writing() as session:
        if ends == "answered":
            finish_job(session, stopped.id, "250 ok")
        elif ends == "put off":
            postpone_job(session, stopped, TUESDAY, Reason.of("job_waits", error="the relay is down"))
        else:
            stopped.attempts = MOST_ATTEMPTS if ends == "failed" else 1
            retry_job(session, stopped, TUESDAY, Reason.of("job_failed", error="it did not work"))
    assert as_it_stands(world) == before


def as_it_stands(world: World) -> tuple:
    with world.store.reading() as session:
        return session.execute(select(*Job.__table__.columns)).one()._tuple()


def test_members_and_operators_are_invited(world, post, inbox):
    with world.store.writing() as session:
        olga = add_member(session, "lumiere", "olga@lumiere.example", TUESDAY)
        member = (olga.id, invited_at(olga))
    assert run(world, post).state == "done"
    assert list_mails(inbox)[0].subject == "Votre accès à Lumière de l'Ouest / Your access to Lumière de l'Ouest"
    assert read_invitation(world.store.keys, token_of(inbox, "equipe/invitation")) == member
    with world.store.writing() as session:
        add_operator(session, "oscar@facteur.example", TUESDAY)
    assert run(world, post).state == "done"
    assert list_mails(inbox, "oscar@facteur.example")[0].subject == "Votre accès à Facteur / Your access to Facteur"


def test_whoever_is_invited_at_an_address_of_another_team_is_told(world, post, inbox):
    with world.store.writing() as session:
        add_operator(session, "oscar@facteur.example", TUESDAY)
        add_member(session, "lumiere", "oscar@facteur.example", TUESDAY, "fr", by_colleague=True)
    assert [run(world, post).state for _ in range(2)] == ["done"] * 2
    mail = next(mail for mail in list_mails(inbox) if "Lumière" in mail.subject)
    assert "déjà celle d’une autre équipe" in mail.text
    assert mail.links == [f"{PUBLIC_URL}/equipe/connexion"]


def test_whose_language_is_unknown_reads_all(world, post, inbox):
    with world.store.writing() as session:
        olga = add_member(session, "lumiere", "olga@lumiere.example", TUESDAY)
        olga.password_hash = "kept"
        number = olga.id
    run(world, post)
    asked(world, "staff_reset", staff_id=number)
    assert run(world, post).state == "done"
    told = next(mail for mail in list_mails(inbox) if "password" in mail.subject)
    assert told.subject == "Un nouveau mot de passe / A new password"
    assert [words in told.text for words in ("Vous avez demandé", "You asked for", "Ce n’était pas vous", "If it")] == [
        True, True, True, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "subject", "again"),
    [("fr", "Votre accès à Facteur", "Un nouveau mot de passe"), ("en", "Your access to Facteur", "A new password")],
)
def test_staff_are_written_to_in_their_language(world, post, inbox, language, subject, again):
    with world.store.writing() as session:
        oscar = add_operator(session, "oscar@facteur.example", TUESDAY, language)
        oscar_id = oscar.id
    assert run(world, post).state == "done"
    with world.store.writing() as session:
        session.execute(update(Staff).values(password_hash="-"))
    asked(world, "staff_reset", staff_id=oscar_id)
    assert run(world, post).state == "done"
    assert {mail.subject for mail in list_mails(inbox)} == {subject, again}


@pytest.mark.parametrize(
    ("kind", "particulars"),
    [("confirm", {"consumer_id": 99}), ("invite", {"staff_id": 99}), ("dance", {"consumer_id": 1})],
)
def test_what_makes_no_sense_is_answered(world, post, inbox, kind, particulars):
    asked(world, kind, **particulars)
    done = run(world, post)
    assert (done.state, done.answer, done.reason) == ("done", "", Reason("email_moot"))
    assert list_mails(inbox) == []


def test_nobody_answers_so_it_is_tried_again(world, post, inbox):
    asked(world, "confirm", consumer_id=world.consumer("Alice"))
    job = run(world, SmtpClient("smtp://127.0.0.1:1", "Facteur <f@facteur.example>", timeout=1))
    assert (job.state, job.due_at) == ("todo", TUESDAY + timedelta(minutes=1))
    assert run(world, post, TUESDAY + timedelta(minutes=1)).state == "done"
    assert len(list_mails(inbox)) == 1


def test_an_address_that_refuses_is_not_tried_again(world, post):
    asked(world, "confirm", consumer_id=world.consumer("Charlie", "bounce@example.org"))
    job = run(world, post)
    assert (job.state, job.answer, job.reason.code) == ("done", "", "email_not_taken")
    assert job.reason.values["answer"].startswith("5")


def test_a_member_hears_that_events_arrive_no_longer(world, post, inbox):
    """Not if somebody has enabled the endpoint meanwhile, and never another issuer's member."""
    with world.store.writing() as session:
        member = add_member(session, "lumiere", "mina@lumiere.example", TUESDAY)
        endpoint = WebhookEndpoint(
            issuer_id=1, url="https://lumiere.example/in", types=[], state="disabled", given_upto=0, made_at=TUESDAY,
            reason=Reason("endpoint_gone"),
        )  # fmt: skip
        session.add(endpoint)
        session.flush()
        session.execute(delete(Job))
        particulars = {"staff_id": member.id, "endpoint_id": endpoint.id}
    asked(world, "webhook_disabled", **particulars)
    assert run(world, post).state == "done"
    [mail] = list_mails(inbox)
    assert "https://lumiere.example/in" in mail.text
    assert mail.links[-1] == f"{PUBLIC_URL}/equipe/"
    with world.store.writing() as session:
        session.execute(update(WebhookEndpoint).values(state="enabled"))
    asked(world, "webhook_disabled", **particulars)
    assert run(world, post).state == "done"
    assert len(list_mails(inbox)) == 1
