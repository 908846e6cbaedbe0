"""Delete the staging blobs that no attachment needs any more."""

from pipeline.pipeline_context import PipelineContext
from store.vault.attachment_staging import delete_staging_blobs, unused_staging_blobs


def sweep_staging_blobs(context: PipelineContext) -> int:
    """Delete the blobs first, then their rows. Returns how many were deleted."""
    with context.store.reading() as session:
        gone = unused_staging_blobs(session)
    for sha256 in gone:
        context.store.blobs.delete(sha256)
    if gone:
        with context.store.writing() as session:
            delete_staging_blobs(session, gone)
    return len(gone)
