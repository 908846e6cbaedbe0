"""How an issuer's bills look and speak: tried on its last bills, seen beside today's, then adopted. For its members."""

from io import BytesIO
from time import monotonic, sleep
from typing import Final

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from issuers.logo import dots_an_inch
from issuers.registry import looks_of
from issuers.trial import Seal, ask_for_preview
from issuers.voice import Looks, adopt
from portal import here, visitor
from portal.row_number import row_number
from portal.staff.brand_form import (
    HELP_SIZE,
    LANGUAGES,
    LINES,
    Errors,
    Form,
    form_of,
    parts_of_a_page,
    read_looks,
    typed_form,
    typefaces,
    wrong_with_logo,
)
from portal.staff.fitting import Fitting, fitting, last_fitting, own_issuer, seen_fitting
from portal.staff.legibility import legibility_of
from portal.words import say
from store.blobs import BlobMissing
from store.errand import Errand
from store.seal import SealBroken

pages = Blueprint("brand", __name__, url_prefix="/equipe/marque")

#: So many seconds whoever asks for a preview waits for it; a free worker needs one or two.
PATIENCE: Final = 4.0
_LOOK_AGAIN: Final = 0.1
#: Coarser than this a mark looks blurred on paper.
SHARP: Final = 150


@pages.get("")
def show() -> ResponseReturnValue:
    if request.args.get("fichier") == "lourd":
        return _page(errors={"logo": wrong_with_logo("heavy")}), 413
    return _page()


@pages.errorhandler(RequestEntityTooLarge)
def refuse(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Nothing of a form that is too large was read, not even who sends it."""
    return redirect(url_for(".show", fichier="lourd"), 303)


@pages.post("")
def try_out() -> ResponseReturnValue:
    """Ask the road for the last bills in these looks; nothing is changed by that."""
    before = _before()
    form = typed_form(before.voice)
    looks, errors = read_looks(form, before)
    if errors:
        return _page(form, errors), 422
    with here.store().writing() as session:
        asked = ask_for_preview(session, own_issuer(session), looks, visitor.staff().email, here.now()).id
    here.store().bell.ring()
    _wait_for(asked)
    return redirect(url_for(".show", _anchor="essai"), 303)


@pages.get("/<int:errand_id>/apercu.pdf")
def preview(errand_id: int) -> ResponseReturnValue:
    found = seen_fitting(here.reading(), errand_id)
    assert found.preview is not None
    return _shown(found, found.preview.blob, "pdf", "application/pdf")


@pages.get("/<int:errand_id>/<any(today, tried):side>-<int:n>.png")
def picture(errand_id: int, side: str, n: int) -> ResponseReturnValue:
    """A page of the preview, as it is today or as it would be."""
    found = seen_fitting(here.reading(), errand_id)
    assert found.preview is not None
    if n >= len(found.preview.pairs):
        abort(404)
    return _shown(found, getattr(found.preview.pairs[n], side), f"{side} {n}", "image/png")


@pages.get("/<int:errand_id>/logo.png")
def logo(errand_id: int) -> ResponseReturnValue:
    """The mark that is tried."""
    found = fitting(here.reading(), errand_id)
    if found.looks.logo is None:
        abort(404)
    return Response(found.looks.logo, mimetype="image/png")


@pages.post("/<int:errand_id>/adopter")
def take(errand_id: int) -> ResponseReturnValue:
    """What was seen is adopted: bills that come from now on look like this, those before stay as they are."""
    with here.store().writing() as session:
        found = seen_fitting(session, errand_id)
        adopt(session, own_issuer(session), found.looks, found.today, visitor.staff().email, here.now())
    flash(say("C’est adopté : vos prochaines factures seront ainsi. Celles d’avant ne changent pas."), "good")
    return redirect(url_for(".show"), 303)


def _page(form: Form | None = None, errors: Errors | None = None) -> str:
    """The last trial, and the form: as typed, else of that trial's looks, else (`?neuf` asks for it) of today's."""
    issuer = own_issuer(here.reading())
    tried = last_fitting(here.reading())
    is_new = "neuf" in request.args or (request.method == "POST" and not request.form.get("essai"))
    base = None if is_new else tried
    looks = base.looks if base else looks_of(issuer)
    form = form or form_of(looks.voice)
    return render_template(
        "staff/brand.html", issuer=issuer, fitting=tried, base=base, looks=looks, form=form, errors=errors or {},
        legibility=legibility_of(form["colour"]), legibility_of=legibility_of, lines=LINES, help_size=HELP_SIZE,
        languages=LANGUAGES, page_parts=parts_of_a_page(), typefaces=typefaces(),
        is_blurred=looks.logo is not None and dots_an_inch(looks.logo) < SHARP,
    )  # fmt: skip


def _shown(found: Fitting, blob: str, name: str, mimetype: str) -> Response:
    """A part of a preview; it shows people's bills, so that nobody keeps a copy on the way."""
    assert found.preview is not None
    try:
        content = Seal.of(here.store(), found.errand.id, found.preview).read(blob, name)
    except (BlobMissing, SealBroken):
        abort(404)
    answer = send_file(BytesIO(content), mimetype=mimetype, download_name=f"apercu.{mimetype.partition('/')[2]}")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _wait_for(errand_id: int) -> None:
    """Until the road has answered, but not for long: pages have no script that could ask again."""
    until = monotonic() + PATIENCE
    while monotonic() < until:
        with here.store().reading() as session:
            if session.get_one(Errand, errand_id).state != "todo":
                return
        sleep(_LOOK_AGAIN)


def _before() -> Looks:
    """What the form began with: a trial of this issuer, else the looks of its bills today."""
    errand_id = row_number(request.form.get("essai", ""))
    session = here.reading()
    return looks_of(own_issuer(session)) if errand_id is None else fitting(session, errand_id).looks
