"""After a death a person decides once an account: Alice has died, and Anne at Lumière hears from her family."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from audit.silent_bills import silent_bill_sample
from bill import PostalAddress
from consumers.mandate_endings import is_over
from delivery.calendar.postal_calendar import Calendar
from delivery.channels.paper.held_letters import count_held, held_letters
from delivery.channels.paper.letter_data import letters_of, overlay_of
from delivery.channels.paper.mend_address import mend_address
from delivery.channels.paper.vanished_print_files import ALL_THERE
from delivery.decide_bereavement import decide_bereavement
from delivery.relationship.account_relationships import relationships_of
from delivery.relationship.account_trail import step_text, trail_of
from store.accounts.bereavement_decision import BereavementDecision, BereavementVerdict
from store.db.event import Event
from store.delivery import Delivery
from tests.customers.conftest import ALICE, Lumiere
from tests.customers.test_customer_statements_and_deliveries import DEAD, deliveries, follow

ANNE = "anne@lumiere.example"
NOTARY = PostalAddress(line1="Étude Roux", line2="1 rue de la Paix", postcode="44000", city="Nantes", country="FR")
TAKEN_BACK = b'{"customers": [{"number": "C-ALICE", "died_on": null}]}'


def decide(lumiere: Lumiere, verdict: BereavementVerdict) -> int | None:
    """What Anne decides; how many letters changed."""
    address = NOTARY if verdict == "estate" else None
    decision = BereavementDecision(verdict=verdict, by=ANNE, reason="appel de la famille", address=address)
    lumiere.clock.now += timedelta(minutes=1)
    account = lumiere.account("C-ALICE")
    with lumiere.store.writing() as session:
        return decide_bereavement(session, account.id, decision, lumiere.clock())


def letters(lumiere: Lumiere) -> list[tuple[str, str]]:
    """State and reason of each letter."""
    return [each[2:] for each in deliveries(lumiere) if each[0] == "paper"]


def envelope(lumiere: Lumiere) -> tuple[tuple[str, ...], str | None]:
    """The lines on the newest letter's envelope, and its claim code."""
    with lumiere.store.reading() as session:
        newest = session.scalars(select(Delivery.id).where(Delivery.channel == "paper").order_by(Delivery.id)).all()[-1]
        [letter] = letters_of(session, [newest])
        overlay = overlay_of(letter, lumiere.store.keys, "https://facteur.example", carrier=False)
    return overlay.address, overlay.claim_code


def why_held(lumiere: Lumiere) -> tuple[str, str]:
    account = lumiere.account("C-ALICE")
    with lumiere.store.reading() as session:
        found = relationships_of(session, [account.id], lumiere.clock())[account.id]
    return found.state, found.why.code


def silent(lumiere: Lumiere) -> int:
    """Silent bills, long after the last day for a letter."""
    lumiere.work(lumiere.clock() + timedelta(days=40))
    with lumiere.store.reading() as session:
        return silent_bill_sample(session, lumiere.clock(), Calendar(), ALL_THERE).number


def test_bills_held_and_to_come_go_to_whoever_settles_the_estate(lumiere: Lumiere) -> None:
    lumiere.customers(DEAD)
    follow(lumiere, "C-ALICE")
    lumiere.bills(("L-1", "C-ALICE"))
    assert letters(lumiere) == [("failed", "holder_died")]
    assert why_held(lumiere) == ("DECEASED_HOLD", "holder_died")
    assert decide(lumiere, "estate") == 1
    lumiere.bills(("L-2", "C-ALICE"))
    assert letters(lumiere) == [("ready", "letter_to_estate")] * 2
    lines, code = envelope(lumiere)
    assert lines[:3] == ("Succession de Alice Martin", "Étude Roux", "1 RUE DE LA PAIX")
    assert code is None  # an estate is not invited
    assert why_held(lumiere) == ("DECEASED_HOLD", "letter_to_estate")
    assert not [each for each in deliveries(lumiere) if each[0] == "email" and each[2] != "cancelled"]
    account = lumiere.account("C-ALICE")
    with lumiere.store.reading() as session:
        assert (session.merge(account).postal_address.line1, count_held(session)) == ("12 rue des Lilas", 0)
        step = trail_of(session, account.id)[-1]
    assert (step.what, step.by, step.basis) == ("to_estate", ANNE, "decision")
    assert step.words == "appel de la famille (Étude Roux, 1 rue de la Paix, 44000 Nantes, FR)"
    assert ANNE in step_text(step, "fr")
    assert lumiere.is_sound()


def test_bills_that_a_person_keeps_held_are_not_silent(lumiere: Lumiere) -> None:
    lumiere.customers(DEAD)
    lumiere.bills(("L-1", "C-ALICE"))
    assert decide(lumiere, "held") == 1
    lumiere.bills(("L-2", "C-ALICE"))
    assert letters(lumiere) == [("failed", "kept_after_death")] * 2
    with lumiere.store.reading() as session:
        kept = session.scalars(select(Delivery).where(Delivery.channel == "paper")).all()
        assert [(each.decided_by, each.reason.values) for each in kept] == [
            (ANNE, {"words": "appel de la famille"})
        ] * 2  # fmt: skip
        assert (held_letters(session), count_held(session)) == ([], 0)
    assert silent(lumiere) == 0
    assert decide(lumiere, "estate") == 2
    assert letters(lumiere) == [("ready", "letter_to_estate")] * 2
    with lumiere.store.reading() as session:
        assert set(session.scalars(select(Delivery.decided_by))) == {""}
    assert decide(lumiere, "held") == 2
    assert letters(lumiere) == [("failed", "kept_after_death")] * 2
    with lumiere.store.reading() as session:
        last = session.scalars(select(Event).where(Event.subject == "delivery").order_by(Event.id.desc())).first()
        assert last is not None
        assert (last.what, last.by) == ("failed", ANNE)


def test_without_a_decision_a_held_bill_is_silent(lumiere: Lumiere) -> None:
    lumiere.customers(DEAD)
    lumiere.bills(("L-1", "C-ALICE"))
    assert silent(lumiere) == 1


def test_a_person_may_say_that_the_statement_was_wrong(lumiere: Lumiere) -> None:
    lumiere.customers(DEAD)
    lumiere.bills(("L-1", "C-ALICE"))
    assert decide(lumiere, "alive") == 1
    lumiere.customers(DEAD)  # the same file once more says nothing newer
    lumiere.bills(("L-2", "C-ALICE"))
    assert letters(lumiere) == [("ready", "death_taken_back"), ("ready", "account_unclaimed")]
    assert why_held(lumiere)[0] != "DECEASED_HOLD"
    assert lumiere.is_sound()


@pytest.mark.parametrize("verdict", ["estate", "held", "alive"])
def test_what_the_issuer_says_next_ends_the_decision(lumiere: Lumiere, verdict: BereavementVerdict) -> None:
    lumiere.customers(DEAD)
    decide(lumiere, verdict)
    lumiere.clock.now += timedelta(days=1)
    lumiere.customers(["C-ALICE", "04/03/2026", *ALICE[2:], "", "", "", "", "27/02/2026"])
    lumiere.bills(("L-1", "C-ALICE"))
    assert letters(lumiere) == [("failed", "holder_died")]
    decide(lumiere, "held")
    lumiere.clock.now += timedelta(days=1)
    lumiere.drop(TAKEN_BACK)
    assert letters(lumiere) == [("ready", "death_taken_back")]
    lines, code = envelope(lumiere)
    assert (lines[0], code is None) == ("Alice Martin", False)
    assert lumiere.is_sound()


def test_nobody_decides_about_the_living(lumiere: Lumiere) -> None:
    lumiere.customers(ALICE)
    assert decide(lumiere, "estate") is None
    assert lumiere.account("C-ALICE").bereavement is None


def test_a_letter_that_is_kept_held_may_still_be_addressed(lumiere: Lumiere) -> None:
    lumiere.customers(DEAD)
    lumiere.bills(("L-1", "C-ALICE"))
    decide(lumiere, "held")
    lumiere.bills(("L-2", "C-ALICE"))
    with lumiere.store.writing() as session:
        held = session.scalars(select(Delivery.id).where(Delivery.channel == "paper")).first()
        assert held is not None
        heir = PostalAddress(line1="Bob Martin", line2="2 rue Haute", postcode="44000", city="Nantes", country="FR")
        assert mend_address(session, held, heir, ANNE, "de Bob", lumiere.clock()) == 2
    assert letters(lumiere) == [("ready", "address_mended")] * 2
    with lumiere.store.reading() as session:
        assert set(session.scalars(select(Delivery.decided_by))) == {""}  # nobody keeps them held any more


def test_the_address_of_an_estate_is_mended_as_the_estates(lumiere: Lumiere) -> None:
    lumiere.customers(DEAD)
    lumiere.bills(("L-1", "C-ALICE"))
    decide(lumiere, "estate")
    with lumiere.store.writing() as session:
        letter = session.scalars(select(Delivery).where(Delivery.channel == "paper")).one()
        letter.state, letter.reason_code = "failed", "address_incomplete"
    with lumiere.store.writing() as session:
        moved = replace(NOTARY, line2="3 rue Basse")
        assert mend_address(session, letter.id, moved, ANNE, "l’étude a déménagé", lumiere.clock()) == 1
    account = lumiere.account("C-ALICE")
    assert (account.mended_address, envelope(lumiere)[0][2]) == (None, "3 RUE BASSE")


def test_who_is_alive_after_all_may_sign_a_mandate_again(lumiere: Lumiere) -> None:
    lumiere.customers(DEAD)
    for verdict, is_dead in (("estate", True), ("alive", False), ("held", True)):
        decide(lumiere, verdict)  # type: ignore[arg-type]
        account = lumiere.account("C-ALICE")
        with lumiere.store.reading() as session:
            assert is_over(session, account, lumiere.clock().date()) is is_dead
