"""Alice brings in documents: each is kept once, encrypted, and asked to be read; what is no document is not taken."""

import pytest
from sqlalchemy import func, select

from consumers.imports import import_document as importing
from consumers.imports.import_document import NotTaken, import_document
from store import Store
from store.accounts.consumer import Consumer
from store.accounts.customer_account import CustomerAccount
from store.imports.imported_document import READ_DOCUMENT, ImportedDocument
from store.issuer import all_issuers
from store.job import Job
from tests.conftest import Clock

PLUMBER = b"%PDF-1.7 the plumber's bill"


@pytest.fixture
def alice(store: Store, clock: Clock) -> int:
    return somebody(store, clock, "alice@example.org")


def somebody(store: Store, clock: Clock, email: str) -> int:
    with store.writing() as session:
        person = Consumer(email=email, password_hash="-", signed_up_at=clock(), confirmed_at=clock())
        session.add(person)
        session.flush()
        return person.id


def test_a_document_is_kept_encrypted_and_a_job_asked_for(store: Store, clock: Clock, alice: int) -> None:
    document = import_document(store, alice, "../../factures/plombier.pdf", PLUMBER, clock()).document
    assert (document.name, document.size, document.state) == ("plombier.pdf", len(PLUMBER), "waiting")
    assert document.blob_sha256 is not None
    kept = store.blobs.read(document.blob_sha256)
    assert PLUMBER not in kept
    with store.reading() as session:
        key = session.get_one(CustomerAccount, document.account_id).encrypted_key
        assert store.encryptor.decrypt(key, kept, document.secret_name) == PLUMBER
        assert session.scalars(select(Job.particulars).where(Job.kind == READ_DOCUMENT)).all() == [
            {"document_id": document.id, "consumer_id": alice}
        ]
        assert all_issuers(session) == []


def test_the_same_bytes_are_one_document_of_each_person(store: Store, clock: Clock, alice: int) -> None:
    bob = somebody(store, clock, "bob@example.org")
    first = import_document(store, alice, "a.pdf", PLUMBER, clock())
    again = import_document(store, alice, "b.pdf", PLUMBER, clock.forward(hours=1), "mail")
    assert (first.is_new, again.is_new, again.document.id) == (True, False, first.document.id)
    assert import_document(store, bob, "a.pdf", PLUMBER, clock()).is_new
    with store.reading() as session:
        documents = {each["document_id"] for each in session.scalars(select(Job.particulars))}
        assert len(documents) == 2


def test_what_is_empty_too_large_or_too_much_is_not_taken(
    store: Store, clock: Clock, alice: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "LARGEST", 100)
    monkeypatch.setattr(importing, "MOST_A_DAY", 2)
    for content, why in ((b"", "empty"), (b"x" * 101, "too_large")):
        with pytest.raises(NotTaken) as refused:
            import_document(store, alice, "a.pdf", content, clock())
        assert refused.value.why == why
    import_document(store, alice, "1.pdf", b"1", clock())
    import_document(store, alice, "2.pdf", b"2", clock())
    with pytest.raises(NotTaken, match="too_many"):
        import_document(store, alice, "3.pdf", b"3", clock())
    assert not import_document(store, alice, "2.pdf", b"2", clock()).is_new
    assert import_document(store, alice, "4.pdf", b"4", clock(), "mail").is_new  # each door has its own
    import_document(store, alice, "3.pdf", b"3", clock.forward(days=1, minutes=1))
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(ImportedDocument)) == 4
