"""Keys apart by purpose and root, and the same for ever."""

import hashlib
import hmac

import pytest

from consumers.claim_code import claim_code
from store.vault import key_ring
from store.vault.key_ring import ARCHIVES, CLAIM_CODES, KeyRing, Purpose, Root, RootMissing

OLD, NEW = b"the first secret, of thirty-two bytes", b"the second secret, of thirty-two bytes"
PURPOSES = [value for name, value in vars(key_ring).items() if name.isupper() and isinstance(value, str)]


def hkdf(secret: bytes, info: bytes, length: int = 32) -> bytes:
    """RFC 5869 with SHA-256 and no salt, in its own words."""
    pseudorandom = hmac.digest(bytes(32), secret, "sha256")
    return hmac.digest(pseudorandom, info + b"\x01", "sha256")[:length]


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_key_is_derived_by_hkdf(purpose: Purpose) -> None:
    assert Root(OLD).key(purpose) == hkdf(OLD, b"facteur 1 " + purpose.encode())


def test_keys_are_apart() -> None:
    roots = Root(OLD), Root(NEW)
    keys = [root.key(purpose) for root in roots for purpose in PURPOSES]
    assert len(PURPOSES) == 18
    assert len(set(keys)) == len(keys)
    assert {root.id for root in roots} == {hkdf(secret, b"facteur 1 root id", 4).hex() for secret in (OLD, NEW)}


def test_what_was_derived_once_is_derived_for_ever() -> None:
    """Written down when these keys were first used: another value would open nothing that was made."""
    assert Root(OLD).id == "de29998a"
    assert hashlib.sha256(Root(OLD).key(ARCHIVES)).hexdigest()[:16] == "d359a50c18c64d21"
    assert hashlib.sha256(Root(OLD).key_before(ARCHIVES)).hexdigest()[:16] == "49aa61f2bb410cea"
    assert claim_code(Root(OLD).key(CLAIM_CODES), 4711) == "RVN1J-JHBPB"
    assert claim_code(Root(OLD).key_before(CLAIM_CODES), 4711) == "BB3KV-TS2X6"


def test_the_present_root_makes_everything_new() -> None:
    ring = KeyRing(NEW, [OLD])
    assert ring.present == Root(NEW)
    assert ring.key(ARCHIVES) == Root(NEW).key(ARCHIVES) == ring.keys(ARCHIVES)[-1]
    assert ring.root(Root(OLD).id) == Root(OLD)


def test_a_secret_that_is_named_twice_is_one_root() -> None:
    assert KeyRing(NEW, [OLD, NEW, OLD]).roots == (Root(NEW), Root(OLD))


def test_a_root_that_is_not_there_is_named() -> None:
    with pytest.raises(RootMissing, match=f"{Root(OLD).id}.*{Root(NEW).id}.*FACTEUR_OLD_SECRET_FILES"):
        KeyRing(NEW).root(Root(OLD).id)
