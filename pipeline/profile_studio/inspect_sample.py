"""The job "inspect sample": finds the fields of a sample file, and proposes a term for each."""

from collections.abc import Generator, Iterator

from ingest.sample_inspection.inspect_sample import inspect_sample
from issuers.profile_studio.sample_report import SampleReport
from issuers.registry import profile_of
from pipeline.profile_studio.studio_job import running_studio_job
from store import Store
from store.issuer import Issuer
from store.job import Job


def inspecting_sample(store: Store, job: Job) -> Iterator[None]:
    """Do the job; its answer holds a `SampleReport`."""
    yield from running_studio_job(store, job, _inspected)


def _inspected(
    content: bytes, issuer: Issuer, _job: Job
) -> Generator[None, None, tuple[SampleReport, list[bytes], bytes]]:
    yield
    return inspect_sample(content, profile_of(issuer)), [], b""
