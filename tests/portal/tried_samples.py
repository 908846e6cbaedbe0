"""A sample that a member has handed in to the profile studio, inspected and tried."""

from collections.abc import Callable, Iterator
from datetime import datetime

from issuers.profile_studio.layout_draft import profile_with_layout, proposed_draft
from issuers.profile_studio.studio_jobs import (
    INSPECT_SAMPLE,
    TRY_PROFILE,
    SampleVault,
    ask_for_trial,
    hand_in_sample,
)
from issuers.save_profile import save_profile
from pipeline.profile_studio.inspect_sample import inspecting_sample
from pipeline.profile_studio.try_profile import trying_profile
from store import Store
from store.issuer import Issuer
from store.issuer_profiles.profile_sample import ProfileSample
from store.job import Job, claim_job
from tests.sample_layouts import TABLE


def try_a_sample(store: Store, issuer_id: int, by: str, now: datetime) -> int:
    """The profile has a second version; a sample is handed in by this member, inspected, and tried as proposed. Returns
    the sample's id."""
    with store.writing() as session:
        issuer = session.get_one(Issuer, issuer_id)
        save_profile(session, issuer, issuer.profile + "\n# relu\n", by, "relu", now, base=issuer.profile_version)
    sample_id = hand_in_sample(store, issuer_id, "factures.csv", TABLE, by, now)
    job = _done(store, INSPECT_SAMPLE, inspecting_sample, now)
    with store.writing() as session:
        sample, issuer = session.get_one(ProfileSample, sample_id), session.get_one(Issuer, issuer_id)
        report = SampleVault(store, sample).report(job)
        profile = profile_with_layout(issuer.profile, report, proposed_draft(report))
        ask_for_trial(session, sample, profile, issuer.profile_version, now)
    _done(store, TRY_PROFILE, trying_profile, now)
    return sample_id


def _done(store: Store, kind: str, work: Callable[[Store, Job], Iterator[None]], now: datetime) -> Job:
    with store.writing() as session:
        job = claim_job(session, now, Job.kind == kind)
    assert job is not None
    for _ in work(store, job):
        pass
    with store.reading() as session:
        return session.get_one(Job, job.id)
