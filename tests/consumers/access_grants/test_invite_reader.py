"""Inviting: who may be invited and how often an address is mailed; what ends by itself; what goes with its person."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from consumers.access_grants.answer_invitation import decline_invitation
from consumers.access_grants.end_grants import end_due_grants, give_back_grant
from consumers.access_grants.invite_reader import MOST_OPEN, InviteRefusal, ReadingScope, invite_reader
from consumers.access_grants.leave_grants import end_all_grants, erase_all_grants
from store import Store
from store.access_grants.access_grant import AccessGrant, GrantedAccount
from store.accounts.account_notice import notices_of
from store.accounts.consumer import Consumer
from store.job import Job
from tests.conftest import Clock
from tests.portal.consumers.shared_bills.sylvies_grants import ALL_KINDS, SylvieAndHerReaders
from tests.portal.sample_town import World


@pytest.fixture
def house(store: Store, clock: Clock) -> SylvieAndHerReaders:
    return SylvieAndHerReaders(World(store, clock()))


def mails(house: SylvieAndHerReaders) -> list[int]:
    """The grants whose invitations were mailed."""
    with house.store.reading() as session:
        jobs = session.scalars(select(Job).where(Job.kind == "grant_invitation").order_by(Job.id))
        return [each.particulars["grant_id"] for each in jobs]


def refused(house: SylvieAndHerReaders, email: str, **scope: object) -> AccessGrant | InviteRefusal:
    whole = ReadingScope(**({"kinds": ALL_KINDS} | scope))  # type: ignore[arg-type]
    with house.store.writing() as session:
        return invite_reader(session, house.sylvie.id, email, "other", whole, house.world.now, house.world.today)


def test_who_is_not_invited(house: SylvieAndHerReaders) -> None:
    house.invites("marc@exemple.fr")
    yesterday = house.world.today - timedelta(days=1)
    assert refused(house, house.sylvie.email) == "self"
    assert refused(house, "marc@exemple.fr") == "open"
    assert refused(house, "lou@exemple.fr", account_ids=[]) == "no_contract"
    assert refused(house, "lou@exemple.fr", kinds=()) == "no_kind"
    assert refused(house, "lou@exemple.fr", until_on=yesterday) == "past"
    for n in range(MOST_OPEN - 1):
        house.invites(f"lou{n}@exemple.fr")
    assert refused(house, "lou@exemple.fr") == "many"


def test_an_address_is_mailed_once_a_week_however_often_it_is_invited(house: SylvieAndHerReaders) -> None:
    asked = [house.invites("marc@exemple.fr")]
    for days in (1, 2, 3, 1):
        assert house.revokes(asked[-1])
        house.world.now += timedelta(days=days)
        asked.append(house.invites("marc@exemple.fr"))
    assert mails(house) == [asked[0], asked[-1]], "a week after the first, whatever was asked between"


def test_what_is_due_ends_and_is_told_in_the_trail(house: SylvieAndHerReaders) -> None:
    nadia, until = house.reader("Nadia Un", until=house.world.today)
    unanswered, stays = house.invites("marc@exemple.fr"), house.reader("Lou Deux")[1]
    later = house.world.now + timedelta(days=14)
    with house.store.writing() as session:
        assert end_due_grants(session, later, later.date()) == 2
        assert end_due_grants(session, later, later.date()) == 0
    with house.store.reading() as session:
        states = {each: session.get_one(AccessGrant, each).state for each in (until, unanswered, stays)}
        told = notices_of(session, [house.electricity])[house.electricity]
    assert states == {until: "ended", unanswered: "ended", stays: "accepted"}
    assert [each.by for each in told if each.kind == "grant_ended"] == ["road", "road"]
    with house.store.writing() as session:
        assert not give_back_grant(session, until, nadia.id, later)


def test_an_invitation_that_is_over_is_answered_by_nobody(house: SylvieAndHerReaders) -> None:
    marc = house.world.consumer("Marc Un")
    grant = house.invites(marc.email)
    house.world.now += timedelta(days=14)
    assert not house.accepts(marc, grant)
    with house.store.writing() as session:
        assert not decline_invitation(session, grant, marc.id, house.world.now, house.world.today)


def test_only_a_confirmed_address_accepts(house: SylvieAndHerReaders) -> None:
    marc = house.world.consumer("Marc Un")
    grant = house.invites(marc.email)
    with house.store.writing() as session:
        session.get_one(Consumer, marc.id).confirmed_at = None
    assert not house.accepts(marc, grant)


def test_who_leaves_reads_nothing_and_is_read_by_nobody(house: SylvieAndHerReaders) -> None:
    marc, grant = house.reader("Marc Un")
    house.also_holds(marc, house.water)
    scope = ReadingScope(kinds=ALL_KINDS)
    now, today = house.world.now, house.world.today
    with house.store.writing() as session:
        asked = invite_reader(session, marc.id, house.sylvie.email, "spouse", scope, now, today)
        assert isinstance(asked, AccessGrant)
        assert end_all_grants(session, house.sylvie.id, now) == 2
        assert end_all_grants(session, house.sylvie.id, now) == 0
        session.expire_all()
        assert [session.get_one(AccessGrant, each).state for each in (grant, asked.id)] == ["revoked", "declined"]
        assert erase_all_grants(session, house.sylvie.id, now) == 2
        assert session.scalars(select(AccessGrant.id)).all() == session.scalars(select(GrantedAccount.grant_id)).all()
