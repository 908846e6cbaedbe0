"""People wait for issuers that are not on board: how many is told, of few people nothing, and of nobody the name."""

from store import Store
from store.accounts.consumer import Consumer
from store.imports.awaited_issuer import AwaitedIssuer, awaited_issuers
from store.imports.private_issuer import add_private_issuer
from tests.conftest import Clock


def test_an_issuer_is_told_from_five_people_on_and_each_person_counts_once(store: Store, clock: Clock) -> None:
    wants = {
        "ville de nantes": range(7),
        "garage leroy": range(4),
        "chez alice": range(1),
        "nantes metropole": range(5, 12),
    }
    with store.writing() as session:
        for n in range(12):
            session.add(Consumer(email=f"{n}@exemple.fr", password_hash="-", signed_up_at=clock()))
        session.flush()
        for name, people in wants.items():
            for n in people:
                issuer = add_private_issuer(session, n + 1, name, name, store.encryptor.encrypt_key, clock())
                if name != "garage leroy" and n % 2:
                    issuer.legal_id = "214401093"
        add_private_issuer(session, 1, "", "", store.encryptor.encrypt_key, clock())
    with store.reading() as session:
        awaited = awaited_issuers(session)
    assert awaited == ([AwaitedIssuer("ville de nantes", "214401093", 12)], True)


def test_who_said_which_issuer_it_is_waits_no_more(store: Store, clock: Clock) -> None:
    with store.writing() as session:
        for n in range(6):
            session.add(Consumer(email=f"{n}@exemple.fr", password_hash="-", signed_up_at=clock()))
        session.flush()
        mine = [add_private_issuer(session, n, "e", "eaux", store.encryptor.encrypt_key, clock()) for n in range(1, 7)]
        session.flush()
        assert awaited_issuers(session).issuers == [AwaitedIssuer("eaux", "", 6)]
        for each in mine[:2]:
            each.stands_for_id = mine[5].issuer_id
        session.flush()
        assert awaited_issuers(session) == ([], True)
