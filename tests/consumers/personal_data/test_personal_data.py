"""Nothing that is kept about a person is forgotten: all tables are crawled. Secrets and other people's data are not
handed out."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import LargeBinary, select

from consumers.leaving.leaving_steps import KEPT, STEPS
from consumers.personal_data.collect_personal_data import ALL_CATEGORIES, personal_data
from consumers.personal_data.personal_categories import CATEGORIES, NOT_HANDED_OUT
from consumers.personal_data.personal_rows import handed_out
from store import Store
from store.accounts.consumer import Consumer, enrol
from store.accounts.joint_holder_notice import HolderNotice
from store.all_models import Base
from store.bills.bill_note import BillNote
from store.db.event import record
from tests.conftest import Clock
from tests.consumers.leaving.test_leaving_steps import _columns_that_refer_to_a_person
from tests.portal.sample_town import World, a_bill

#: What opens something, or is checked against what does.
SECRET = re.compile(r"hash|digest|secret|salt|nonce|encrypted|token|epoch|(^|_)key|cookie|credential|endpoint")
#: Names that only look so.
HARMLESS = {"notice_preference.digest", "notice_preference.digest_day"}


def test_every_column_that_refers_to_a_person_is_handed_out_or_said_why_not() -> None:
    handed = {f"{table.name}.{table.column}" for category in CATEGORIES for table in category.tables}
    found = _columns_that_refer_to_a_person() | {"consumer.id"}
    assert found - handed - set(NOT_HANDED_OUT) == set(), "add a line to consumers/personal_data/personal_categories.py"
    assert (handed | set(NOT_HANDED_OUT)) - found == set(), "no such column"
    assert all(NOT_HANDED_OUT.values())
    goes_or_stays = {each for step in STEPS for each in step.deleted} | {each for kept in KEPT for each in kept.columns}
    assert handed - {"consumer.id"} <= goes_or_stays, "what is handed out is also in the list of what goes and stays"


def test_no_secret_and_no_row_number_is_handed_out() -> None:
    for category in CATEGORIES:
        for table in category.tables:
            for column in handed_out(table):
                name = f"{table.name}.{column.name}"
                assert not SECRET.search(column.name) or name in HARMLESS, name
                assert not isinstance(column.type, LargeBinary) or name == "stated_move.address", name
                assert column.name not in {"id", "consumer_id", "staff_id"}, name
    assert Base.metadata.tables


def test_each_category_says_why_how_long_and_by_which_law() -> None:
    assert all(each.title and each.why and each.until and each.law for each in ALL_CATEGORIES)
    keys = [each.key for each in ALL_CATEGORIES]
    assert len(keys) == len(set(keys))


@pytest.fixture
def alice(store: Store, clock: Clock) -> Consumer:
    """She holds an account with Bob, does without paper, and has written a note."""
    world = World(store, clock())
    lumiere = world.issuer("lumiere", "Lumière")
    row = world.drop(lumiere, [a_bill("L-1", "C-1", world.today - timedelta(days=3))])["L-1"]
    alice, bob = world.consumer("Alice Martin", holds={lumiere: "C-1"}), world.consumer("Bob Durand")
    with store.writing() as session:
        enrol(session, bob.id, row.account_id, clock())
        session.add(
            HolderNotice(
                consumer_id=alice.id, account_id=row.account_id, kind="joined", name="Bob Durand", asker_id=bob.id,
                at=clock(),
            )
        )  # fmt: skip
        session.add(BillNote(consumer_id=alice.id, bill_id=row.id, text="à vérifier", written_at=clock()))
        record(session, "account", row.account_id, "holder confirmed", clock(), by=f"consumer {alice.id}")
        record(session, "consumer", alice.id, "helped", clock(), by="staff 12", why="Oscar l’a appelée")
    return alice


def test_everything_of_alice_and_nothing_of_bob(alice: Consumer, store: Store, clock: Clock) -> None:
    with store.reading() as session:
        bob = session.scalars(select(Consumer).where(Consumer.name == "Bob Durand")).one()
        mine = personal_data(session, alice.id, "fr", clock())
        his = personal_data(session, bob.id, "fr", clock())
    records = {each["key"]: each["records"] for each in mine["categories"]}
    [profile] = [each for each in records["profile"] if each["table"] == "consumer"]
    assert (profile["email"], profile["name"]) == ("alice@exemple.fr", "Alice Martin")
    [contract] = records["contracts"]
    assert contract["contract"] == "C-1"
    assert {(each["table"], each.get("bill")) for each in records["writings"]} == {("bill_note", "L-1")}
    assert [each["what"] for each in records["events"]][-2:] == ["holder confirmed", "helped"]
    assert records["events"][-1]["by"] == "us"
    assert mine["categories"][0]["law"]
    text = json.dumps(mine, ensure_ascii=False)
    for foreign in ("Bob", "bob@", "Oscar", "argon2", alice.password_hash):
        assert foreign not in text
    assert "Alice" not in json.dumps(his, ensure_ascii=False)
    assert "à vérifier" not in json.dumps(his, ensure_ascii=False)
