"""People who sign in, as operators look for them: by their e-mail address, or by the name or number of an account that
they hold. The index of parts answers; no table is read through."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from store.accounts.consumer import Consumer, consumer_by_email, holders_of
from store.staff_search.found_accounts import accounts_by_email, accounts_by_name, accounts_by_number
from store.test_sides.side_customer import side_of_address


def people_found(session: Session, issuer_ids: Collection[int], said: str, limit: int) -> list[Consumer]:
    """The people whom these words may mean, *limit* at most: whoever signs in with the address, or holds an account of
    these issuers under the address, name or number. Nobody who was erased, or plays on a test side."""
    found: dict[int, Consumer] = {}
    if "@" in said:
        person = consumer_by_email(session, said)
        accounts = accounts_by_email(session, issuer_ids, said, of_consumers=False)
        found |= {} if person is None else {person.id: person}
    else:
        accounts = accounts_by_name(session, issuer_ids, said, limit) if any(c.isalpha() for c in said) else []
        accounts += accounts_by_number(session, issuer_ids, said, limit)
    for holders in holders_of(session, [each.id for each in accounts]).values():
        found |= {each.id: each for each in holders}
    return [each for each in found.values() if not each.is_erased and side_of_address(each.email) is None][:limit]
