"""Work that has stopped is told on the dashboard, and to whoever watches the service."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import update

from store import Store
from store.base import db_now
from store.db.heartbeat import Heartbeat, beat
from store.db.periodic_task import TASKS, PeriodicTask
from tests.portal.conftest import Browser
from tests.portal.staff_office import Office
from tests.sample_feeds import ubl


def serve(store: Store, *, last: float) -> None:
    """A worker began to serve two hours ago, and was last heard from so many seconds ago."""
    with store.writing() as session:
        beat(session)
        session.execute(update(Heartbeat).values(started_at=db_now() - 7200, beat_at=db_now() - last))


def test_work_that_has_stopped_is_told(office: Office, app: Flask, staff: Callable[[str], Browser]) -> None:
    office.drop([ubl("N-1")], name="avril.xml")  # it is released, and nobody renders its bill
    watch = app.test_client()
    assert watch.get("/sante/travail").text == "ok\n", "no worker has ever served here"
    serve(office.store, last=660)
    answer = watch.get("/sante/travail")
    assert answer.status_code == 503
    assert answer.text.startswith("no worker has worked since 20")
    assert watch.get("/sante").status_code == 200, "the portal itself is well"
    assert "Le travail est arrêté" in staff("oscar").get("/equipe/").text
    assert "Le travail est arrêté" not in staff("mina").get("/equipe/").text
    serve(office.store, last=5)
    assert "Le travail est arrêté" not in staff("oscar").get("/equipe/").text


def test_a_task_that_is_not_done_is_told(office: Office, app: Flask, staff: Callable[[str], Browser]) -> None:
    serve(office.store, last=5)
    with office.store.writing() as session:
        for name in TASKS:
            session.add(PeriodicTask(id=name))
        session.flush()
        session.execute(update(PeriodicTask).where(PeriodicTask.id != "measure").values(done_at=db_now() - 60))
        session.execute(update(PeriodicTask).where(PeriodicTask.id == "measure").values(done_at=db_now() - 4000))
    answer = app.test_client().get("/sante/travail")
    assert (answer.status_code, answer.text.startswith("measure not done since 20")) == (503, True)
    page = staff("oscar").get("/equipe/").text
    assert "Un travail régulier n’est plus fait" in page
    assert "mesurer l’adoption, depuis le" in page
    assert "terminer les flux" not in page
