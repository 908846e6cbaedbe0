"""Delete the sample files of the profile studio that were handed in a day ago, with what was made of them."""

from datetime import datetime

from issuers.profile_studio.studio_jobs import delete_sample
from pipeline.pipeline_context import PipelineContext
from store.issuer_profiles.profile_sample import old_samples


def sweep_profile_samples(context: PipelineContext, now: datetime) -> int:
    """Delete them one by one. Returns how many there were."""
    number = 0
    while True:
        with context.store.reading() as session:
            gone = old_samples(session, now)
        if not gone:
            return number
        for sample in gone:
            delete_sample(context.store, sample.id, now)
        number += len(gone)
