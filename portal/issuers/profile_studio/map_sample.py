"""Routes of the profile studio: a sample's fields are mapped, the profile is tried on it, and then saved."""

from io import BytesIO

from flask import Blueprint, Response, abort, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from issuers.profile_section import ProfileError
from issuers.profile_studio.layout_draft import LayoutDraft, present_constants, profile_with_layout, proposed_draft
from issuers.profile_studio.profile_difference import profile_differences
from issuers.profile_studio.sample_report import LAID_OUT, SampleReport
from issuers.profile_studio.studio_jobs import SampleVault, ask_for_trial, delete_sample
from issuers.save_profile import save_profile
from portal import app_context
from portal.access import current_user
from portal.form_input import form_value
from portal.issuers.brand_preview import own_issuer
from portal.issuers.profile_studio.draft_error import draft_error
from portal.issuers.profile_studio.evidence_text import evidence_text
from portal.issuers.profile_studio.mapping_form import (
    LONGEST_CONSTANT,
    constant_field,
    constants_shown,
    role_names,
    settings_shown,
    typed_draft,
)
from portal.issuers.profile_studio.rule_title import rule_title
from portal.issuers.profile_studio.studio_sample import StudioSample, studio_sample, wait_for
from portal.issuers.profile_studio.term_names import term_groups, term_name
from portal.translation import language, say
from store.blobs.blob_store import BlobMissing
from store.issuer_profiles.profile_version import ProfileChangedError
from store.vault.encryption import DecryptionFailed

pages = Blueprint("profile_studio", __name__, url_prefix="/equipe/profil")


@pages.get("/exemples/<row(profile_sample):sample_id>")
def show(sample_id: int) -> str:
    """The fields that were found, mapped as they are proposed; below them the last trial."""
    found = studio_sample(app_context.reading(), sample_id)
    draft = None if found.report is None else _proposed(found.report)
    return _page(found, draft)


@pages.post("/exemples/<row(profile_sample):sample_id>")
def try_out(sample_id: int) -> ResponseReturnValue:
    """Ask the pipeline to read the sample by the mapping that was typed."""
    found = studio_sample(app_context.reading(), sample_id)
    issuer = own_issuer(app_context.reading())
    report = found.report
    if report is None or report.syntax == "unknown":
        abort(404)
    text, draft = issuer.profile, None
    if report.syntax in LAID_OUT:
        try:
            draft = typed_draft(report, present_constants(issuer.profile, report.syntax))
            text = profile_with_layout(issuer.profile, report, draft)
        except ProfileError as error:
            return _page(found, draft or _proposed(report), draft_error(error)), 422
    store = app_context.store()
    with store.writing() as session:
        row = studio_sample(session, sample_id).row
        job_id = ask_for_trial(session, row, text, issuer.profile_version, app_context.now()).id
    store.wake_up.send()
    wait_for(job_id)
    return redirect(url_for(".trial", sample_id=sample_id), 303)


@pages.get("/exemples/<row(profile_sample):sample_id>/essai")
def trial(sample_id: int) -> ResponseReturnValue:
    """What the tried profile read, what it would change, and the button that saves it."""
    found = studio_sample(app_context.reading(), sample_id)
    if found.trial_job is None:
        return redirect(url_for(".show", sample_id=sample_id), 303)
    issuer = own_issuer(app_context.reading())
    differences = profile_differences(issuer.profile, found.trial.profile) if found.trial else []
    return render_template(
        "issuers/profile/trial.html", sample=found, issuer=issuer, differences=differences, rule_title=rule_title
    )


@pages.get("/exemples/<row(profile_sample):sample_id>/essai.pdf")
def preview(sample_id: int) -> Response:
    """The first bill as it would be drawn."""
    found = studio_sample(app_context.reading(), sample_id)
    if found.answer is None or not found.answer.pdf or found.trial_job is None:
        abort(404)
    return _part(found, found.answer.pdf, f"pdf {found.trial_job.id}", "application/pdf")


@pages.get("/exemples/<row(profile_sample):sample_id>/essai-<int:n>.png")
def picture(sample_id: int, n: int) -> Response:
    """A page of it as an image."""
    found = studio_sample(app_context.reading(), sample_id)
    if found.answer is None or n >= len(found.answer.pictures) or found.trial_job is None:
        abort(404)
    return _part(found, found.answer.pictures[n], f"picture {found.trial_job.id} {n}", "image/png")


@pages.post("/exemples/<row(profile_sample):sample_id>/enregistrer")
def save(sample_id: int) -> ResponseReturnValue:
    """Save the tried profile as the next version, and delete the sample."""
    found = studio_sample(app_context.reading(), sample_id)
    if found.trial is None:
        abort(404)
    by, now = current_user.staff().email, app_context.now()
    try:
        with app_context.store().writing() as session:
            issuer = own_issuer(session)
            saved = save_profile(
                session, issuer, found.trial.profile, by, form_value("why"), now, base=found.trial.base
            )
    except (ProfileError, ProfileChangedError) as error:
        flash(error.spelled(language()), "bad")
        return redirect(url_for(".trial", sample_id=sample_id), 303)
    delete_sample(app_context.store(), sample_id, now)
    if saved is None:
        flash(say("Votre profil a déjà ce texte. L’exemple est effacé."), "good")
    else:
        flash(say("La version {n} est enregistrée : vos prochains flux sont lus ainsi. L’exemple est effacé.",
                  n=saved.number), "good")  # fmt: skip
    return redirect(url_for("issuer_profile.show"), 303)


@pages.post("/exemples/<row(profile_sample):sample_id>/effacer")
def delete(sample_id: int) -> ResponseReturnValue:
    """Delete the sample and what was made of it, at once."""
    studio_sample(app_context.reading(), sample_id)
    delete_sample(app_context.store(), sample_id, app_context.now())
    flash(say("L’exemple et tout ce qui en a été tiré sont effacés."), "good")
    return redirect(url_for("issuer_profile.show"), 303)


def _proposed(report: SampleReport) -> LayoutDraft:
    text = own_issuer(app_context.reading()).profile
    return proposed_draft(report, present_constants(text, report.syntax) if report.syntax in LAID_OUT else {})


def _page(found: StudioSample, draft: LayoutDraft | None, error: str = "") -> str:
    report: SampleReport | None = found.report
    return render_template(
        "issuers/profile/sample.html",
        sample=found,
        draft=draft,
        error=error,
        settings=settings_shown(draft) if draft else {},
        constants=constants_shown(draft) if draft else {},
        constant_field=constant_field,
        longest_constant=LONGEST_CONSTANT,
        groups=term_groups(report.terms) if report else [],
        roles=role_names(),
        why=evidence_text,
        term_name=term_name,
        has_layout=report is not None and report.syntax in LAID_OUT,
    )


def _part(found: StudioSample, blob: str, name: str, mimetype: str) -> Response:
    """A part of a trial, not cached: it shows a person's bill."""
    try:
        content = SampleVault(app_context.store(), found.row).read(blob, name)
    except (BlobMissing, DecryptionFailed):
        abort(404)
    answer = send_file(BytesIO(content), mimetype=mimetype, download_name=f"essai.{mimetype.partition('/')[2]}")
    answer.headers["Cache-Control"] = "no-store"
    return answer
