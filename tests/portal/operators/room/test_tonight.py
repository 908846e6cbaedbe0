"""Tonight, as Oscar sees it from across the room: each number leads to the list behind it, workers and outages are told
in words, and Mina, who works for Lumière, sees her own silent bills alone."""

import re
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import update

from audit.workers_at_work import HELD
from bill import Reason
from store.base import db_now
from store.db.heartbeat import Heartbeat, beat
from store.db.periodic_task import TASKS
from store.db.process_identity import this_process
from store.feeds.feed import Feed
from store.job import Job
from tests.adoption.sample_accounts import World
from tests.portal.conftest import Browser
from tests.portal.staff_office import Office
from words import state_names

TILE = re.compile(r'<a class="tile" href="([^"]+)"><span class="figure">(\d+)</span> <span class="name">([^<]+)</span>')


def test_each_number_of_the_board_leads_to_its_list(office: Office, staff: Callable[[str], Browser]) -> None:
    with office.store.writing() as session:
        session.add(
            Job(kind="preview", particulars={}, state="failed", asked_at=office.clock(), due_at=office.clock(),
                attempts=8, reason=Reason.of("job_failed", error="OSError: nothing there"))
        )  # fmt: skip
    oscar = staff("oscar")
    tiles = {name: (url, int(number)) for url, number, name in TILE.findall(oscar.get("/equipe/").text)}
    assert tiles == {
        "flux retenu": ("/equipe/attente#flux", 1),
        "travail en échec": ("/equipe/travail#echecs", 1),
    }
    for url, _ in tiles.values():
        path, _, part = url.partition("#")
        assert f'id="{part}"' in oscar.get(path).text
    part = oscar.get("/equipe/ce-soir")
    assert 'data-every="10"' in part.text
    assert "Adoption</h2>" not in part.text, "what changes, without the curves"
    assert staff("mina").get("/equipe/ce-soir").status_code == 404


def test_workers_and_outages_are_told_in_words(office: Office, staff: Callable[[str], Browser]) -> None:
    with office.store.writing() as session:
        beat(session)
        session.execute(update(Heartbeat).values(started_at=db_now() - 7200))
        held = {"state": "reading", "lease_owner": this_process(), "lease_until": db_now() + 30, "setbacks": 2}
        session.execute(update(Feed).where(Feed.id == office.held).values(**held))
        world = World(session)
        bill = world.bill(world.account(office.lumiere, "PDL-1"), office.clock().date(), number="L-7")
        world.delivery(bill, "email", "notify", None, state="ready").due_at = office.clock() - timedelta(minutes=9)
    page = staff("oscar").get("/equipe/").text
    assert "au travail" in page
    assert "1 flux" in page, "what the worker holds"
    assert "La lecture de 1 flux attend" in page
    assert "Des courriels attendent, depuis le" in page
    with office.store.writing() as session:
        session.execute(update(Heartbeat).values(beat_at=db_now() - 660))
        session.execute(update(Feed).values(setbacks=0, lease_owner=None, lease_until=0.0))
    page = staff("oscar").get("/equipe/ce-soir").text
    assert "muet" in page
    assert "La lecture" not in page


def test_every_silent_bill_is_listed_with_what_is_to_be_done(office: Office, staff: Callable[[str], Browser]) -> None:
    long_ago = office.clock().date() - timedelta(days=20)
    with office.store.writing() as session:
        world = World(session)
        account = world.account(office.lumiere, "PDL-2")
        for n in range(30):
            silent = world.bill(account, long_ago + timedelta(days=n % 3), number=f"L-{n:02}")
        letter = world.delivery(silent, "paper", "print", None, state="failed")
        letter.reason = Reason.of("address_incomplete", address_parts=["line1"])
        water = world.bill(world.account(world.issuer("gaz", "Gaz"), "G-1"), long_ago, number="G-1")
    oscar = staff("oscar")
    assert "/equipe/sans-nouvelles" in oscar.get("/equipe/").text
    first = oscar.get("/equipe/sans-nouvelles").text
    following = re.search(r'href="([^"]+)" rel="next"', first)
    assert following is not None
    second = oscar.get(following[1]).text
    told = re.findall(r">(L-\d\d|G-1)</a>", first + second)
    assert len(told) == len(set(told)) == 31, "each once, over two pages"
    assert "adresse incomplète" in second
    assert "/equipe/attente#lettres" in second
    assert "/equipe/attente#lettres" not in first
    hers = staff("mina").get("/equipe/sans-nouvelles").text
    assert "30</strong> factures sans nouvelles" in hers
    assert water.number not in hers


def test_failed_work_is_taken_up_again_for_a_reason(office: Office, staff: Callable[[str], Browser]) -> None:
    with office.store.writing() as session:
        job = Job(
            kind="preview", particulars={}, state="failed", asked_at=office.clock(), due_at=office.clock(), attempts=8,
            reason=Reason.of("job_failed", error="OSError: nothing there"),
        )  # fmt: skip
        session.add(job)
        session.flush()
        job_id = job.id
    oscar, name = staff("oscar"), office.store.public_ids.of("job", job_id)
    assert "OSError: nothing there" in oscar.get("/equipe/travail").text
    assert "écrivez la raison" in oscar.post("/equipe/travail/reprise", travail=name).text
    assert "1 travail est repris" in oscar.post("/equipe/travail/reprise", travail=name, reason="le disque est là").text
    with office.store.reading() as session:
        again = session.get_one(Job, job_id)
        assert (again.state, again.attempts) == ("todo", 0)
    assert "déjà repris" in oscar.post("/equipe/travail/reprise", travail=name, reason="encore").text
    assert staff("mina").get("/equipe/travail").status_code == 404


def test_every_regular_task_and_held_row_has_a_name() -> None:
    assert set(state_names.TASK) == set(TASKS)
    assert set(state_names.HELD) == {row.__tablename__ for row in HELD}
