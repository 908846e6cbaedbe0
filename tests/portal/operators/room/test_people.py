"""Oscar finds Alice by her address or her contract, looks, ends her sessions, erases her; each look is in the trail."""

from collections.abc import Callable
from datetime import date

from store.accounts.consumer import Consumer
from store.db.event import Event, events_of
from store.leaving.space_closing import closing_of
from tests.adoption.sample_accounts import World
from tests.portal.conftest import Browser
from tests.portal.sample_town import PASSWORD
from tests.portal.staff_office import KEPT, Office


def who_and_what(events: list[Event]) -> list[tuple[str, str]]:
    return [(event.by, event.what) for event in events]


def test_a_person_is_found_looked_at_and_erased(
    office: Office, staff: Callable[[str], Browser], browser: Callable[[], Browser]
) -> None:
    with office.store.writing() as session:
        world = World(session)
        alice, bob = world.consumer("Alice"), world.consumer("Bob")
        world.holds(alice, world.account(office.lumiere, "PDL-4711"), date(2026, 1, 5))
        alice.password_hash = KEPT
    hers = browser()
    assert hers.sign_in(alice, PASSWORD).status_code == 200
    oscar, page = staff("oscar"), f"/equipe/personnes/{office.store.public_ids.of('consumer', alice.id)}"
    assert alice.email in oscar.get(f"/equipe/personnes?q={alice.email}").text
    assert page in oscar.get("/equipe/personnes?q=4711").text
    assert bob.email not in oscar.get("/equipe/personnes?q=4711").text
    oscar.client.get(page, headers={"Sec-Purpose": "prefetch"})
    assert "PDL-4711" in oscar.get(page).text
    me = "oscar@facteur.example"
    with office.store.reading() as session:
        looks = [*3 * [(me, "found")], (me, "looked at")]
        assert [each for each in who_and_what(events_of(session, "consumer", alice.id)) if each[0] == me] == looks
        assert events_of(session, "consumer", bob.id) == []
    assert hers.get("/profil").request.path == "/profil"
    assert "1 session est fermée" in oscar.post(f"{page}/sessions", reason="téléphone perdu").text
    assert hers.get("/profil").request.path == "/connexion"
    oscar.confirm_identity(PASSWORD, "/equipe")
    assert "lignes" in oscar.get(f"{page}/effacer").text
    with office.store.reading() as session:
        assert closing_of(session, alice.id) is None, "a rehearsal changes nothing"
        assert not session.get_one(Consumer, alice.id).is_erased
    assert oscar.post(f"{page}/effacer").status_code == 422, "never without a reason"
    oscar.post(f"{page}/effacer", reason="sa lettre du 2 mars")
    with office.store.reading() as session:
        closing = closing_of(session, alice.id)
        assert closing is not None
        assert closing.by == f"{me} (sa lettre du 2 mars)"
    assert staff("mina").get(page).status_code == 404
    assert staff("mina").get("/equipe/personnes").status_code == 404
