"""Health checks for monitoring: /sante (the database answers) and /sante/travail (workers work)."""

from datetime import datetime

from flask import Blueprint, Response

from audit.worker_and_task_liveness import overdue_tasks, workers_silent_since
from portal import app_context
from store.db.database_ping import ping_database
from store.last_worked_as_of import business_now

pages = Blueprint("health", __name__)


@pages.get("/sante")
def show() -> Response:
    """200 when the database answers; otherwise 503 by the error page."""
    ping_database(app_context.reading())
    return Response("ok\n", mimetype="text/plain")


@pages.get("/sante/travail")
def work() -> Response:
    """200 when workers work or nothing is due; else 503 with a line for each thing that is not done."""
    session = app_context.reading()
    since = workers_silent_since(session, business_now(session, app_context.now()))
    lines = [] if since is None else [f"no worker has worked since {_spell(since)}"]
    lines += [f"{task.name} not done since {_spell(task.done_at)}" for task in overdue_tasks(session)]
    return Response("\n".join(lines or ["ok"]) + "\n", status=503 if lines else 200, mimetype="text/plain")


def _spell(moment: datetime | None) -> str:
    """Returns the moment in RFC 3339, in UTC. None is a task that was never done."""
    return "the beginning" if moment is None else f"{moment:%Y-%m-%dT%H:%M:%SZ}"
