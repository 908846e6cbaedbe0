"""An issuer's API keys: named, scoped, their use kept a minute at a time, rotated with an overlap, revoked at once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from store import Store
from store.db.event import events_of
from store.issuer import Issuer
from store.issuer_keys.issuer_key import (
    key_in_use,
    key_of_issuer,
    keys_of,
    new_key,
    note_use,
    revoke_key,
    revoke_keys,
    rotate_key,
)

NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


@pytest.fixture
def session(store: Store) -> Iterator[Session]:
    with store.writing() as session:
        session.add(Issuer(slug="lumiere", name="Lumière", added_at=NOW, changed_at=NOW))
        session.add(Issuer(slug="eaux", name="Eaux", added_at=NOW, changed_at=NOW))
        session.flush()
        yield session


@pytest.fixture
def lumiere(session: Session) -> Issuer:
    return session.query(Issuer).filter_by(slug="lumiere").one()


def test_a_key_has_a_name_and_scopes_and_shows_its_end_alone(session: Session, lumiere: Issuer) -> None:
    key = new_key(session, lumiere, NOW, name="Facturation", scopes=["payments", "read"], by="claire")
    [row] = keys_of(session, lumiere.id)
    assert (row.name, row.scopes) == ("Facturation", "read payments")
    assert row.scope_set == {"read", "payments"}
    assert row.tail == key[-4:]
    assert key not in (row.digest, row.tail)
    assert [(each.what, each.by) for each in events_of(session, "issuer_key", row.id)] == [("made", "claire")]


def test_no_key_has_a_scope_that_nobody_knows_or_none(session: Session, lumiere: Issuer) -> None:
    for scopes in (["everything"], []):
        with pytest.raises(ValueError, match="scopes are some of"):
            new_key(session, lumiere, NOW, scopes=scopes)  # type: ignore[arg-type]


def test_the_use_of_a_key_is_written_once_a_minute(session: Session, lumiere: Issuer) -> None:
    new_key(session, lumiere, NOW)
    [row] = keys_of(session, lumiere.id)
    for seconds, noted in ((0, 0), (59, 0), (60, 60), (61, 60)):
        note_use(session, row.id, NOW + timedelta(seconds=seconds))
        session.refresh(row)
        assert row.last_used_at == NOW + timedelta(seconds=noted)


def test_a_rotated_key_goes_on_for_a_day(session: Session, lumiere: Issuer) -> None:
    before = new_key(session, lumiere, NOW, name="CRM", scopes=["accounts"])
    [row] = keys_of(session, lumiere.id)
    after = rotate_key(session, lumiere, row.id, NOW, "claire")
    assert after is not None
    for key, hours, opens in ((before, 23, True), (after, 23, True), (before, 24, False), (after, 24, True)):
        assert (key_in_use(session, key, NOW + timedelta(hours=hours)) is not None) == opens
    assert [(each.name, each.scopes) for each in keys_of(session, lumiere.id)] == [("CRM", "accounts")] * 2
    assert rotate_key(session, lumiere, row.id, NOW, "bob") is None  # it was rotated: one key takes its place
    assert len(keys_of(session, lumiere.id)) == 2


def test_a_revoked_key_opens_nothing_at_once(session: Session, lumiere: Issuer) -> None:
    key, other = new_key(session, lumiere, NOW), new_key(session, lumiere, NOW)
    row = key_in_use(session, key, NOW).row  # type: ignore[union-attr]
    assert revoke_key(session, lumiere.id, row.id, NOW, "claire")
    assert not revoke_key(session, lumiere.id, row.id, NOW, "bob")
    assert key_in_use(session, key, NOW) is None
    assert key_in_use(session, other, NOW) is not None
    assert rotate_key(session, lumiere, row.id, NOW, "bob") is None
    assert [each.by for each in events_of(session, "issuer_key", row.id) if each.what == "revoked"] == ["claire"]
    assert revoke_keys(session, lumiere, NOW) == 1


def test_nobody_ends_the_key_of_another_issuer(session: Session, lumiere: Issuer) -> None:
    key = new_key(session, lumiere, NOW)
    row = key_in_use(session, key, NOW).row  # type: ignore[union-attr]
    eaux = session.query(Issuer).filter_by(slug="eaux").one()
    assert not revoke_key(session, eaux.id, row.id, NOW, "eva")
    assert rotate_key(session, eaux, row.id, NOW, "eva") is None
    assert key_of_issuer(session, eaux.id, row.id) is None
    assert key_in_use(session, key, NOW) is not None
