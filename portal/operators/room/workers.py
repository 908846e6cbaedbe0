"""Workers, the regular tasks of which one worker at a time takes care, and the jobs that the portal asked for: what
waits, what has failed and why; a failed one is taken up again for a reason."""

from datetime import UTC, datetime
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from audit.workers_at_work import workers_at_work
from portal import app_context
from portal.access import current_user
from portal.form_input import form_value
from portal.page_address import url_for
from portal.public_id_converter import row_of
from portal.translation import say
from store.db.periodic_task import periodic_tasks
from store.job import Job, count_jobs, failed_jobs, take_up_failed_job, waiting_jobs
from words import state_names
from words.catalogue import N_

pages = Blueprint("workers", __name__, url_prefix="/equipe/travail")

#: Jobs that wait, the next ones; and failed ones on a page.
_NEXT: Final = 10
A_PAGE: Final = 25
_TAKEN_UP: Final = N_("{count} travail est repris.|{count} travaux sont repris.")


@pages.get("")
def show() -> ResponseReturnValue:
    session = app_context.reading()
    before = row_of(request.args.get("suite", ""), "cursor")
    failed = failed_jobs(session, A_PAGE + 1, before)
    shown = failed[:A_PAGE]
    return render_template(
        "operators/room/workers.html",
        workers=workers_at_work(session),
        tasks=[(each, _moment(each.done_at), _moment(each.begun_at)) for each in periodic_tasks(session)],
        waiting=count_jobs(session, "todo"),
        next_jobs=waiting_jobs(session, _NEXT),
        failed=shown,
        failures=count_jobs(session, "failed"),
        job_name=job_name,
        first=url_for(".show") if before else None,
        following=url_for(".show", suite=shown[-1].id) if len(failed) > A_PAGE else None,
        wording=state_names,
    )


@pages.post("/reprise")
def take_up() -> ResponseReturnValue:
    """Do these failed jobs once more, for a reason."""
    reason = form_value("reason")
    chosen = {number for text in request.form.getlist("travail") if (number := row_of(text, "job")) is not None}
    page = redirect(url_for(".show", _anchor="echecs"), 303)
    if not reason or not chosen:
        flash(say("Choisissez des travaux, et écrivez la raison de votre décision : elle reste avec votre nom."), "bad")
        return page
    with app_context.store().writing() as session:
        who, now = current_user.staff().email, app_context.now()
        done = sum(take_up_failed_job(session, each, who, reason, now) for each in sorted(chosen))
    app_context.store().wake_up.send()
    if done:
        flash(say(_TAKEN_UP, n=done, count=done), "good")
    if done < len(chosen):
        flash(say("Les autres sont déjà repris."), "ask")
    return page


def job_name(job: Job) -> str:
    """Returns what a job does, in words."""
    return say(state_names.JOB.get(job.kind, state_names.ANY_MAIL))


def _moment(seconds: float) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
