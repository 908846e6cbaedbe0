"""Reads a brand preview of the visitor's issuer, and the pipeline's answer to it."""

from typing import NamedTuple

from flask import abort
from sqlalchemy.orm import Session

from issuers.brand_preview import (
    PREVIEW,
    Preview,
    PreviewRequest,
    is_readable,
    last_preview_request,
    preview_in,
    preview_request_in,
)
from issuers.brand_settings import BrandSettings
from issuers.registry import brand_settings_of
from portal import app_context
from portal.access import staff_scope
from store.issuer import Issuer
from store.job import Job


class PreviewView(NamedTuple):
    """A preview request, its answer (None until there is one), and the issuer's current brand settings."""

    job: Job
    preview_request: PreviewRequest
    preview: Preview | None
    today: BrandSettings
    is_past: bool  # the issuer's looks have changed since it was asked
    is_lost: bool  # it was drawn, and can be read no more

    @property
    def looks(self) -> BrandSettings:
        return self.preview_request.looks

    @property
    def is_seen(self) -> bool:
        return self.preview is not None and bool(self.preview.blob) and not self.is_lost

    @property
    def is_adopted(self) -> bool:
        return self.looks == self.today

    @property
    def changes(self) -> tuple[str, ...]:
        """Returns the keys of `[brand]` that the preview would change."""
        return self.looks.differences(self.today)


def own_issuer(session: Session) -> Issuer:
    """Returns the visitor's issuer."""
    mine = staff_scope.issuer_id()
    assert mine is not None, "the policy lets members in, nobody else"
    return session.get_one(Issuer, mine)


def last_preview(session: Session) -> PreviewView | None:
    """Returns the latest preview of the visitor's issuer; None if there is none."""
    issuer = own_issuer(session)
    job = last_preview_request(session, issuer.id)
    return _view_of(job, issuer) if job else None


def preview_view(session: Session, errand_id: int) -> PreviewView:
    """Returns a preview of the visitor's issuer; else aborts with 404."""
    job = session.get(Job, errand_id)
    issuer = own_issuer(session)
    if job is None or job.kind != PREVIEW or preview_request_in(job).issuer_id != issuer.id:
        abort(404)
    return _view_of(job, issuer)


def seen_preview(session: Session, errand_id: int) -> PreviewView:
    """Returns a preview that has pages to show; else aborts with 404."""
    found = preview_view(session, errand_id)
    if not found.is_seen:
        abort(404)
    return found


def _view_of(job: Job, issuer: Issuer) -> PreviewView:
    is_past, preview = issuer.changed_at > job.asked_at, preview_in(job)
    is_lost = preview is not None and bool(preview.blob) and not is_readable(app_context.store(), preview)
    return PreviewView(job, preview_request_in(job), preview, brand_settings_of(issuer), is_past, is_lost)
