"""The secret is replaced while letters are in the post, links in mailboxes, sessions open and bills in the archive."""

import errno
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from audit.run_all_checks import check
from cli.main import main
from config import Config
from consumers.account_claim import Claimed, claim_account
from delivery.channels.email.smtp.smtp_client import SmtpClient
from delivery.channels.paper import print_handover
from doors.feed_drop import drop_feed
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from portal.app import make_app
from store import Store
from store.accounts.consumer import Consumer
from store.accounts.customer_account import CustomerAccount
from store.accounts.one_time_email_link import invitation_link, read_invitation, read_staff_reset, staff_reset_link
from store.bills.bill import BillRow
from store.delivery import Delivery
from store.print_batch import PrintBatch
from store.staff_member import Staff
from store.vault import renew_account_keys as renewal
from store.vault.encryption import RootKeyMissing
from store.vault.key_ring import KeyRing
from store.vault.renew_account_keys import renew_account_keys
from store.vault.root_use import root_uses
from tests.conftest import Clock
from tests.portal.conftest import Browser
from tests.portal.sample_town import PASSWORD, World
from tests.portal.staff_office import Office
from tests.render.sample_bills import text_of
from tests.sample_feeds import batch, ubl

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
NEW = b"the secret that follows, after somebody left"
CODE = re.compile(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b")


def with_keys(store: Store, keys: KeyRing) -> Store:
    """The same store, opened by a process with these keys."""
    return Store(store.engine, store.blobs, keys, store.wake_up, store.incoming)


@pytest.fixture
def replaced(store: Store, config: Config) -> Store:
    """After the replacement, with the old secret beside the new one."""
    return with_keys(store, KeyRing(NEW, [config.secret]))


@pytest.fixture
def alone(store: Store) -> Store:
    """After the replacement, without the old secret."""
    return with_keys(store, KeyRing(NEW))


def pipeline_over(store: Store, config: Config) -> Pipeline:
    return Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender))


def print_bills(store: Store, config: Config, *invoices: str) -> None:
    """Lumière's bills are archived, and their letters handed over."""
    with store.writing() as session:
        issuer = add_issuer(session, "lumiere", "Lumière", NOW)
    drop_feed(store, issuer, io.BytesIO(batch(invoices)), "mars.xml", "cli", NOW)
    pipeline = pipeline_over(store, config)
    pipeline.work_until_idle(NOW)
    pipeline.close_batch(NOW)


def printed_codes(config: Config) -> list[str]:
    return [code for path in sorted(config.outbox.glob("*.pdf")) for code in CODE.findall(text_of(path.read_bytes()))]


def archived(store: Store) -> dict[str, bytes]:
    with store.reading() as session:
        archive = store.archive(session)
        return {row.number: archive.pdf(row) for row in session.scalars(select(BillRow))}


def claim(session: Session, account: str, code: str) -> Any:
    person = Consumer(email=f"{account}@example.org", name="A", password_hash="-", signed_up_at=NOW, confirmed_at=NOW)
    session.add(person)
    session.flush()
    return claim_account(session, person, 1, account, code, NOW)


def test_a_letter_in_the_post_still_claims(store: Store, config: Config, alone: Store) -> None:
    """Its row has the digest of the code: no root is needed."""
    print_bills(store, config, ubl("L-1"))
    [code] = set(printed_codes(config))
    with alone.writing() as session:
        assert isinstance(claim(session, "C-ALICE", code), Claimed)


def test_letters_composed_again_bear_the_same_codes(
    store: Store, config: Config, replaced: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk was full when the lot was to be written. The secret is replaced, then there is room."""
    composed: list[str] = []

    def full(outbox: Any, lot: int, at: str, files: Any, lease: Any) -> Any:
        for file in files:
            into = io.BytesIO()
            list(file.compose(into))
            composed.extend(CODE.findall(text_of(into.getvalue())))
        raise OSError(errno.ENOSPC, "no space left on device")
        yield

    monkeypatch.setattr(print_handover, "write_lot", full)
    print_bills(store, config, ubl("L-1"), ubl("L-2", "C-BOB"))
    monkeypatch.undo()
    assert printed_codes(config) == []
    with replaced.writing() as session:
        session.execute(update(PrintBatch).values(not_before=0.0))
        assert [(each.root, each.letters) for each in root_uses(session)] == [(store.keys.present.id, 2)]
    pipeline_over(replaced, config).close_batch(NOW)
    assert sorted(printed_codes(config)) == sorted(composed) != []
    with replaced.writing() as session:
        assert [each.letters for each in root_uses(session)] == [0]
        bobs = session.scalars(select(Delivery).join(BillRow).where(BillRow.number == "L-2")).one()
        assert bobs.claim_digest
    assert not any(check(replaced).invariants.values())


def test_a_letter_waits_for_the_root_of_its_code(
    store: Store, config: Config, alone: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody gets another code than the one that may be on paper already."""

    def full(*_: Any) -> Any:
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(print_handover, "write_lot", full)
    print_bills(store, config, ubl("L-1"))
    monkeypatch.undo()
    with store.writing() as session:
        session.execute(update(PrintBatch).values(not_before=0.0))
    renew_account_keys(with_keys(store, KeyRing(NEW, [config.secret])))
    pipeline_over(alone, config).close_batch(NOW)
    assert printed_codes(config) == []
    assert f"made with root {store.keys.present.id}, which is not configured" in caplog.text
    assert "FACTEUR_OLD_SECRET_FILES" in caplog.text
    with alone.reading() as session:
        assert session.scalars(select(Delivery.state)).all() == ["attempting"]
    assert check(alone).invariants["roots_missing"] == [(store.keys.present.id, 0, 1, 0, 0, 0, 0, 0)]


def test_the_archive_opens_before_and_after_the_old_root_goes(
    store: Store, config: Config, replaced: Store, alone: Store
) -> None:
    print_bills(store, config, ubl("L-1"), ubl("L-2", "C-BOB"))
    pdfs = archived(store)
    assert archived(replaced) == pdfs
    assert renew_account_keys(replaced).number == 2
    assert archived(alone) == pdfs
    assert archived(replaced) == pdfs
    assert renew_account_keys(replaced).number == 0
    assert not any(check(alone).invariants.values())


def test_a_renewal_that_is_interrupted_goes_on(
    store: Store, config: Config, replaced: Store, alone: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    print_bills(store, config, *(ubl(f"L-{n}", f"C-{n}") for n in range(5)))
    pdfs = archived(store)
    monkeypatch.setattr(renewal, "_GROUP", 2)

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        renew_account_keys(replaced, stop)
    with replaced.reading() as session:
        uses = {each.root: each.accounts for each in root_uses(session)}
    assert uses == {replaced.keys.present.id: 2, store.keys.present.id: 3}
    assert archived(replaced) == pdfs
    assert renew_account_keys(replaced).number == 3
    assert archived(alone) == pdfs


def test_without_the_old_root_the_work_waits_and_says_what_it_needs(
    store: Store, config: Config, alone: Store, replaced: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """Somebody forgot the old secret: no bill fails for it, and all goes on when it is there."""
    print_bills(store, config, ubl("L-1"))
    old = store.keys.present.id
    with alone.reading() as session, pytest.raises(RootKeyMissing, match=f"root {old}.*FACTEUR_OLD_SECRET_FILES"):
        alone.archive(session).pdf(session.scalars(select(BillRow)).one())
    with alone.reading() as session:
        issuer_id = session.scalars(select(CustomerAccount.issuer_id)).one()
    assert issuer_id == 1
    with alone.writing() as session:
        issuer = add_issuer(session, "lumiere", "Lumière", NOW)
    drop_feed(alone, issuer, io.BytesIO(batch([ubl("L-2", issued="2026-03-03")])), "encore.xml", "cli", NOW)
    pipeline_over(alone, config).step(NOW)
    with alone.reading() as session:
        assert session.scalars(select(BillRow.state).where(BillRow.number == "L-2")).one() == "released"
    assert "FACTEUR_OLD_SECRET_FILES" in caplog.text
    assert check(alone).invariants["roots_missing"] == [(old, 1, 0, 0, 0, 0, 0, 0)]
    assert renew_account_keys(alone).unreadable == [1]
    assert check(replaced).invariants["roots_missing"] == []


def test_links_in_mailboxes_open(store: Store, replaced: Store, alone: Store) -> None:
    with store.writing() as session:
        nina = Staff(email="nina@facteur.example", password_hash="-", added_at=NOW)
        session.add(nina)
        session.flush()
        invitation, reset = invitation_link(store.keys, nina), staff_reset_link(store.keys, nina)
        said = read_staff_reset(replaced.keys, reset)
        assert not isinstance(said, str)
        assert nina.has_fingerprint(replaced.keys, said.fingerprint)
        assert not nina.has_fingerprint(alone.keys, said.fingerprint)
    assert not isinstance(read_invitation(replaced.keys, invitation), str)
    assert read_invitation(alone.keys, invitation) == "old"


@pytest.fixture
def alices(store: Store, config: Config, clock: Clock) -> Browser:
    """Alice's browser, with her page of profile open."""
    mine = Browser(make_app(store, config, clock).test_client())
    mine.sign_in(World(store, clock()).consumer("Alice Martin"))
    assert mine.get("/profil").status_code == 200
    return mine


def after(browser: Browser, store: Store, config: Config, clock: Clock) -> Browser:
    """The same browser, at the portal of this store."""
    then = Browser(make_app(store, config, clock).test_client())
    for cookie in ("facteur", "facteur-appareil"):
        found = browser.client.get_cookie(cookie)
        assert found is not None
        then.client.set_cookie(cookie, found.value)
    then.page = browser.page
    return then


def test_open_sessions_and_pages_go_on(
    alices: Browser, store: Store, config: Config, clock: Clock, replaced: Store, alone: Store
) -> None:
    assert after(alices, alone, config, clock).client.get("/profil").status_code == 303
    later = after(alices, replaced, config, clock)
    assert later.post("/langue", language="en").status_code == 200, "the form of a page from before is taken"
    assert later.client.get("/profil").status_code == 200
    assert after(later, alone, config, clock).client.get("/profil").status_code == 200, "the cookie is renewed"


def test_staff_sessions_go_on(
    store: Store, config: Config, clock: Clock, replaced: Store, alone: Store, office: Office
) -> None:
    mine = Browser(make_app(store, config, clock).test_client())
    mine.get("/equipe/connexion")
    assert mine.post("/equipe/connexion", email="oscar@facteur.example", password=PASSWORD).status_code == 200
    later = after(mine, replaced, config, clock)
    assert later.client.get("/equipe/").status_code == 200
    assert after(later, alone, config, clock).client.get("/equipe/").status_code == 200, "the cookie is renewed"


@pytest.fixture
def office(store: Store, config: Config, clock: Clock) -> Office:
    return Office(store, config, clock).begin()


@pytest.fixture
def facteur(config: Config, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command line after the replacement; *old*: the old secret is named."""

    def run(*arguments: str, old: bool = True) -> Result:
        (config.home / "new").write_bytes(NEW)
        (config.home / "old").write_bytes(config.secret)
        monkeypatch.setenv("FACTEUR_HOME", str(config.home))
        monkeypatch.setenv("FACTEUR_DATABASE_URL", config.database_url)
        monkeypatch.setenv("FACTEUR_SECRET_FILE", str(config.home / "new"))
        monkeypatch.setenv("FACTEUR_OLD_SECRET_FILES", str(config.home / "old") if old else "")
        return CliRunner().invoke(main, arguments)

    return run


def test_the_operator_sees_when_the_old_secret_may_go(
    store: Store, config: Config, replaced: Store, facteur: Callable[..., Result]
) -> None:
    print_bills(store, config, ubl("L-1"), ubl("L-2", "C-BOB"))
    old, new = store.keys.present.id, replaced.keys.present.id
    listed = facteur("keys", "list", "--json")
    assert listed.stdout.splitlines() == [
        f'{{"root":"{new}","is":"present","accounts":0,"letters":0,"webhook_secrets":0,"provider_secrets":0,"mandates":0,"push_keys":0,"authenticator_apps":0}}',
        f'{{"root":"{old}","is":"old","accounts":2,"letters":0,"webhook_secrets":0,"provider_secrets":0,"mandates":0,"push_keys":0,"authenticator_apps":0}}',
    ]
    assert "the keys of 2 accounts are not under the present root: facteur keys rotate" in facteur("check").stdout
    assert json.loads(facteur("check", "--json").stdout)["accounts_under_old_roots"] == 2
    missing = facteur("keys", "rotate", old=False)
    assert missing.exit_code == 1
    assert "FACTEUR_OLD_SECRET_FILES" in missing.stderr
    done = facteur("keys", "rotate")
    assert (done.exit_code, done.stdout) == (0, f"the keys of 2 accounts are under root {new} now\n")
    assert json.loads(facteur("check", "--json", old=False).stdout)["invariants"]["roots_missing"] == 0
    assert facteur("keys", "list", "--json", old=False).stdout == (
        f'{{"root":"{new}","is":"present","accounts":2,"letters":0,"webhook_secrets":0,"provider_secrets":0,"mandates":0,"push_keys":0,"authenticator_apps":0}}\n'
    )
