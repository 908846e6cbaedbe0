"""How an issuer's bills look and speak: tried on its last bills, seen, then adopted. For its members."""

from io import BytesIO
from typing import Any, NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from issuers.profile import Voice
from issuers.registry import profile_of
from issuers.section import ProfileError
from issuers.voice import PREVIEW, Preview, adopt, ask_for_preview, open_preview, preview_in, voice_of, voice_tried
from portal import here, visitor
from portal.staff import scope
from portal.typed import typed
from portal.words import say
from store.blobs import BlobMissing
from store.errand import Errand
from store.issuer import Issuer
from store.seal import SealBroken

pages = Blueprint("brand", __name__, url_prefix="/equipe/marque")

#: Errands that are looked through for an issuer's.
_SEARCHED = 200
#: Fields of one line, and how much each holds.
_LINES = {"tagline": 80, "message": 200, "legal_text": 1500}
#: Lines of help beside the payment slip.
HELP_LINES = 3


class Trial(NamedTuple):
    """A voice that was tried, and what the road has answered so far."""

    errand: Errand
    voice: Voice
    preview: Preview | None


@pages.get("")
def show() -> ResponseReturnValue:
    return _page(_trial(here.reading()))


@pages.post("")
def try_out() -> ResponseReturnValue:
    """Ask the road for the last bills in this voice; nothing is changed by that."""
    values = _typed()
    try:
        voice = voice_of(values, profile_of(_issuer(here.reading())).brand)
    except ProfileError as error:
        return _page(None, {**values, "error": error.key}), 422
    with here.store().writing() as session:
        ask_for_preview(session, _issuer(session), voice, visitor.staff().email, here.now())
    here.store().bell.ring()
    flash(say("L’aperçu est demandé. Rechargez la page dans un instant."), "good")
    return redirect(url_for(".show"), 303)


@pages.get("/<int:errand_id>/apercu.pdf")
def preview(errand_id: int) -> ResponseReturnValue:
    trial = _tried(here.reading(), errand_id)
    assert trial.preview is not None
    try:
        pdf = open_preview(here.store(), errand_id, trial.preview)
    except (BlobMissing, SealBroken):
        abort(404)
    answer = send_file(BytesIO(pdf), mimetype="application/pdf", download_name="apercu.pdf")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.post("/<int:errand_id>/adopter")
def take(errand_id: int) -> ResponseReturnValue:
    """What was seen is adopted: bills that come from now on look like this, those before stay as they are."""
    with here.store().writing() as session:
        trial = _tried(session, errand_id)
        adopt(session, _issuer(session), trial.voice, visitor.staff().email, here.now())
    flash(say("C’est adopté : vos prochaines factures seront ainsi. Celles d’avant ne changent pas."), "good")
    return redirect(url_for(".show"), 303)


def _page(trial: Trial | None, typed_in: dict[str, Any] | None = None) -> str:
    issuer = _issuer(here.reading())
    now = profile_of(issuer).brand
    shown = trial.voice if trial else now
    return render_template(
        "staff/brand.html", issuer=issuer, now=now, voice=shown, trial=trial, typed_in=typed_in or {},
        is_adopted=shown == now, help_lines=HELP_LINES,
    )  # fmt: skip


def _typed() -> dict[str, Any]:
    lines = {name: typed(name, most) for name, most in _LINES.items()}
    helping = [typed(f"help_{n}", 60) for n in range(1, HELP_LINES + 1)]
    return lines | {
        "colour": typed("colour", 7).lower(),
        "language": request.form.get("language", ""),
        "help_lines": [line for line in helping if line],
    }


def _issuer(session: Session) -> Issuer:
    mine = scope.issuer_id()
    assert mine is not None, "the policy lets members in, nobody else"
    return session.get_one(Issuer, mine)


def _trial(session: Session) -> Trial | None:
    """The last voice that this issuer has tried."""
    latest = select(Errand).where(Errand.kind == PREVIEW).order_by(Errand.id.desc()).limit(_SEARCHED)
    mine = scope.issuer_id()
    errand = next((each for each in session.scalars(latest) if each.particulars["issuer_id"] == mine), None)
    return Trial(errand, voice_tried(errand), preview_in(errand)) if errand else None


def _tried(session: Session, errand_id: int) -> Trial:
    """A trial of this issuer that can be seen; any other is not there."""
    errand = session.get(Errand, errand_id) if errand_id <= scope.LARGEST_ID else None
    if errand is None or errand.kind != PREVIEW or errand.particulars["issuer_id"] != scope.issuer_id():
        abort(404)
    trial = Trial(errand, voice_tried(errand), preview_in(errand))
    if trial.preview is None or not trial.preview.blob:
        abort(404)
    return trial
