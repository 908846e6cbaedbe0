"""Delete the pictures of bills' pages that were drawn long ago."""

from datetime import datetime

from pipeline.pipeline_context import PipelineContext
from store.bills.page_pictures import delete_pictures, old_pictures


def sweep_page_pictures(context: PipelineContext, now: datetime) -> int:
    """Delete them some at a time, each blob before its row. Returns how many bills lost their pictures."""
    number = 0
    while True:
        with context.store.reading() as session:
            gone = old_pictures(session, now)
        if not gone:
            return number
        for each in gone:
            if each.blob_sha256:
                context.store.blobs.delete(each.blob_sha256)
        with context.store.writing() as session:
            delete_pictures(session, gone)
        number += len(gone)
