"""Reads a sample of the visitor's issuer, and what the pipeline made of it."""

from time import monotonic, sleep
from typing import Final, NamedTuple

from flask import abort
from sqlalchemy.orm import Session

from issuers.profile_studio.sample_report import SampleReport
from issuers.profile_studio.studio_jobs import SampleVault, StudioAnswer, Trial, answer_in
from portal import app_context
from portal.issuers.brand_preview import own_issuer
from store.blobs.blob_store import BlobMissing
from store.issuer_profiles.profile_sample import ProfileSample, sample_of_issuer
from store.job import Job
from store.vault.encryption import DecryptionFailed

#: So many seconds whoever asks waits for the pipeline's answer; a free worker needs one.
PATIENCE: Final = 4.0
_LOOK_AGAIN: Final = 0.1


class StudioSample(NamedTuple):
    """A sample, and its two jobs as far as they were asked for. A report or trial is None until its job has ended, and
    where it can be read no more (*is_lost*)."""

    row: ProfileSample
    inspection: Job | None
    report: SampleReport | None
    trial_job: Job | None
    trial: Trial | None
    is_lost: bool

    @property
    def is_waiting(self) -> bool:
        return any(job is not None and job.state == "todo" for job in (self.inspection, self.trial_job))

    @property
    def answer(self) -> StudioAnswer | None:
        """What the trial has drawn."""
        return None if self.trial is None or self.trial_job is None else answer_in(self.trial_job)


def studio_sample(session: Session, sample_id: int) -> StudioSample:
    """Returns a sample of the visitor's issuer; else aborts with 404."""
    row = sample_of_issuer(session, own_issuer(session).id, sample_id)
    if row is None:
        abort(404)
    inspection, trial_job = _job(session, row.inspection_id), _job(session, row.trial_id)
    vault = SampleVault(app_context.store(), row)
    try:
        report = vault.report(inspection) if inspection is not None and inspection.answer else None
        trial = vault.trial(trial_job) if trial_job is not None and trial_job.answer else None
    except (BlobMissing, DecryptionFailed):
        return StudioSample(row, inspection, None, trial_job, None, is_lost=True)
    is_lost = inspection is not None and inspection.state != "todo" and report is None
    return StudioSample(row, inspection, report, trial_job, trial, is_lost)


def wait_for(job_id: int) -> None:
    """Wait a short time for the pipeline's answer."""
    until = monotonic() + PATIENCE
    while monotonic() < until:
        with app_context.store().reading() as session:
            if session.get_one(Job, job_id).state != "todo":
                return
        sleep(_LOOK_AGAIN)


def _job(session: Session, job_id: int | None) -> Job | None:
    return session.get(Job, job_id) if job_id is not None else None
