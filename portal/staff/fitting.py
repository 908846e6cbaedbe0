"""Looks that an issuer's member tried, with what the road has answered so far."""

from typing import NamedTuple

from flask import abort
from sqlalchemy.orm import Session

from issuers.registry import looks_of
from issuers.trial import PREVIEW, Preview, Trial, last_trial, preview_in, trial_in
from issuers.voice import Looks
from portal.staff import scope
from store.errand import Errand
from store.issuer import Issuer


class Fitting(NamedTuple):
    """A trial, its answer (None as long as there is none), and the looks of the issuer's bills as they are."""

    errand: Errand
    trial: Trial
    preview: Preview | None
    today: Looks
    is_past: bool  # the issuer's looks have changed since it was asked

    @property
    def looks(self) -> Looks:
        return self.trial.looks

    @property
    def is_seen(self) -> bool:
        return self.preview is not None and bool(self.preview.blob)

    @property
    def is_adopted(self) -> bool:
        return self.looks == self.today

    @property
    def changes(self) -> tuple[str, ...]:
        """The keys of `[brand]` that it would change."""
        return self.looks.differences(self.today)


def own_issuer(session: Session) -> Issuer:
    """The issuer that the visitor works for."""
    mine = scope.issuer_id()
    assert mine is not None, "the policy lets members in, nobody else"
    return session.get_one(Issuer, mine)


def last_fitting(session: Session) -> Fitting | None:
    issuer = own_issuer(session)
    errand = last_trial(session, issuer.id)
    return _fitting(errand, issuer) if errand else None


def fitting(session: Session, errand_id: int) -> Fitting:
    """A trial of the visitor's issuer; any other is not there."""
    errand = session.get(Errand, errand_id)
    issuer = own_issuer(session)
    if errand is None or errand.kind != PREVIEW or trial_in(errand).issuer_id != issuer.id:
        abort(404)
    return _fitting(errand, issuer)


def seen_fitting(session: Session, errand_id: int) -> Fitting:
    """One whose preview can be seen; any other is not there."""
    found = fitting(session, errand_id)
    if not found.is_seen:
        abort(404)
    return found


def _fitting(errand: Errand, issuer: Issuer) -> Fitting:
    is_past = issuer.changed_at > errand.asked_at
    return Fitting(errand, trial_in(errand), preview_in(errand), looks_of(issuer), is_past)
