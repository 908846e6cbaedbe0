"""Delete the archives of bills whose days are over, and those that people have deleted."""

from datetime import datetime

from pipeline.pipeline_context import PipelineContext
from store.bill_archives.bill_archive import all_parts, delete_archive, expired_archives


def sweep_bill_archives(context: PipelineContext, now: datetime) -> int:
    """Delete them some at a time, the blobs before the rows. Returns how many archives are gone."""
    number = 0
    while True:
        with context.store.reading() as session:
            gone = expired_archives(session, now)
            parts = [part for each in gone for part in all_parts(session, each.id)]
        if not gone:
            return number
        for part in parts:
            context.store.blobs.delete(part.blob_sha256)
        with context.store.writing() as session:
            for each in gone:
                delete_archive(session, each.id)
        number += len(gone)
