"""Health checks for monitoring: /sante (the database answers), /sante/travail (workers work), and /sante/detail (each
part, for who may watch the service)."""

from datetime import datetime

import msgspec
from flask import Blueprint, Response

from audit.part_health import PartHealth, blobs_health, database_health, disk_health, queue_health, work_health
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


@pages.get("/sante/detail")
def detail() -> Response:
    """How each part is, in JSON: 200 while none is down, else 503."""
    config = app_context.config()
    parts = {
        "database": database_health(app_context.reading()),
        "queue": queue_health(config.redis_url),
        "blobs": blobs_health(app_context.store().blobs),
        "disk": disk_health(config.home),
    }
    parts["work"] = _work() if parts["database"].state == "ok" else PartHealth("down", "nobody can tell")
    states = [part.state for part in parts.values()]
    worst = next((state for state in ("down", "warning") if state in states), "ok")
    body = msgspec.json.encode({"state": worst, "parts": parts})
    return Response(body, status=503 if worst == "down" else 200, mimetype="application/json")


def _work() -> PartHealth:
    session = app_context.reading()
    return work_health(session, business_now(session, app_context.now()))


def _spell(moment: datetime | None) -> str:
    """Returns the moment in RFC 3339, in UTC. None is a task that was never done."""
    return "the beginning" if moment is None else f"{moment:%Y-%m-%dT%H:%M:%SZ}"
