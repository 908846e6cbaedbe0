"""Routes of the brand editor, for an issuer's members: preview brand settings on the last bills beside today's, then
adopt them."""

from io import BytesIO
from time import monotonic, sleep
from typing import Final

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from issuers.brand_preview import PreviewVault, ask_for_preview
from issuers.brand_settings import BrandSettings, adopt_brand_settings
from issuers.logo import dots_an_inch
from issuers.registry import brand_settings_of
from portal import app_context
from portal.access import current_user
from portal.issuers.brand_form import (
    HELP_SIZE,
    LINES,
    Errors,
    Form,
    form_of,
    label_languages,
    parts_of_a_page,
    read_looks,
    typed_form,
    typefaces,
    wrong_with_logo,
)
from portal.issuers.brand_preview import PreviewView, last_preview, own_issuer, preview_view, seen_preview
from portal.issuers.colour_contrast import colour_contrast_of
from portal.public_id_converter import row_of
from portal.translation import say
from store.blobs.blob_store import BlobMissing
from store.job import Job
from store.vault.encryption import DecryptionFailed

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
    """The form was too large and nothing of it was read: redirect to the page that says so with 413."""
    return redirect(url_for(".show", fichier="lourd"), 303)


@pages.post("")
def try_out() -> ResponseReturnValue:
    """Request a brand preview of the last bills. Changes nothing."""
    before = _before()
    form = typed_form(before.voice)
    looks, errors = read_looks(form, before)
    if errors:
        return _page(form, errors), 422
    with app_context.store().writing() as session:
        asked = ask_for_preview(session, own_issuer(session), looks, current_user.staff().email, app_context.now()).id
    app_context.store().wake_up.send()
    _wait_for(asked)
    return redirect(url_for(".show", _anchor="essai"), 303)


@pages.get("/<row(job):errand_id>/apercu.pdf")
def preview(errand_id: int) -> ResponseReturnValue:
    """Returns all pages of the preview; if they can be read no more, redirects to the page that says so."""
    found = preview_view(app_context.reading(), errand_id)
    if found.is_lost:
        return redirect(url_for(".show", _anchor="essai"), 303)
    found = seen_preview(app_context.reading(), errand_id)
    assert found.preview is not None
    return _shown(found, found.preview.blob, "pdf", "application/pdf")


@pages.get("/<row(job):errand_id>/<any(today, tried):side>-<int:n>.png")
def picture(errand_id: int, side: str, n: int) -> ResponseReturnValue:
    """Returns one page of the preview as an image: as it is today, or as it would be."""
    found = seen_preview(app_context.reading(), errand_id)
    assert found.preview is not None
    if n >= len(found.preview.pairs):
        abort(404)
    return _shown(found, getattr(found.preview.pairs[n], side), f"{side} {n}", "image/png")


@pages.get("/<row(job):errand_id>/logo.png")
def logo(errand_id: int) -> ResponseReturnValue:
    """Returns the previewed logo."""
    found = preview_view(app_context.reading(), errand_id)
    if found.looks.logo is None:
        abort(404)
    return Response(found.looks.logo, mimetype="image/png")


@pages.post("/<row(job):errand_id>/adopter")
def take(errand_id: int) -> ResponseReturnValue:
    """Adopt the previewed settings for bills that come from now on; earlier bills stay as they are."""
    with app_context.store().writing() as session:
        found = seen_preview(session, errand_id)
        adopt_brand_settings(
            session, own_issuer(session), found.looks, found.today, current_user.staff().email, app_context.now()
        )
    flash(say("C’est adopté : vos prochaines factures seront ainsi. Celles d’avant ne changent pas."), "good")
    return redirect(url_for(".show"), 303)


def _page(form: Form | None = None, errors: Errors | None = None) -> str:
    """Renders the latest preview and the form, filled with what was typed, else the preview's settings, else (`?neuf`)
    today's."""
    issuer = own_issuer(app_context.reading())
    tried = last_preview(app_context.reading())
    is_new = "neuf" in request.args or (request.method == "POST" and not request.form.get("essai"))
    base = None if is_new else tried
    looks = base.looks if base else brand_settings_of(issuer)
    form = form or form_of(looks.voice)
    return render_template(
        "issuers/brand.html",
        issuer=issuer,
        last_preview=tried,
        base=base,
        looks=looks,
        form=form,
        errors=errors or {},
        legibility=colour_contrast_of(form["colour"]),
        legibility_of=colour_contrast_of,
        lines=LINES,
        help_size=HELP_SIZE,
        languages=label_languages(),
        page_parts=parts_of_a_page(),
        typefaces=typefaces(),
        is_blurred=looks.logo is not None and dots_an_inch(looks.logo) < SHARP,
    )


def _shown(found: PreviewView, blob: str, name: str, mimetype: str) -> Response:
    """Returns a part of a preview with no caching: it shows people's bills."""
    assert found.preview is not None
    try:
        content = PreviewVault.of(app_context.store(), found.job.id, found.preview).read(blob, name)
    except (BlobMissing, DecryptionFailed):
        abort(404)
    answer = send_file(BytesIO(content), mimetype=mimetype, download_name=f"apercu.{mimetype.partition('/')[2]}")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _wait_for(errand_id: int) -> None:
    """Wait a short time for the pipeline's answer: the page has no script that could ask again."""
    until = monotonic() + PATIENCE
    while monotonic() < until:
        with app_context.store().reading() as session:
            if session.get_one(Job, errand_id).state != "todo":
                return
        sleep(_LOOK_AGAIN)


def _before() -> BrandSettings:
    """Returns the settings that the form began with: those of an earlier preview, else today's."""
    errand_id = row_of(request.form.get("essai", ""), "job")
    session = app_context.reading()
    return brand_settings_of(own_issuer(session)) if errand_id is None else preview_view(session, errand_id).looks
