"""Brand previews: an issuer's last bills drawn with brand settings that are not adopted yet.

The portal requests a preview by a job; the pipeline renders it and stores it encrypted.
"""

import base64
import os
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from issuers.brand_settings import BrandSettings
from issuers.profile import BrandTable
from store import Store
from store.issuer import Issuer
from store.job import Job, request_job

#: The job that asks for the issuer's last bills in other looks.
PREVIEW: Final = "preview"


class PreviewRequest(msgspec.Struct, frozen=True):
    """What the job asks."""

    issuer_id: int
    voice: BrandTable
    logo: bytes | None
    by: str

    @property
    def looks(self) -> BrandSettings:
        return BrandSettings(self.voice, self.logo)


class PagePair(msgspec.Struct, frozen=True):
    """A page of one bill twice, as pictures: in today's looks, and in those that are tried. Names of sealed blobs."""

    bill: str
    today: str
    tried: str


class Preview(msgspec.Struct, frozen=True, omit_defaults=True):
    """The pipeline's answer: where the PDF and the pictures lie, sealed, with the sealed key to them, and whose bills
    they show (none: a specimen); or *why* there is nothing."""

    blob: str = ""
    key: str = ""
    bills: tuple[str, ...] = ()
    pairs: tuple[PagePair, ...] = ()
    why: str = ""

    @property
    def blobs(self) -> tuple[str, ...]:
        """Everything that is kept of it."""
        pictures = [name for pair in self.pairs for name in (pair.today, pair.tried)]
        return tuple(name for name in (*pictures, self.blob) if name)


def ask_for_preview(session: Session, issuer: Issuer, looks: BrandSettings, by: str, now: datetime) -> Job:
    """Leave the job (send the wake-up signal after the commit)."""
    preview_request = PreviewRequest(issuer_id=issuer.id, voice=looks.voice, logo=looks.logo, by=by)
    job = request_job(session, PREVIEW, msgspec.to_builtins(preview_request), now)
    session.flush()
    return job


def preview_request_in(job: Job) -> PreviewRequest:
    """What a job asks to be tried."""
    return msgspec.convert(job.particulars, PreviewRequest)


def preview_in(job: Job) -> Preview | None:
    """What the pipeline has answered; None as long as it has not."""
    if job.state == "todo":
        return None
    if job.state == "failed" or not job.answer:
        return Preview(why=job.answer or "forgotten")
    return msgspec.json.decode(job.answer, type=Preview)


def last_preview_request(session: Session, issuer_id: int) -> Job | None:
    """The job that this issuer asked last."""
    return session.scalars(_trials_of(issuer_id).order_by(Job.id.desc()).limit(1)).first()


def forget_earlier(store: Store, job: Job) -> None:
    """The issuer's earlier previews show people's bills, and nobody looks at them any more: they are deleted."""
    with store.reading() as session:
        earlier = _trials_of(preview_request_in(job).issuer_id).where(
            Job.id < job.id, Job.state == "done", Job.answer != ""
        )
        found = [(each.id, preview_in(each)) for each in session.scalars(earlier)]
    for _, preview in found:
        for name in preview.blobs if preview else ():
            store.blobs.delete(name)
    with store.writing() as session:
        for errand_id, _ in found:
            session.get_one(Job, errand_id).answer = ""


def _trials_of(issuer_id: int) -> Select[Job]:
    return select(Job).where(Job.kind == PREVIEW, Job.particulars["issuer_id"].as_integer() == issuer_id)


class Encrypt:
    """Keeps what a preview shows as its bills are kept: sealed, with a key of its own, each part under its name."""

    def __init__(self, store: Store, errand_id: int, key: bytes | None = None) -> None:
        self._store, self._errand_id = store, errand_id
        self._key = key or store.sealer.seal_key(os.urandom(32))

    @classmethod
    def of(cls, store: Store, errand_id: int, preview: Preview) -> "Encrypt":
        return cls(store, errand_id, base64.b64decode(preview.key))

    @property
    def key(self) -> str:
        return base64.b64encode(self._key).decode()

    def put(self, content: bytes, name: str) -> str:
        """The blob of a part."""
        return self._store.blobs.put(self._store.sealer.seal(self._key, content, self._bound(name)))

    def read(self, blob: str, name: str) -> bytes:
        """The part again; BlobMissing or SealBroken when it is there no more."""
        return self._store.sealer.open(self._key, self._store.blobs.read(blob), self._bound(name))

    def _bound(self, name: str) -> bytes:
        return b"preview %d %b" % (self._errand_id, name.encode())
