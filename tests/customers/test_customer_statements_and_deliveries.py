"""What an issuer says of a customer decides how bills go: paper by right, a death, the language of letters."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bill import PostalAddress
from consumers.paperless_consent import go_paperless
from delivery.channels.paper.held_letters import held_letters
from delivery.channels.paper.letter_data import letters_of, overlay_of
from delivery.channels.paper.mend_address import mend_address
from store.accounts.consumer import Consumer, enrol
from store.delivery import Delivery
from tests.customers.conftest import ALICE, BOB, Lumiere


def follow(lumiere: Lumiere, number: str) -> None:
    """Alice signs up, follows the account, and wants no paper."""
    now = lumiere.clock()
    account = lumiere.account(number)
    with lumiere.store.writing() as session:
        alice = Consumer(email="alice@example.org", name="Alice", password_hash="-", signed_up_at=now, confirmed_at=now)
        session.add(alice)
        session.flush()
        enrol(session, alice.id, account.id, now)
        assert go_paperless(session, session.merge(account), alice, now)


def deliveries(lumiere: Lumiere) -> list[tuple[str, str, str, str]]:
    """Channel, purpose, state and reason of all deliveries."""
    with lumiere.store.reading() as session:
        found = session.scalars(select(Delivery).order_by(Delivery.id))
        return [(each.channel, each.purpose, each.state, each.reason_code) for each in found]


RIGHT = ["C-ALICE", "03/03/2026", *ALICE[2:], "", "", "oui"]
DEAD = ["C-ALICE", "03/03/2026", *ALICE[2:], "", "", "", "", "28/02/2026"]


def test_paper_by_right_goes_before_a_consent(lumiere: Lumiere) -> None:
    lumiere.customers(RIGHT, BOB)
    follow(lumiere, "C-ALICE")
    lumiere.bills(("L-1", "C-ALICE"), ("L-2", "C-BOB"))
    found = deliveries(lumiere)
    assert ("paper", "print", "ready", "paper_by_right") in found
    assert not [each for each in found if each[0] == "email"]
    with lumiere.store.reading() as session:
        letters = session.scalars(select(Delivery.id).where(Delivery.channel == "paper").order_by(Delivery.id)).all()
        codes = [overlay_of(each, lumiere.store.keys, "https://facteur.example", carrier=False).claim_code
                 for each in letters_of(session, letters)]  # fmt: skip
    assert [code is None for code in codes] == [True, False]  # who has paper by right is not invited
    assert lumiere.is_sound()


def test_a_right_that_is_told_later_posts_what_waits(lumiere: Lumiere) -> None:
    lumiere.customers(ALICE)
    follow(lumiere, "C-ALICE")
    lumiere.bills(("L-1", "C-ALICE"))
    assert ("paper", "print", "waiting", "printed_if_unread") in deliveries(lumiere)
    lumiere.customers(RIGHT)
    found = deliveries(lumiere)
    assert ("paper", "print", "ready", "paper_by_right") in found
    assert not [each for each in found if each[0] == "email" and each[2] in {"waiting", "ready"}]


@pytest.mark.parametrize("is_told_first", [True, False])
def test_after_a_death_a_person_decides_where_letters_go(lumiere: Lumiere, is_told_first: bool) -> None:
    if is_told_first:
        lumiere.customers(DEAD)
    lumiere.bills(("L-1", "C-ALICE"))
    if not is_told_first:
        lumiere.customers(DEAD)
    with lumiere.store.reading() as session:
        [held] = held_letters(session)
        assert (held.delivery.state, held.delivery.reason_code) == ("failed", "holder_died")
    lumiere.work(lumiere.clock() + timedelta(days=9))
    notary = PostalAddress(line1="Étude Roux", line2="1 rue de la Paix", postcode="44000", city="Nantes", country="FR")
    with lumiere.store.writing() as session:
        assert mend_address(session, held.delivery.id, notary, "anne@lumiere.example", "estate", lumiere.clock()) == 1
    [letter] = [each for each in deliveries(lumiere) if each[0] == "paper"]
    assert letter[2:] == ("ready", "address_mended")
    assert lumiere.is_sound()


@pytest.mark.parametrize(("language", "spoken"), [("de", "de"), ("fr", "fr"), ("ja", "fr")])
def test_letters_speak_the_customers_language(lumiere: Lumiere, language: str, spoken: str) -> None:
    lumiere.bills(("L-1", "C-ALICE"))
    said = f'{{"customers": [{{"number": "C-ALICE", "language": "{language}", "names": ["Alice Martin"]}}]}}'
    lumiere.drop(said.encode())
    with lumiere.store.reading() as session:
        [letter] = letters_of(session, session.scalars(select(Delivery.id).where(Delivery.channel == "paper")).all())
        assert overlay_of(letter, lumiere.store.keys, "https://facteur.example", carrier=False).language == spoken


def test_a_death_taken_back_lets_the_next_letter_go(lumiere: Lumiere) -> None:
    lumiere.customers(DEAD)
    lumiere.clock.now = datetime(2026, 3, 5, 9, tzinfo=UTC)
    lumiere.drop(b'{"customers": [{"number": "C-ALICE", "died_on": null}]}')
    lumiere.bills(("L-1", "C-ALICE"))
    assert [each[2] for each in deliveries(lumiere) if each[0] == "paper"] == ["ready"]
