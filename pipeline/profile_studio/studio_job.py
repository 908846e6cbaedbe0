"""Runs a job of the profile studio: reads its sample, keeps its answer, and ends it if the sample is gone."""

import logging
from collections.abc import Callable, Generator, Iterator

import msgspec

from bill import Reason
from issuers.profile_studio.studio_jobs import SampleVault, StudioAnswer, forget_earlier_trial
from store import Store
from store.blobs.blob_store import BlobMissing
from store.issuer import Issuer
from store.issuer_profiles.profile_sample import sample_of_issuer
from store.job import Job, failure_of, finish_job
from store.outage_or_fault import is_outage
from store.vault.encryption import DecryptionFailed

log = logging.getLogger(__name__)

#: Works on a sample's bytes; yields between its steps and returns the report and, of a trial, what was drawn.
Work = Callable[[bytes, Issuer, Job], Generator[None, None, tuple[msgspec.Struct, list[bytes], bytes]]]


def running_studio_job(store: Store, job: Job, work: Work) -> Iterator[None]:
    """Do the job step by step. What the outside breaks is tried again; any other error ends it, with its reason."""
    with store.reading() as session:
        sample = sample_of_issuer(session, job.particulars["issuer_id"], job.particulars["sample_id"])
        issuer = session.get_one(Issuer, job.particulars["issuer_id"])
    answer, why = "", Reason("sample_deleted")
    if sample is not None:
        vault = SampleVault(store, sample)
        try:
            report, pictures, pdf = yield from work(vault.sample(), issuer, job)
            answer, why = msgspec.json.encode(_kept(vault, job, report, pictures, pdf)).decode(), Reason()
        except (BlobMissing, DecryptionFailed):
            pass
        except Exception as error:
            if is_outage(error, job.setbacks):
                raise
            log.exception("the sample of job %s cannot be worked on", job.id)
            why = failure_of(error)
    if job.particulars.get("earlier") is not None:
        forget_earlier_trial(store, job)
    with store.writing() as session:
        finish_job(session, job.id, answer, why)


def _kept(vault: SampleVault, job: Job, report: msgspec.Struct, pictures: list[bytes], pdf: bytes) -> StudioAnswer:
    return StudioAnswer(
        report=vault.put(msgspec.json.encode(report), f"report {job.id}"),
        pictures=tuple(vault.put(each, f"picture {job.id} {n}") for n, each in enumerate(pictures)),
        pdf=vault.put(pdf, f"pdf {job.id}") if pdf else "",
    )
