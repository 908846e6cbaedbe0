"""Routes of an issuer's profile, for its members: the present version, earlier ones, and the sample that a new one is
made from."""

from typing import Final

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from issuers.profile_section import ProfileError
from issuers.profile_studio.profile_difference import profile_differences
from issuers.profile_studio.studio_jobs import LARGEST_SAMPLE, hand_in_sample
from issuers.registry import profile_of
from issuers.save_profile import restore_profile
from portal import app_context
from portal.access import current_user
from portal.form_input import form_value
from portal.issuers.brand_preview import own_issuer
from portal.issuers.profile_studio.studio_sample import wait_for
from portal.translation import language, say
from store.issuer_profiles.profile_sample import ProfileSample, samples_of
from store.issuer_profiles.profile_version import (
    ProfileChangedError,
    ProfileVersion,
    version_numbered,
    versions_of,
)

pages = Blueprint("issuer_profile", __name__, url_prefix="/equipe/profil")

#: Versions on a page.
PAGE: Final = 20


@pages.get("")
def show() -> ResponseReturnValue:
    if request.args.get("fichier") == "lourd":
        return _page({"sample": _too_heavy()}), 413
    return _page()


@pages.errorhandler(RequestEntityTooLarge)
def refuse(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """The form was too large and nothing of it was read: redirect to the page that says so with 413."""
    return redirect(url_for(".show", fichier="lourd"), 303)


@pages.post("")
def hand_in() -> ResponseReturnValue:
    """Take a sample file; it is kept encrypted, for a day at most."""
    given = request.files.get("sample")
    content = given.read(LARGEST_SAMPLE + 1) if given else b""
    if given is None or not content:
        return _page({"sample": say("Choisissez un fichier qui n’est pas vide.")}), 422
    if len(content) > LARGEST_SAMPLE:
        return _page({"sample": _too_heavy()}), 413
    store, by = app_context.store(), current_user.staff().email
    issuer_id = own_issuer(app_context.reading()).id
    sample_id = hand_in_sample(store, issuer_id, given.filename or "", content, by, app_context.now())
    store.wake_up.send()
    with store.reading() as session:
        inspection_id = session.get_one(ProfileSample, sample_id).inspection_id
    if inspection_id is not None:
        wait_for(inspection_id)
    return redirect(url_for("profile_studio.show", sample_id=sample_id), 303)


@pages.get("/versions/<int:number>")
def version(number: int) -> ResponseReturnValue:
    """Show a version: what it changed, what it would change today, and its text."""
    session = app_context.reading()
    issuer = own_issuer(session)
    found = _version(number)
    before = version_numbered(session, issuer.id, number - 1)
    return render_template(
        "issuers/profile/version.html",
        issuer=issuer,
        version=found,
        changed=profile_differences(before.text if before else "", found.text),
        against_present=profile_differences(issuer.profile, found.text),
        is_present=number == issuer.profile_version,
    )


@pages.get("/versions/<int:number>.toml")
def text(number: int) -> Response:
    """Returns a version as the file that the command line reads."""
    found = _version(number)
    answer = Response(found.text, mimetype="application/toml")
    name = f"{own_issuer(app_context.reading()).slug}-{number}.toml"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


@pages.post("/versions/<int:number>/reprendre")
def restore(number: int) -> ResponseReturnValue:
    """Make an earlier version the present one again, as a new version."""
    _version(number)
    typed = form_value("base", 20)
    base = int(typed) if typed.isascii() and typed.isdigit() else 0
    try:
        with app_context.store().writing() as session:
            issuer = own_issuer(session)
            by, why = current_user.staff().email, form_value("why")
            saved = restore_profile(session, issuer, number, by, why, app_context.now(), base=base)
    except (ProfileChangedError, ProfileError) as error:
        flash(error.spelled(language()), "bad")
        return redirect(url_for(".version", number=number), 303)
    if saved is not None:
        flash(say("C’est fait : la version {n} reprend la version {earlier}.", n=saved.number, earlier=number), "good")
    return redirect(url_for(".show"), 303)


def _version(number: int) -> ProfileVersion:
    session = app_context.reading()
    found = version_numbered(session, own_issuer(session).id, number) if number < 1 << 31 else None
    if found is None:
        abort(404)
    return found


def _page(errors: dict[str, str] | None = None) -> str:
    session = app_context.reading()
    issuer = own_issuer(session)
    typed = request.args.get("avant-version", "")
    before = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None
    versions = versions_of(session, issuer.id, PAGE + 1, before)
    return render_template(
        "issuers/profile/profile.html",
        issuer=issuer,
        profile=profile_of(issuer),
        versions=versions[:PAGE],
        older=versions[PAGE - 1].number if len(versions) > PAGE else None,
        samples=samples_of(session, issuer.id, current_user.staff().email),
        errors=errors or {},
        largest=LARGEST_SAMPLE // (1024 * 1024),
    )


def _too_heavy() -> str:
    return say("Ce fichier a plus de {n} Mo : quelques centaines de factures suffisent.", n=LARGEST_SAMPLE >> 20)
