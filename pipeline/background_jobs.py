"""Background jobs, which the portal asks for. Mails and codes that somebody waits for are sent at once. Replay
rehearsals and brand previews may take minutes: they are done in time slices, one for each issuer at a time. So are the
pictures of a bill's pages and the documents that people bring in, which take seconds and have slices of their own:
somebody waits for them. Documents and archives of bills are done one for each person at a time, in turn."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, literal, select

import delivery
from adoption.campaigns.choose_households import INVITE_BY_MAIL, INVITE_BY_SMS
from adoption.campaigns.send_invitation import INVITATION_JOBS, InvitationRoutes, run_invitation_job
from bill import Reason
from config import Config
from consumers.confirm_phone import JOB as PHONE_CODE
from delivery import MailTransport, ProviderHealth, SmsRoute
from delivery.calendar.postal_calendar import Calendar
from issuers.brand_preview import PREVIEW
from issuers.profile_studio.studio_jobs import INSPECT_SAMPLE, TRY_PROFILE
from logs.log_context import logged_for
from pipeline.bill_archives.make_archive import making_archive
from pipeline.brand_preview import answering_preview
from pipeline.imported_documents.read_document import reading_document
from pipeline.page_pictures import drawing_pages
from pipeline.profile_studio.inspect_sample import inspecting_sample
from pipeline.profile_studio.try_profile import trying_profile
from pipeline.replay_rehearsal import REHEARSE, answering_rehearsal
from pipeline.test_sides.reset_side import resetting_side
from pipeline.time_slices import TimeSlices
from store import Store
from store.bill_archives.bill_archive import BILL_ARCHIVE
from store.bill_forwarding.forwarded_bill import FORWARD_BILL
from store.bills.page_pictures import PAGE_PICTURES
from store.db.leases import lease_heartbeat
from store.imports.imported_document import READ_DOCUMENT
from store.job import (
    MOST_ATTEMPTS,
    Job,
    claim_job,
    consumer_of,
    failure_of,
    given_back,
    is_any_job_due,
    is_job_due,
    issuer_of,
    postpone_job,
    retry_job,
)
from store.outage_or_fault import is_outage
from store.test_sides.side_rows import RESET

log = logging.getLogger(__name__)

#: Kinds that may take long, and those that take seconds; each has time slices of its own. All others are mails that
#: somebody waits for, or an SMS with a code.
LONG: Final = (REHEARSE, PREVIEW, INSPECT_SAMPLE, TRY_PROFILE, RESET)
DRAWN: Final = (PAGE_PICTURES,)
READ: Final = (READ_DOCUMENT,)
PACKED: Final = (BILL_ARCHIVE,)
SLICED: Final = (*LONG, *DRAWN, *READ, *PACKED)
_ANSWERING: Final = {
    REHEARSE: answering_rehearsal, PREVIEW: answering_preview, PAGE_PICTURES: drawing_pages,
    READ_DOCUMENT: reading_document, INSPECT_SAMPLE: inspecting_sample, TRY_PROFILE: trying_profile,
}  # fmt: skip
#: What people's mails and codes are sent before.
UNHURRIED: Final = (*SLICED, FORWARD_BILL, *INVITATION_JOBS)
#: How many of those are worked out beside each other.
MOST_AT_ONCE: Final = 4
#: Mails go out for so long in a row, however many are asked for.
MAIL_SECONDS: Final = 2.0


class Jobs:
    """The background jobs of one worker."""

    def __init__(
        self, store: Store, config: Config, post: MailTransport, relay: ProviderHealth, sms: SmsRoute,
        piece_seconds: float,
    ) -> None:  # fmt: skip
        self._store = store
        self._config = config
        self._post = post
        self._relay = relay
        self._sms = sms
        self._long = TimeSlices(piece_seconds, MOST_AT_ONCE)
        self._drawn = TimeSlices(piece_seconds, MOST_AT_ONCE)
        self._read = TimeSlices(piece_seconds, MOST_AT_ONCE)
        self._packed = TimeSlices(piece_seconds, MOST_AT_ONCE)
        self._now: datetime

    def send_mails(self, now: datetime, is_stopping: Callable[[], bool] = lambda: False) -> bool:
        """Send the mails that people wait for: confirmations, password resets, invitations; and the codes by SMS.
        Returns False when there is none, or those who take them are left alone for now."""
        self._now = now
        until, busy = time.monotonic() + MAIL_SECONDS, False
        while time.monotonic() < until and not is_stopping() and self._is_any_due():
            sendable = self._sendable()
            job = self._claim(sendable) if sendable is not None else None
            job = job or self._claim_unhurried()
            if job is None:
                break
            busy = True
            with self._running(job) as is_sound:
                if is_sound:
                    self._send(job)
        return busy

    def _claim_unhurried(self) -> Job | None:
        """A message that nobody waits for, by what is not left alone for now."""
        by_mail = () if self._relay.is_paused(self._now) else (FORWARD_BILL, INVITE_BY_MAIL)
        by_sms = () if self._sms.health.is_paused(self._now) else (INVITE_BY_SMS,)
        kinds = (*by_mail, *by_sms)
        return self._claim(is_job_due(self._now, *kinds)) if kinds else None

    def _sendable(self) -> ColumnElement[bool] | None:
        """SQL condition: a job can be sent now; None where neither the mail relay nor the provider of SMS is to be
        tried."""
        if not self._sms.health.is_paused(self._now):
            return is_job_due(self._now, *([PHONE_CODE] if self._relay.is_paused(self._now) else []), besides=UNHURRIED)
        if self._relay.is_paused(self._now):
            return None
        return is_job_due(self._now, besides=(*UNHURRIED, PHONE_CODE))

    def work(self, now: datetime) -> bool:
        """Do one slice of pictures, one of documents that people brought in, one of an archive of bills, and one of a
        rehearsal or a preview. Returns False when none waits."""
        self._now = now
        may_begin = self._is_any_due()
        is_busy = self._do_slice(self._drawn, DRAWN, issuer_of(), may_begin)
        is_busy |= self._do_slice(self._read, READ, consumer_of(), may_begin)
        is_busy |= self._do_slice(self._packed, PACKED, consumer_of(), may_begin)
        return self._do_slice(self._long, LONG, issuer_of(), may_begin) or is_busy

    def _is_any_due(self) -> bool:
        """Whether there is a job of any kind: what is asked twenty times a round, and mostly answered by no."""
        with self._store.reading() as session:
            return is_any_job_due(session, self._now)

    def _do_slice(
        self, slices: TimeSlices, kinds: tuple[str, ...], whose: ColumnElement[int], may_begin: bool
    ) -> bool:  # fmt: skip
        """Begin a job of these kinds where there is room and it *may_begin*, of an issuer (or person) that has none
        under way, in turn; go on for a slice."""
        if may_begin and slices.has_room:
            due = is_job_due(self._now, *kinds)
            job = self._claim(due, whose.not_in([*slices.served, *slices.had_turn]))
            if job is None and slices.had_turn:  # everybody who waits had a turn
                slices.had_turn.clear()
                job = self._claim(due, whose.not_in(slices.served))
            if job is not None:
                with self._store.reading() as session:
                    whom = session.scalars(select(whose).where(Job.id == job.id)).one()
                slices.had_turn.add(whom)
                slices.begin(whom, self._answering(job))
        return slices.turn()

    @property
    def is_under_way(self) -> bool:
        """Whether a long job has had a slice, and waits for its next."""
        return any(slices.is_under_way for slices in (self._drawn, self._read, self._packed, self._long))

    def stop(self) -> None:
        """Give back the jobs under way: another worker begins them anew."""
        self._drawn.stop()
        self._read.stop()
        self._packed.stop()
        self._long.stop()

    def _send(self, job: Job) -> None:
        if job.kind == PHONE_CODE:
            delivery.run_code_job(self._store, job, self._sms, self._now)
            return
        if job.kind == FORWARD_BILL:
            delivery.run_forward_job(self._store, job, self._post, self._config.public_url, self._now, self._relay)
            return
        config, calendar = self._config, Calendar(time_zone=self._config.time_zone)
        if job.kind in INVITATION_JOBS:
            routes = InvitationRoutes(self._post, self._relay, self._sms, config.public_url)
            run_invitation_job(self._store, job, routes, self._now, calendar)
            return
        delivery.run_mail_job(self._store, job, self._post, config.public_url, self._now, self._relay, calendar)

    def _answering(self, job: Job) -> Iterator[None]:
        with self._running(job) as is_sound:
            if is_sound and job.kind in PACKED:
                yield from making_archive(self._store, job, lambda: self._now, ZoneInfo(self._config.time_zone))
            elif is_sound and job.kind == RESET:
                yield from resetting_side(self._store, job, self._config, self._now)
            elif is_sound:
                yield from _ANSWERING[job.kind](self._store, job)

    def _claim(self, *conditions: ColumnElement[bool]) -> Job | None:
        with self._store.reading() as session:  # asked before a writer's turn is taken for nothing
            if session.scalar(select(literal(1)).where(*conditions).limit(1)) is None:
                return None
        with self._store.writing() as session:
            return claim_job(session, self._now, *conditions)

    @contextmanager
    def _running(self, job: Job) -> Iterator[bool]:
        """Hold a claimed job's lease. Yields False if the job killed its workers again and again: it fails then. An
        interrupted job is given back, and after an outage it is postponed; any other error counts as an attempt."""
        is_sound = job.attempts <= MOST_ATTEMPTS
        ids = ExitStack()
        ids.enter_context(logged_for(job=job.id, kind=job.kind, request=job.request_id))
        try:
            with lease_heartbeat(self._store, Job, job.id):
                yield is_sound
            log.info("job %s was worked on", job.id)
            if not is_sound:
                self._try_later(job, Reason("worker_died"))
        except GeneratorExit:
            self._store.write_in_time(given_back(job))
            raise
        except Exception as error:
            if is_outage(error, job.setbacks):
                log.warning("job %s waits, something outside is down: %s", job.id, error)
                with self._store.writing() as session:
                    postpone_job(session, job, self._now, Reason.of("job_waits", error=str(error)))
            else:
                log.exception("job %s failed", job.id)
                self._try_later(job, failure_of(error))
        finally:
            ids.close()

    def _try_later(self, job: Job, why: Reason) -> None:
        with self._store.writing() as session:
            retry_job(session, job, self._now, why)
