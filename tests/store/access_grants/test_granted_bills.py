"""May this person read that bill through a grant? The one condition of all pages, tried from every side."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import update

from bill import PostalAddress
from consumers.access_grants.invite_reader import ReadingScope, invite_reader
from consumers.holder_suspension import lift_suspension, suspend_holder
from consumers.leave_account import leave_account
from delivery.decide_account_question import decide_account
from feeds.accounts.account_question_resolution import QuestionDecision
from store import Store
from store.access_grants.access_grant import AccessGrant, GrantedAccount
from store.access_grants.granted_bills import granted_bill, granted_bills
from store.accounts.account_notice import notices_of
from store.accounts.account_question import waiting_questions
from store.accounts.consumer import Consumer, Enrolment, end_holding, enrol, holders_of
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from tests.conftest import Clock
from tests.portal.consumers.shared_bills.sylvies_grants import SylvieAndHerReaders
from tests.portal.sample_town import World, a_bill


@pytest.fixture
def house(world: World) -> SylvieAndHerReaders:
    return SylvieAndHerReaders(world)


@pytest.fixture
def world(store: Store, clock: Clock) -> World:
    return World(store, clock())


def read_by(house: SylvieAndHerReaders, reader: Consumer, grant_id: int, days: int = 0) -> set[str]:
    """The numbers of the bills that the reader sees so many days later: in the list, and each by itself."""
    today = house.world.today + timedelta(days=days)
    with house.store.reading() as session:
        listed = {each.bill.number for each in granted_bills(session, reader.id, grant_id, today, None, 50)}
        opened = {
            number
            for number, row in house.bills.items()
            if granted_bill(session, reader.id, grant_id, row.uid, today) is not None
        }
    assert listed == opened
    return opened


EVERY = {"LO-1", "LO-AV", "LO-R", "EAU-1"}


def test_a_reader_sees_what_the_scope_says(house: SylvieAndHerReaders) -> None:
    for name, scope, seen in (
        ("Marc Un", {}, EVERY),
        ("Omar Deux", {"accounts": (house.water,)}, {"EAU-1"}),
        ("Kim Trois", {"accounts": (house.electricity,), "kinds": ("credit_notes",)}, {"LO-AV"}),
        ("Lou Quatre", {"kinds": ("invoices", "correctives")}, {"LO-1", "LO-R", "EAU-1"}),
    ):
        assert read_by(house, *house.reader(name, **scope)) == seen, name


def test_a_grant_is_its_readers_alone(house: SylvieAndHerReaders) -> None:
    marc, of_marc = house.reader("Marc Un")
    omar, of_omar = house.reader("Omar Deux", accounts=(house.water,))
    assert read_by(house, omar, of_marc) == read_by(house, marc, of_omar) == set()
    assert read_by(house, house.sylvie, of_marc) == set()


def test_nothing_is_seen_before_it_is_accepted_or_after_it_ended(house: SylvieAndHerReaders) -> None:
    ivan = house.world.consumer("Ivan Cinq")
    invited = house.invites(ivan.email)
    assert read_by(house, ivan, invited) == set()
    nadia, grant = house.reader("Nadia Six", until=house.world.today + timedelta(days=3))
    assert read_by(house, nadia, grant, days=3) == EVERY
    assert read_by(house, nadia, grant, days=4) == set(), "whether or not a worker has ended it yet"
    assert house.revokes(grant)
    assert read_by(house, nadia, grant) == set()
    assert not house.revokes(grant)


def _leaves(house: SylvieAndHerReaders) -> None:
    with house.store.writing() as session:
        account = session.get_one(CustomerAccount, house.electricity)
        assert leave_account(session, account, session.get_one(Consumer, house.sylvie.id), house.world.now)


def _is_suspended(house: SylvieAndHerReaders) -> None:
    """Bob, who came to hold the contract before her, suspends her, and takes it back."""
    bob = house.world.consumer("Bob Martin")
    with house.store.writing() as session:
        account = session.get_one(CustomerAccount, house.electricity)
        enrol(session, bob.id, account.id, house.world.now - timedelta(days=9))
        assert suspend_holder(session, account, bob, house.sylvie.id, house.world.now)
        assert lift_suspension(session, account, bob, house.sylvie.id, house.world.now)


def _is_removed(house: SylvieAndHerReaders) -> None:
    with house.store.writing() as session:
        assert end_holding(session, house.sylvie.id, house.electricity, house.world.now, "mina@lumiere.example")


@pytest.mark.parametrize("ends", [_leaves, _is_suspended, _is_removed])
def test_it_ends_with_the_owner_on_that_contract(
    house: SylvieAndHerReaders, ends: Callable[[SylvieAndHerReaders], None]
) -> None:
    marc, of_all = house.reader("Marc Un")
    lou, of_one = house.reader("Lou Deux", accounts=(house.electricity,))
    ends(house)
    assert read_by(house, marc, of_all) == {"EAU-1"}
    assert read_by(house, lou, of_one) == set()
    with house.store.reading() as session:
        states = {each: session.get_one(AccessGrant, each).state for each in (of_all, of_one)}
        kinds = [each.kind for each in notices_of(session, [house.electricity])[house.electricity]]
    assert states == {of_all: "accepted", of_one: "ended"}
    assert kinds.count("grant_ended") == 2


def test_all_contracts_are_those_that_come_later_too(house: SylvieAndHerReaders) -> None:
    marc, of_all = house.reader("Marc Un")
    lou, of_one = house.reader("Lou Deux", accounts=(house.electricity,))
    _leaves(house)
    with house.store.writing() as session:
        assert enrol(session, house.sylvie.id, house.electricity, house.world.now + timedelta(days=1))
    assert read_by(house, marc, of_all) == EVERY
    assert read_by(house, lou, of_one) == set(), "what she named has ended; nobody gives it back in her name"
    with house.store.reading() as session:
        told = [
            each for each in notices_of(session, [house.electricity])[house.electricity] if each.consumer_id == marc.id
        ]
    assert [each.kind for each in told] == ["grant_accepted", "grant_covered"]


def test_of_two_contracts_that_are_named_one_ends(house: SylvieAndHerReaders) -> None:
    lou, of_both = house.reader("Lou Deux", accounts=(house.electricity, house.water))
    assert read_by(house, lou, of_both) == EVERY
    _leaves(house)
    with house.store.writing() as session:
        assert enrol(session, house.sylvie.id, house.electricity, house.world.now + timedelta(days=1))
    assert read_by(house, lou, of_both) == {"EAU-1"}


@pytest.mark.parametrize("column", ["ended_at", "suspended_at"])
def test_it_is_asked_at_each_page_whether_the_owner_holds_the_contract(house: SylvieAndHerReaders, column: str) -> None:
    """Whatever was ended beside it: the rows of the owner's enrolment are enough."""
    marc, of_all = house.reader("Marc Un")
    lou, of_one = house.reader("Lou Deux", accounts=(house.electricity,))
    with house.store.writing() as session:
        mine = update(Enrolment).where(Enrolment.account_id == house.electricity)
        session.execute(mine.values({column: house.world.now}))
    assert read_by(house, marc, of_all) == {"EAU-1"}
    assert read_by(house, lou, of_one) == set()


def test_a_number_that_has_passed_on_shows_nothing_of_either(house: SylvieAndHerReaders) -> None:
    """Bruno has the number now: Sylvie keeps her own bills, and nobody reads either's by what she granted."""
    marc, of_all = house.reader("Marc Un")
    lou, of_one = house.reader("Lou Deux", accounts=(house.electricity,))
    his = a_bill("LO-BRUNO", "C-1", house.world.today, buyer="Bruno Leroy")
    lyon = PostalAddress(line1="17 quai de la Fosse", postcode="69002", city="Lyon", country="FR")
    house.bills |= house.world.drop(house.lumiere, [replace(his, buyer=replace(his.buyer, address=lyon))])
    assert read_by(house, marc, of_all) == EVERY
    with house.store.writing() as session:
        [question] = waiting_questions(session)
        decision = QuestionDecision("new_holder", "lea@lumiere.example", "vu avec lui", house.world.now)
        assert decide_account(session, question.id, decision) == "done"
    assert read_by(house, marc, of_all) == {"EAU-1"}
    assert read_by(house, lou, of_one) == set()
    with house.store.writing() as session:
        assert session.get_one(AccessGrant, of_one).state == "ended"
        told = notices_of(session, [house.electricity])[house.electricity]
        assert [each.by for each in told if each.kind == "grant_ended"] == ["lea@lumiere.example"] * 2
        session.execute(update(GrantedAccount).values(ended_at=None))
    assert read_by(house, marc, of_all) == {"EAU-1"}, "the account's standing is enough"


def test_a_bill_that_holders_do_not_see_is_seen_by_no_reader(house: SylvieAndHerReaders) -> None:
    marc, of_all = house.reader("Marc Un")
    with house.store.writing() as session:
        session.execute(update(BillRow).where(BillRow.number == "LO-1").values(state="released"))
    assert read_by(house, marc, of_all) == EVERY - {"LO-1"}


def test_nobody_invites_to_what_is_not_theirs(house: SylvieAndHerReaders) -> None:
    """Zoé names Sylvie's contract: nothing of hers is within the scope."""
    zoe = house.world.consumer("Zoé Sept")
    scope = ReadingScope(kinds=("invoices",), account_ids=[house.electricity])
    with house.store.writing() as session:
        answer = invite_reader(session, zoe.id, "max@exemple.fr", "other", scope, house.world.now, house.world.today)
    assert answer == "no_contract"


def test_a_reader_is_no_holder(house: SylvieAndHerReaders) -> None:
    house.reader("Marc Un", looks=True)
    with house.store.reading() as session:
        assert [each.id for each in holders_of(session, [house.electricity])[house.electricity]] == [house.sylvie.id]
