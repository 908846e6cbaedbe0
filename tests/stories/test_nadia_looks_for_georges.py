"""Georges is seventy-eight and does without paper since Nadia, who looks after him, looks at his bills: until the end
of March what she has looked at needs no letter. After that nobody looks, and silence brings paper again. His accountant
reads too, and what he reads counts for nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from audit.run_all_checks import check
from config import Config
from store import Store
from store.accounts.consumer import Consumer, holders_of
from store.delivery import deliveries_of
from tests.sample_feeds import ubl
from tests.stories.lumiere_and_its_people import Lumiere
from tests.stories.lumiere_portal import LumierePortal

GEORGES, NADIA, OMAR = "georges@example.net", "nadia@example.org", "omar@comptable.example.org"
HOME = ("Georges Prigent", "27 quai des Tanneurs", "44000", "Nantes")


def on(month: int, day: int, hour: int = 8) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.fixture
def portal(store: Store, config: Config) -> Iterator[LumierePortal]:
    with Lumiere.opened(store, config, on(1, 2)) as lumiere:
        yield LumierePortal(lumiere)


def bill_comes(lumiere: Lumiere, month: int) -> str:
    number = f"GEORGES-{month:02}"
    issued, due = f"2026-{month:02}-01", f"2026-{month:02}-28"
    lumiere.bills(number, [ubl(number, "C-GEORGES", issued=issued, due=due, person=HOME)])
    return number


def test_nadia_looks_for_georges_until_the_end_of_march(portal: LumierePortal) -> None:
    lumiere = portal.lumiere
    first = bill_comes(lumiere, 1)
    lumiere.until(on(1, 20))
    georges = portal.signs_up_by_letter(GEORGES, HOME[0], "C-GEORGES", first)
    lumiere.goes_paperless(georges, "C-GEORGES")
    portal.invites(GEORGES, NADIA, "carer", looks=True, until="2026-03-31")
    portal.invites(GEORGES, OMAR, "accountant")
    of_nadia = portal.follows_invitation(NADIA, "Nadia Benali")
    of_omar = portal.follows_invitation(OMAR, "Omar Conte")

    for month in (2, 3):
        lumiere.until(on(month, 2))
        number = bill_comes(lumiere, month)
        lumiere.until(on(month, 6))
        assert portal.opens(portal.at_screen(NADIA), of_nadia, number) == 200
        assert portal.row(number).viewed_at == lumiere.now
    lumiere.until(on(4, 1))
    assert portal.opens(portal.at_screen(NADIA), of_nadia, "GEORGES-03") == 404, "her last day was yesterday"

    lumiere.until(on(4, 2))
    number = bill_comes(lumiere, 4)
    lumiere.until(on(4, 6))
    assert portal.opens(portal.at_screen(NADIA), of_nadia, number) == 404
    assert portal.opens(portal.at_screen(OMAR), of_omar, number) == 200
    assert portal.row(number).viewed_at is None
    lumiere.until(on(4, 30))

    assert [bill for _, bill in lumiere.pieces()] == ["GEORGES-01", "GEORGES-04"]
    assert [mail.subject for mail in lumiere.mails(NADIA) if "facture Lumière" in mail.subject] == []
    with portal.store.reading() as session:
        account_id = portal.row(number).account_id
        assert [each.id for each in holders_of(session, [account_id])[account_id]] == [georges]
        readers = {each.id for each in session.query(Consumer).filter(Consumer.email.in_([NADIA, OMAR]))}
        for bill in ("GEORGES-02", "GEORGES-03", "GEORGES-04"):
            told = {each.person_id for each in deliveries_of(session, portal.row(bill).id)}
            assert not told & readers
    trail = portal.trail(GEORGES, account_id)
    assert trail.count("Factures lues sur invitation, par une autre personne") == 3
    assert trail.count("Accès aux factures terminé") == 1
    assert not any(check(portal.store).invariants.values())
