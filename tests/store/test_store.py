"""The store opens on SQLite and on PostgreSQL, keeps money exact, and is as its migrations say."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select, update

from store import Store
from store.all_models import Base
from store.base import db_now, insert_new
from store.db import migrations
from store.db.event import events_of
from store.db.leases import acquire_lease, reclaim_dead
from store.db.process_identity import is_dead, this_process
from store.db.state_change import change_state
from store.feeds.feed import Feed, receive_feed
from store.issuer import Issuer
from store.issuer_keys.issuer_key import IssuerKey, key_in_use, new_key, revoke_keys
from store.search.full_text_index import is_described

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
ISSUER = {"slug": "lumiere", "name": "Lumière", "profile": "", "added_at": NOW, "changed_at": NOW}


def test_the_migrations_say_what_the_tables_are(store: Store) -> None:
    with store.engine.connect() as connection:
        assert (
            compare_metadata(
                MigrationContext.configure(connection, opts={"include_object": is_described}), Base.metadata
            )
            == []
        )


def test_the_last_migration_is_the_one_that_is_asked_for() -> None:
    """A file's name gives its revision: the highest is where a store must be."""
    folder = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert folder.get_heads() == [migrations.HEAD]


def test_inserting_twice_counts_what_is_new(store: Store) -> None:
    with store.writing() as session:
        assert insert_new(session, Issuer, [ISSUER, ISSUER | {"slug": "eaux"}]) == 2
        assert insert_new(session, Issuer, [ISSUER, ISSUER | {"slug": "mobile"}]) == 1
        assert insert_new(session, Issuer, [ISSUER]) == 0


def test_the_same_bytes_are_the_same_feed_and_a_rejected_one_is_read_again(store: Store) -> None:
    with store.writing() as session:
        insert_new(session, Issuer, [ISSUER])
        first, is_new = receive_feed(session, 1, "a" * 64, 10, "mars.xml", "cli", NOW)
        assert is_new
        same, again = receive_feed(session, 1, "a" * 64, 10, "copie.xml", "api", NOW)
        assert (same.id, again, same.name) == (first.id, False, "mars.xml")
        assert change_state(session, Feed, first.id, "received", "rejected", NOW, why="truncated")
    with store.writing() as session:
        retried, again = receive_feed(session, 1, "a" * 64, 10, "mars.xml", "cli", NOW)
        assert (again, retried.state, retried.reading) == (True, "received", 2)
        assert [event.what for event in events_of(session, "feed", first.id)] == ["received", "rejected", "received"]


def test_a_lease_is_taken_once_and_a_dead_owner_loses_it(store: Store) -> None:
    with store.writing() as session:
        insert_new(session, Issuer, [ISSUER])
        feed, _ = receive_feed(session, 1, "b" * 64, 10, "mars.xml", "cli", NOW)
        assert acquire_lease(session, Feed, feed.id, Feed.state == "received")
        assert not acquire_lease(session, Feed, feed.id)
        host = this_process().partition("/")[0]
        dead = f"{host}/999999999/1"
        assert is_dead(dead)
        assert not is_dead(this_process())
        session.execute(update(Feed).values(lease_owner=dead, lease_until=db_now() + 30))
        assert not acquire_lease(session, Feed, feed.id)
        assert reclaim_dead(session, [Feed]) == 1
        assert acquire_lease(session, Feed, feed.id)


@pytest.mark.parametrize("place", ["{host}", "{host}.anotherboot.4026531836", "{host}..", "other.{rest}"])
def test_a_process_that_may_live_elsewhere_is_not_dead(place: str) -> None:
    """A container or a machine of the same name: only the lease tells whether its process lives."""
    here = this_process().partition("/")[0]
    host, boot, namespace = here.rsplit(".", 2)
    assert not is_dead(f"{place.format(host=host, rest=f'{boot}.{namespace}')}/999999999/1")


def test_a_move_from_another_state_does_nothing(store: Store) -> None:
    with store.writing() as session:
        insert_new(session, Issuer, [ISSUER])
        feed, _ = receive_feed(session, 1, "c" * 64, 10, "mars.xml", "cli", NOW)
        assert not change_state(session, Feed, feed.id, "released", "settled", NOW)
        assert session.scalar(select(Feed.state)) == "received"


def test_a_key_opens_until_it_is_revoked(store: Store) -> None:
    with store.writing() as session:
        insert_new(session, Issuer, [ISSUER])
        issuer = session.scalars(select(Issuer)).one()
        key = new_key(session, issuer, NOW)
        session.flush()
        assert key_in_use(session, key, NOW) == (session.scalars(select(IssuerKey)).one(), issuer)
        assert key_in_use(session, key + "x", NOW) is None
        assert revoke_keys(session, issuer, NOW) == 1
        session.flush()
        assert key_in_use(session, key, NOW) is None


@pytest.mark.parametrize("amount", ["0.1", "123456789012345.1234", "-12", "0"])
def test_amounts_come_back_exact(amount: str) -> None:
    from store.base import Amount

    kept = Amount().process_bind_param(Decimal(amount), None)  # type: ignore[arg-type]
    assert Amount().process_result_value(kept, None) == Decimal(amount)  # type: ignore[arg-type]


def test_an_amount_with_five_places_is_refused() -> None:
    from store.base import Amount

    with pytest.raises(ValueError, match="4 places"):
        Amount().process_bind_param(Decimal("0.12345"), None)  # type: ignore[arg-type]
