"""/v1/test/reset and /v2/test/reset: empties the test side of the issuer whose test key asks."""

from typing import Annotated

import msgspec
from flask import url_for

from bill.json_values import Count, Moment, one_of, says
from issuers.test_side_reset import ask_for_reset, latest_reset, progress_of
from portal import app_context
from portal.api.blueprint import asking_issuer, pages
from portal.api.contract import Reply, operation
from portal.problems import problem
from portal.problems.problem_types import NOT_FOUND, TEST_KEY_ASKED
from store.issuer import Issuer
from store.job import Job


class ResetReport(msgspec.Struct, frozen=True, kw_only=True):
    """A reset of the test side."""

    state: Annotated[
        str,
        one_of(("under way", "done", "failed"), "`failed`: something is wrong here, and was noted; ask once more."),
    ]
    rows: Annotated[Count, says("Rows that were found when it began; 0 until then.")]
    deleted: Annotated[Count, says("Rows deleted so far.")]
    asked_at: Moment


@pages.post("/test/reset")
@operation(TEST_KEY_ASKED, answers={202: "It is asked for, or was already and is under way."})
def reset_test_side() -> Reply[ResetReport]:
    """Empty your test side.

    Everything on it is deleted: feeds, bills, accounts, customers, payments, events, and what was kept instead of being
    sent. Keys and webhook endpoints stay; profile and brand are taken from production again. What is sent while it is
    under way goes too. Nothing else is touched. Takes a key that begins with `fct_test_`.
    """
    side = _test_side()
    with app_context.store().writing() as session:
        job = ask_for_reset(session, session.get_one(Issuer, side.id), f"key of {side.slug}", app_context.now())
        told = _report(job)
    app_context.store().wake_up.send()
    return Reply(told, 202, {"Location": url_for(".show_test_reset")})


@pages.get("/test/reset")
@operation(TEST_KEY_ASKED, NOT_FOUND)
def show_test_reset() -> ResetReport:
    """How far the last reset of your test side is."""
    job = latest_reset(app_context.reading(), _test_side().id)
    if job is None:
        problem(NOT_FOUND, "no reset was asked for yet")
    return _report(job)


def _test_side() -> Issuer:
    issuer = asking_issuer()
    if not issuer.is_test_side:
        problem(TEST_KEY_ASKED, "this key is not one of your test side")
    return issuer


def _report(job: Job) -> ResetReport:
    progress = progress_of(job)
    state = "under way" if job.state == "todo" else job.state
    return ResetReport(
        state=state, rows=progress.rows, deleted=progress.deleted, asked_at=job.asked_at.isoformat()
    )  # fmt: skip
