"""The profile studio's samples and jobs: a member hands in a file, the pipeline inspects it and tries a profile on it.

Whatever is made of a sample is encrypted with the sample's own key, and goes when the sample goes.
"""

import os
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Final

import msgspec
from sqlalchemy.orm import Session

from issuers.profile_studio.sample_report import SampleReport, ToldFinding
from store import Store
from store.db.row_locks import ROW_LOCK
from store.issuer_profiles.profile_sample import ProfileSample, samples_of
from store.job import Job, request_job

#: The kinds of the jobs; the particulars have an `issuer_id` and a `sample_id`, those of a trial also the profile.
INSPECT_SAMPLE: Final = "inspect_sample"
TRY_PROFILE: Final = "try_profile"
#: The largest sample, in bytes: enough for some thousand bills.
LARGEST_SAMPLE: Final = 4 * 1024 * 1024


class TriedBill(msgspec.Struct, frozen=True):
    """A bill as the tried profile reads it."""

    number: str
    type_code: str
    issue_date: date
    due_date: date | None
    buyer: str
    account: str
    payable: Decimal
    currency: str
    lines: int


class TriedRule(msgspec.Struct, frozen=True):
    """A rule that was broken: how often, and its first cases."""

    rule: str
    severity: str
    count: int
    cases: tuple[ToldFinding, ...]


class Trial(msgspec.Struct, frozen=True):
    """What a profile reads of the sample: *taken* bills and *refused* items of the first *items*; *is_whole* is False
    where the file cannot be trusted to its end, or has more items than were tried (*has_more*)."""

    profile: str  # TOML
    base: int  # the profile version that it was made from
    format: str
    items: int
    taken: int
    refused: int
    is_whole: bool
    has_more: bool
    totals: dict[str, Decimal]
    bills: tuple[TriedBill, ...]
    rules: tuple[TriedRule, ...]
    drawn: str = ""  # the number of the bill that was drawn
    undrawable: str = ""  # why none was


class StudioAnswer(msgspec.Struct, frozen=True):
    """A job's answer: the names of its encrypted blobs, the report first, then pages as images, then the PDF."""

    report: str
    pictures: tuple[str, ...] = ()
    pdf: str = ""

    @property
    def blobs(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.report, *self.pictures, self.pdf)))


class SampleVault:
    """Reads and writes a sample and what is made of it."""

    def __init__(self, store: Store, sample: ProfileSample) -> None:
        self._store, self._sample = store, sample

    def put(self, content: bytes, name: str) -> str:
        """Encrypt and store a part; returns its blob's name."""
        return self._store.blobs.put(self._store.encryptor.encrypt(self._sample.key, content, _bound(name)))

    def read(self, blob: str, name: str) -> bytes:
        """Read and decrypt a part. Raises BlobMissing or DecryptionFailed if it is no longer there."""
        return self._store.encryptor.decrypt(self._sample.key, self._store.blobs.read(blob), _bound(name))

    def sample(self) -> bytes:
        """The sample's bytes; raises like `read`."""
        return self.read(self._sample.blob_sha256, "sample")

    def report(self, job: Job) -> SampleReport:
        """The report in an ended job's answer; raises like `read`."""
        content = self.read(answer_in(job).report, f"report {job.id}")
        return msgspec.json.decode(content, type=SampleReport)

    def trial(self, job: Job) -> Trial:
        """The trial in an ended job's answer; raises like `read`."""
        return msgspec.json.decode(self.read(answer_in(job).report, f"report {job.id}"), type=Trial)


def _bound(name: str) -> bytes:
    return b"profile sample " + name.encode()


def answer_in(job: Job) -> StudioAnswer:
    """The answer of a job that is done."""
    return msgspec.json.decode(job.answer, type=StudioAnswer)


def hand_in_sample(store: Store, issuer_id: int, name: str, content: bytes, by: str, now: datetime) -> int:
    """Store a sample and ask for its inspection (send the wake-up signal after); the member's earlier ones are deleted.
    Returns the sample's id."""
    with store.reading() as session:
        earlier = [each.id for each in samples_of(session, issuer_id, by)]
    for each in earlier:
        delete_sample(store, each, now)
    key = store.encryptor.encrypt_key(os.urandom(32))
    sample = ProfileSample(
        issuer_id=issuer_id, name=name[:255], size=len(content), key=key, by=by, at=now, blob_sha256=""
    )
    sample.blob_sha256 = SampleVault(store, sample).put(content, "sample")
    with store.writing() as session:
        session.add(sample)
        session.flush()
        job = request_job(session, INSPECT_SAMPLE, {"issuer_id": issuer_id, "sample_id": sample.id}, now)
        session.flush()
        sample.inspection_id = job.id
        return sample.id


def ask_for_trial(session: Session, sample: ProfileSample, profile: str, base: int, now: datetime) -> Job:
    """Ask the pipeline to read the sample by this profile, made from version *base* (send the wake-up signal after the
    commit)."""
    particulars = {
        "issuer_id": sample.issuer_id, "sample_id": sample.id, "profile": profile, "base": base,
        "earlier": sample.trial_id,
    }  # fmt: skip
    job = request_job(session, TRY_PROFILE, particulars, now)
    session.flush()
    sample.trial_id = job.id
    return job


def delete_sample(store: Store, sample_id: int, now: datetime) -> None:
    """Delete a sample, its key, and what was made of it."""
    with store.writing() as session:
        sample = session.get(ProfileSample, sample_id, with_for_update=ROW_LOCK)
        if sample is None or sample.deleted_at is not None:
            return
        blobs = [sample.blob_sha256, *_forget_answers(session, sample.inspection_id, sample.trial_id)]
        sample.blob_sha256, sample.key, sample.deleted_at = "", b"", now
    for blob in filter(None, blobs):
        store.blobs.delete(blob)


def forget_earlier_trial(store: Store, job: Job) -> None:
    """Delete what the trial before this one has left."""
    with store.writing() as session:
        blobs = list(_forget_answers(session, job.particulars["earlier"]))
    for blob in blobs:
        store.blobs.delete(blob)


def _forget_answers(session: Session, *job_ids: int | None) -> Iterator[str]:
    for job_id in job_ids:
        job = session.get(Job, job_id) if job_id is not None else None
        if job is not None and job.kind in (INSPECT_SAMPLE, TRY_PROFILE) and job.answer:
            yield from answer_in(job).blobs
            job.answer = ""
