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

from bill import Reason
from issuers.brand_settings import BrandSettings
from issuers.profile import BrandTable
from store import Store
from store.db.row_locks import ROW_LOCK
from store.issuer import Issuer
from store.job import Job, request_job

#: The kind of the job that renders a brand preview.
PREVIEW: Final = "preview"


class PreviewRequest(msgspec.Struct, frozen=True):
    """The job's particulars: the brand settings to preview, and who asked."""

    issuer_id: int
    voice: BrandTable
    logo: bytes | None
    by: str

    @property
    def looks(self) -> BrandSettings:
        return BrandSettings(self.voice, self.logo)


class PagePair(msgspec.Struct, frozen=True):
    """A page of one bill as two images, with present and previewed brand settings. Names of encrypted blobs."""

    bill: str
    today: str
    tried: str


class Preview(msgspec.Struct, frozen=True, omit_defaults=True):
    """The job's result: names of the encrypted PDF and images, their encrypted key, and the numbers of the bills shown
    (none: a sample bill); or *why* there is nothing, which the row of the job says."""

    blob: str = ""
    key: str = ""
    bills: tuple[str, ...] = ()
    pairs: tuple[PagePair, ...] = ()
    why: Reason = Reason()

    @property
    def blobs(self) -> tuple[str, ...]:
        """All blobs of the preview."""
        pictures = [name for pair in self.pairs for name in (pair.today, pair.tried)]
        return tuple(name for name in (*pictures, self.blob) if name)


def ask_for_preview(session: Session, issuer: Issuer, looks: BrandSettings, by: str, now: datetime) -> Job:
    """Create the job (send the wake-up signal after the commit)."""
    preview_request = PreviewRequest(issuer_id=issuer.id, voice=looks.voice, logo=looks.logo, by=by)
    job = request_job(session, PREVIEW, msgspec.to_builtins(preview_request), now)
    session.flush()
    return job


def preview_request_in(job: Job) -> PreviewRequest:
    """The preview request in a job's particulars."""
    return msgspec.convert(job.particulars, PreviewRequest)


def preview_in(job: Job) -> Preview | None:
    """The preview in a job's result; None until the job has ended."""
    if job.state == "todo":
        return None
    if job.state == "failed" or not job.answer:
        return Preview(why=job.reason if job.reason.code else Reason("preview_forgotten"))
    return msgspec.json.decode(job.answer, type=Preview)


def last_preview_request(session: Session, issuer_id: int) -> Job | None:
    """This issuer's latest preview job, or None."""
    return session.scalars(_preview_jobs_of(issuer_id).order_by(Job.id.desc()).limit(1)).first()


def forget_earlier(store: Store, job: Job) -> None:
    """Delete the issuer's earlier previews: they show customers' bills and are of no more use."""
    with store.reading() as session:
        earlier = _preview_jobs_of(preview_request_in(job).issuer_id).where(
            Job.id < job.id, Job.state == "done", Job.answer != ""
        )
        found = [(each.id, preview_in(each)) for each in session.scalars(earlier)]
    for _, preview in found:
        for name in preview.blobs if preview else ():
            store.blobs.delete(name)
    with store.writing() as session:
        for job_id, _ in found:
            session.get_one(Job, job_id).answer = ""


def is_readable(store: Store, preview: Preview) -> bool:
    """Whether the parts of a preview can be read: its key opens, and its PDF is there."""
    return store.encryptor.opens_key(base64.b64decode(preview.key)) and store.blobs.exists(preview.blob)


def renew_preview_keys(store: Store) -> int:
    """Encrypt the keys of all previews under the present root. Returns how many were not under it. A preview whose
    root is gone stays as it is: its page offers to draw it anew."""
    with store.reading() as session:
        ended = select(Job.id).where(Job.kind == PREVIEW, Job.state == "done", Job.answer != "")
        ids = session.scalars(ended.order_by(Job.id)).all()
    return sum(_renew_preview_key(store, job_id) for job_id in ids)


def _renew_preview_key(store: Store, job_id: int) -> bool:
    with store.writing() as session:
        job = session.get_one(Job, job_id, with_for_update=ROW_LOCK)
        if not job.answer:
            return False
        preview = msgspec.json.decode(job.answer, type=Preview)
        key = base64.b64decode(preview.key)
        if not key or store.encryptor.is_present(key) or not store.encryptor.opens_key(key):
            return False
        renewed = base64.b64encode(store.encryptor.renew_key(key)).decode()
        job.answer = msgspec.json.encode(msgspec.structs.replace(preview, key=renewed)).decode()
        return True


def _preview_jobs_of(issuer_id: int) -> Select[Job]:
    return select(Job).where(Job.kind == PREVIEW, Job.particulars["issuer_id"].as_integer() == issuer_id)


class PreviewVault:
    """Stores the parts of a preview as encrypted blobs, with a key of its own; each part is bound to its name."""

    def __init__(self, store: Store, job_id: int, key: bytes | None = None) -> None:
        self._store, self._job_id = store, job_id
        self._key = key or store.encryptor.encrypt_key(os.urandom(32))

    @classmethod
    def of(cls, store: Store, job_id: int, preview: Preview) -> "PreviewVault":
        return cls(store, job_id, base64.b64decode(preview.key))

    @property
    def key(self) -> str:
        return base64.b64encode(self._key).decode()

    def put(self, content: bytes, name: str) -> str:
        """Encrypt and store a part; returns its blob's name."""
        return self._store.blobs.put(self._store.encryptor.encrypt(self._key, content, self._bound(name)))

    def read(self, blob: str, name: str) -> bytes:
        """Read and decrypt a part. Raises BlobMissing or DecryptionFailed if it is no longer there."""
        return self._store.encryptor.decrypt(self._key, self._store.blobs.read(blob), self._bound(name))

    def _bound(self, name: str) -> bytes:
        return b"preview %d %b" % (self._job_id, name.encode())
