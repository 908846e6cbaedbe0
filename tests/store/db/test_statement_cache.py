"""Compiled statements found by identity: the right one, whatever is built anew, and nothing kept without bound."""

from sqlalchemy import bindparam, literal_column, select

from store import Store
from store.db import statement_cache
from store.db.statement_cache import StatementCache
from store.issuer import Issuer

NAMED = select(Issuer.name).where(Issuer.slug == bindparam("slug"))


class Behind(dict[tuple[object, ...], object]):
    """A cache that counts how often it is asked."""

    asked = 0

    def get(self, key: object, default: object = None) -> object:
        self.asked += 1
        return super().get(key, default)  # type: ignore[call-overload]


def key(*described: object, names: tuple[str, ...] = ("slug",)) -> tuple[object, ...]:
    return ("dialect", described, names, False, False)


def test_what_was_met_twice_is_found_without_asking_behind() -> None:
    behind = Behind()
    cache, known = StatementCache(behind), key("select")
    cache[known] = "compiled"
    assert [cache.get(known) for _ in range(5)] == ["compiled"] * 5
    assert behind.asked == 2


def test_the_same_description_with_other_values_is_another_statement() -> None:
    cache, known = StatementCache({}), key("insert")
    more = (known[0], known[1], ("slug", "name"), False, True)
    cache[known], cache[more] = "one row", "many rows"
    assert [cache.get(each) for each in (known, more) * 3] == ["one row", "many rows"] * 3


def test_an_equal_description_is_found_behind() -> None:
    cache = StatementCache({})
    cache[key("select")] = "compiled"
    assert cache.get(key("select")) == "compiled"
    assert cache.get(key("another")) is None


def test_statements_built_anew_do_not_fill_it() -> None:
    behind = Behind()
    cache = StatementCache(behind)
    for number in range(3 * statement_cache._MOST):
        cache[one := key(number)] = number
        assert [cache.get(one) for _ in range(3)] == [number] * 3
    assert max(len(cache._known), len(cache._met)) <= statement_cache._MOST


def test_a_store_finds_its_statements_by_identity(store: Store) -> None:
    cache = store.engine.get_execution_options()["compiled_cache"]
    for _ in range(3):
        with store.reading() as session:
            assert session.connection().execute(NAMED, {"slug": "nobody"}).all() == []
            assert session.scalars(select(literal_column("1")).where(literal_column("1") == 1)).all() == [1]
    assert id(NAMED._generate_cache_key().key) in {described for described, *_ in cache._known}
