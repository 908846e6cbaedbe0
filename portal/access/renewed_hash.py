"""Makes a password's hash anew, with the parameters of today, when somebody signs in with it."""

from typing import TypeVar

from portal import app_context
from portal.access import password_hash
from store.accounts.consumer import Consumer
from store.staff_member import Staff

Person = TypeVar("Person", Consumer, Staff)


def with_renewed_hash(person: Person, password: str) -> Person:
    """Returns the row of who typed this right *password*; its hash is made anew if older parameters made it. A password
    that was changed meanwhile stays as it is."""
    if person.password_hash is None or not password_hash.needs_new_hash(person.password_hash):
        return person
    kept = password_hash.hash_password(password)
    with app_context.store().writing() as writing:
        row = writing.get_one(type(person), person.id, with_for_update=True)
        if row.password_hash == person.password_hash:
            row.password_hash = kept
    return row
