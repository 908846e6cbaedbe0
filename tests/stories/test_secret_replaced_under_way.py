"""The secret is replaced while others work: two rotations at once, one that is killed, letters being composed, a bucket
that is down. Nothing is lost, nothing is under a key that nobody has, and what was made before opens after."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select, update

from audit.run_all_checks import check
from config import Config
from consumers.account_claim import Claimed, claim_account
from consumers.claim_code import letter_code
from delivery.channels.paper import print_handover
from portal.app import make_app
from store import Store
from store.accounts.consumer import Consumer, holders_of
from store.accounts.customer_account import CustomerAccount
from store.accounts.one_time_email_link import CONFIRM, Confirmation, _signer, read_confirmation
from store.bills.bill import BillRow
from store.delivery import Delivery
from store.outage_or_fault import Unavailable
from store.print_batch import PrintBatch
from store.sign_in.sign_in_session import SessionOwner, begin_session
from store.vault import renew_account_keys as renewal
from store.vault.encryption import HEAD_LENGTH
from store.vault.key_ring import LINKS, SESSIONS, KeyRing, Root
from store.vault.renew_account_keys import renew_account_keys
from store.vault.root_use import root_uses
from tests.conftest import Clock
from tests.sample_feeds import ubl
from tests.store.db.test_upgrade import (  # noqa: F401 -- fixtures
    SECRET,
    YESTERDAY,
    own_upgraded,
    yesterday,
)
from tests.stories.test_replaced_secret import (
    CODE,
    NEW,
    NOW,
    archived,
    pipeline_over,
    print_bills,
    printed_codes,
    with_keys,
)

NEWER = b"the secret that follows that one, a day later"
SEVEN = [ubl(f"L-{n}", f"C-{n}") for n in range(7)]
#: A child that rotates and is killed at the *n*-th key, or after the *n*-th group: in the middle of a transaction, or
#: between two.
KILLED = """
import os, signal, sys
from itertools import count
from cli.main import main
from store.vault import renew_account_keys as renewal
from store.vault.encryption import Encryptor
renewal._GROUP, numbers, at = 2, count(1), int(sys.argv[2])
def counting(real):
    def counted(*arguments):
        if next(numbers) == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments)
    return counted
if sys.argv[1] == "key":
    Encryptor.renew_key = counting(Encryptor.renew_key)
else:
    renewal._next_accounts = counting(renewal._next_accounts)
main(["keys", "rotate"])
"""


def together(*acts: Callable[[], object]) -> None:
    """Do these at the same time; what one raises is raised."""
    begin, errors = Barrier(len(acts)), list[BaseException]()

    def run(act: Callable[[], object]) -> None:
        begin.wait()
        try:
            act()
        except BaseException as error:
            errors.append(error)

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def roots_of(store: Store) -> set[str]:
    """The ids of the roots that the accounts' keys are under."""
    with store.reading() as session:
        return {bytes(key[:HEAD_LENGTH])[1:].hex() for key in session.scalars(select(CustomerAccount.encrypted_key))}


@pytest.fixture
def two_keys_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renewal, "_GROUP", 2)


@pytest.mark.usefixtures("two_keys_at_a_time")
def test_two_rotations_at_once_lose_no_key(store: Store, config: Config) -> None:
    print_bills(store, config, *SEVEN)
    pdfs = archived(store)
    replaced = [with_keys(store, KeyRing(NEW, [config.secret])) for _ in range(2)]
    together(*(lambda each=each: renew_account_keys(each) for each in replaced))
    assert roots_of(store) == {Root(NEW).id}
    alone = with_keys(store, KeyRing(NEW))
    assert archived(alone) == pdfs
    assert not any(check(alone).invariants.values())


@pytest.mark.usefixtures("two_keys_at_a_time")
def test_a_rotation_that_does_not_know_the_newest_secret_leaves_its_keys(store: Store, config: Config) -> None:
    """Two machines, one of which has the older setting."""
    print_bills(store, config, *SEVEN)
    pdfs = archived(store)
    one, other = with_keys(store, KeyRing(NEW, [config.secret])), with_keys(store, KeyRing(NEWER, [NEW, config.secret]))
    together(lambda: renew_account_keys(one), lambda: renew_account_keys(other))
    assert roots_of(store) <= {Root(NEW).id, Root(NEWER).id}
    assert archived(other) == pdfs
    renew_account_keys(other)
    assert renew_account_keys(one).number == 0, "what it cannot open it leaves"
    assert roots_of(store) == {Root(NEWER).id}
    assert archived(with_keys(store, KeyRing(NEWER))) == pdfs


@pytest.mark.parametrize(("where", "n"), [("key", 1), ("key", 4), ("group", 3)])
def test_a_rotation_that_is_killed_goes_on(store: Store, config: Config, tmp_path: Path, where: str, n: int) -> None:
    print_bills(store, config, *SEVEN)
    pdfs = archived(store)
    (tmp_path / "new").write_bytes(NEW)
    (tmp_path / "old").write_bytes(config.secret)
    settings = {
        "FACTEUR_HOME": str(config.home), "FACTEUR_DATABASE_URL": config.database_url,
        "FACTEUR_SECRET_FILE": str(tmp_path / "new"), "FACTEUR_OLD_SECRET_FILES": str(tmp_path / "old"),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }  # fmt: skip
    command = [sys.executable, "-c", KILLED, where, str(n)]
    assert subprocess.run(command, env=os.environ | settings, check=False).returncode == -signal.SIGKILL
    both = with_keys(store, KeyRing(NEW, [config.secret]))
    assert roots_of(store) <= {Root(NEW).id, Root(config.secret).id}
    assert Root(config.secret).id in roots_of(store), "or it was not killed in time"
    assert archived(both) == pdfs
    renew_account_keys(both)
    assert archived(with_keys(store, KeyRing(NEW))) == pdfs


def test_letters_that_are_composed_while_keys_are_rotated_bear_their_codes(
    store: Store, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker still has the old secret alone: after its first letter the keys are taken over, and it can read no
    more. The next worker has both, and every letter bears the code that it had."""
    both, codes = with_keys(store, KeyRing(NEW, [config.secret])), list[str]()
    real = print_handover.read_letters

    def rotating(worker: Store, batch_id: int, *rest: Any) -> Any:
        with worker.reading() as session:
            letters = session.scalars(select(Delivery).where(Delivery.batch_id == batch_id)).all()
            codes.extend(letter_code(worker.keys, each) for each in letters)
        renew_account_keys(both)
        return (yield from real(worker, batch_id, *rest))

    monkeypatch.setattr(print_handover, "read_letters", rotating)
    print_bills(store, config, ubl("L-1"), ubl("L-2", "C-BOB"))
    monkeypatch.undo()
    assert printed_codes(config) == [], "nothing goes out half"
    with both.writing() as session:
        assert set(session.scalars(select(Delivery.state))) == {"attempting"}, "it waits"
        session.execute(update(PrintBatch).values(not_before=0.0))
    pipeline_over(both, config).close_batch(NOW)
    assert set(printed_codes(config)) == set(codes) != set()
    with both.reading() as session:
        assert [each.letters for each in root_uses(session)] == [0]
    assert not any(check(both).invariants.values())


def test_an_account_that_is_opened_with_the_old_secret_meanwhile_is_told(store: Store, config: Config) -> None:
    """A worker that was not started anew: its new accounts are under the old root, and the next rotation takes them."""
    print_bills(store, config, ubl("L-1"))
    both = with_keys(store, KeyRing(NEW, [config.secret]))
    renew_account_keys(both)
    print_bills(store, config, ubl("L-2", "C-BOB"))
    assert roots_of(store) == {Root(NEW).id, Root(config.secret).id}
    assert check(both).under_old_roots == 1
    assert renew_account_keys(both).number == 1
    assert check(both).under_old_roots == 0
    assert set(archived(with_keys(store, KeyRing(NEW)))) == {"L-1", "L-2"}


class NoBucket:
    """A blob store that is down, whatever is asked of it."""

    def __getattr__(self, name: str) -> Any:
        raise Unavailable("the bucket does not answer")


def test_keys_are_rotated_while_the_bucket_is_down(store: Store, config: Config) -> None:
    """Only rows change. What is printed meanwhile waits, and bears its codes when the bucket is back."""
    print_bills(store, config, ubl("L-1"), ubl("L-2", "C-BOB"))
    pdfs = archived(store)
    both = KeyRing(NEW, [config.secret])
    down = Store(store.engine, NoBucket(), both, store.wake_up, store.incoming)  # type: ignore[arg-type]
    assert renew_account_keys(down).number == 2
    with pytest.raises(Unavailable):
        archived(down)
    assert archived(with_keys(store, both)) == pdfs
    assert archived(with_keys(store, KeyRing(NEW))) == pdfs
    assert not any(check(with_keys(store, both)).invariants.values())


def test_what_yesterdays_program_made_opens_after_its_secret_is_replaced(
    own_upgraded: Store,  # noqa: F811
    config: Config,
    clock: Clock,
) -> None:
    """Its links and sessions name no root, and a letter's code needs none."""
    both = with_keys(own_upgraded, KeyRing(NEW, [SECRET]))
    renew_account_keys(both)
    with both.reading() as session:
        consumer = session.scalars(select(Consumer).where(Consumer.confirmed_at.is_not(None))).first()
        assert consumer is not None
    link = _signer(Root(SECRET).key_before(LINKS), CONFIRM).dumps(Confirmation(consumer.id, consumer.email, 0))
    assert read_confirmation(both.keys, link) == Confirmation(consumer.id, consumer.email, 0)
    assert isinstance(read_confirmation(KeyRing(NEW), link), str)
    assert is_let_in(both, config, clock, cookie_of_yesterday(own_upgraded, config, clock, consumer))
    claims_by_yesterdays_letter(with_keys(own_upgraded, KeyRing(NEW)))


def cookie_of_yesterday(store: Store, config: Config, clock: Clock, consumer: Consumer) -> str:
    app = make_app(store, config, clock)
    app.config.update(SECRET_KEY=Root(SECRET).key_before(SESSIONS), SECRET_KEY_FALLBACKS=[])
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    said = {"_user_id": f"consumer:{consumer.id}:{consumer.session_epoch}:yesterday", "_fresh": True}
    with store.writing() as session:
        begin_session(session, SessionOwner(consumer.id), "yesterday", "", clock(), clock().date())
    return str(signer.dumps(said))


def is_let_in(store: Store, config: Config, clock: Clock, cookie: str) -> bool:
    client = make_app(store, config, clock).test_client()
    client.set_cookie("facteur", cookie)
    return client.get("/profil").status_code == 200


def claims_by_yesterdays_letter(store: Store) -> None:
    """A letter's code claims its account; the store has the new root alone."""
    said = json.loads((YESTERDAY / "letters.json").read_text())
    now = datetime(2026, 11, 26, tzinfo=UTC)
    with store.writing() as session:
        printed = select(Delivery, CustomerAccount).join(BillRow, BillRow.id == Delivery.bill_id)
        printed = printed.join(CustomerAccount, CustomerAccount.id == BillRow.account_id)
        printed = printed.where(Delivery.claim_digest.is_not(None), Delivery.channel == "paper")
        letters = [each for each in session.execute(printed) if not holders_of(session, [each[1].id]).get(each[1].id)]
        letter, account = letters[-1]
        person = Consumer(email="zoe@example.org", name="Zoé", password_hash="-", signed_up_at=now, confirmed_at=now)
        session.add(person)
        session.flush()
        code = said[str(letter.id)]["code"]
        found = claim_account(session, person, account.issuer_id, account.value, code, letter.sent_at + timedelta(1))
        assert isinstance(found, Claimed)
        assert CODE.fullmatch(code)
