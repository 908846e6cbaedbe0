"""What tests of archives need: asking, working, and the bytes that a person would save."""

from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile

from sqlalchemy import select

from pipeline.feed_pipeline import Pipeline
from store import Store
from store.bill_archives.archive_stream import ArchiveStream
from store.bill_archives.bill_archive import ArchiveScope, BillArchive, archive_of, ask_for_archive, parts_of
from tests.conftest import Clock


def ask(store: Store, consumer_id: int, clock: Clock, scope: ArchiveScope = ArchiveScope()) -> BillArchive | None:  # noqa: B008
    with store.writing() as session:
        return ask_for_archive(session, store.encryptor, consumer_id, scope, "fr", clock())


def work(pipeline: Pipeline, clock: Clock) -> None:
    while pipeline.run_job(clock()):
        pass


def saved(store: Store, consumer_id: int, clock: Clock) -> bytes:
    """The whole archive, which is ready."""
    with store.reading() as session:
        archive = archive_of(session, consumer_id, clock())
        assert archive is not None
        assert archive.state == "ready"
        stream = ArchiveStream(store.blobs, store.encryptor, archive.row, parts_of(session, archive.row))
    content = stream.read()
    assert len(content) == archive.row.size
    return content


def opened(content: bytes) -> ZipFile:
    return ZipFile(BytesIO(content))


def archives(store: Store) -> list[BillArchive]:
    with store.reading() as session:
        return list(session.scalars(select(BillArchive).order_by(BillArchive.id)))


def blobs_of(store: Store) -> Iterator[str]:
    with store.reading() as session:
        for archive in archives(store):
            yield from (part.blob_sha256 for part in parts_of(session, archive))
