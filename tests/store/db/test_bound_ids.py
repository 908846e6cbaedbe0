"""Row ids bound as one value: the same rows as an expanding IN finds, by one statement for any number of them."""

from datetime import UTC, datetime

from sqlalchemy import bindparam, event, select

from store import Store
from store.db.bound_ids import is_among
from store.issuer import Issuer

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
BOUND = select(Issuer.id).where(is_among(Issuer.id, "ids"), Issuer.name != "Bob")
EXPANDED = select(Issuer.id).where(Issuer.id.in_(bindparam("ids", expanding=True)), Issuer.name != "Bob")


def test_ids_bound_as_one_value_find_the_rows_of_an_expanding_in(store: Store) -> None:
    with store.writing() as session:
        session.add_all(
            Issuer(slug=each.lower(), name=each, added_at=NOW, changed_at=NOW) for each in ("Alice", "Bob", "Charlie")
        )
    asked: list[str] = []
    note = lambda *said: asked.append(said[2])  # noqa: E731
    with store.reading() as session:
        alice, bob, charlie = session.scalars(select(Issuer.id).order_by(Issuer.name))
        for ids in ((), (alice,), {bob, charlie}, [charlie, alice, 1 << 62], {alice: "a", bob: "b"}):
            event.listen(store.engine, "before_cursor_execute", note)
            found = set(session.scalars(BOUND, {"ids": ids}))
            event.remove(store.engine, "before_cursor_execute", note)
            assert found == set(session.scalars(EXPANDED, {"ids": list(ids)}))
    assert len(asked) == 5
    assert len(set(asked)) == 1, "one statement, however many ids"


def test_a_condition_on_bound_ids_is_no_value_to_compare(store: Store) -> None:
    said = " ".join(str(BOUND.compile(store.engine)).split())
    assert " = 1" not in said, "SQLite would look at every row"
    assert "issuer.id IN (SELECT value FROM json_each(?)) AND" in said or "issuer.id = ANY (" in said
