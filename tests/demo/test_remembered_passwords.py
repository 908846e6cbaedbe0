"""In the demo's first months a password that was right is not hashed again; a wrong one stays wrong."""

import pytest
from argon2 import PasswordHasher

from demo.people.remembered_passwords import passwords_remembered
from portal.access import password_hash

pytestmark = pytest.mark.beside_any_database
PASSWORD = "la poste passe à midi"


def test_a_password_is_verified_once(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, others = password_hash.hash_password(PASSWORD), password_hash.hash_password("une autre phrase")
    password_hash.is_password(None, PASSWORD)  # hashes of nobody are made once
    hasher, verify, verified = password_hash.HASHER, PasswordHasher.verify, []
    monkeypatch.setattr(PasswordHasher, "verify", lambda *them: verified.append(them) or verify(*them))
    with passwords_remembered():
        for _ in range(3):
            assert password_hash.is_password(kept, PASSWORD)
            assert not password_hash.is_password(others, PASSWORD)
            assert not password_hash.is_password(None, PASSWORD)
        assert len(verified) == 4, "two hashes that are kept, and nobody's, by each set of parameters"
        assert not password_hash.needs_new_hash(kept)
    assert password_hash.HASHER is hasher
    password_hash.is_password(kept, PASSWORD)
    password_hash.is_password(kept, PASSWORD)
    assert len(verified) == 8, "and afterwards as anywhere"
