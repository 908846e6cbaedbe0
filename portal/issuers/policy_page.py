"""Routes of the policy page, for an issuer's members: each choice within the law of the sector, saved as a version of
the profile."""

import tomllib

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from delivery.choosing.policy_trial import DAYS, PolicyTrial, try_policy
from delivery.law.sector_law import law_of
from issuers.profile_section import ProfileError
from issuers.profile_studio.toml_text import with_table
from issuers.registry import profile_of
from issuers.save_profile import check_profile, save_profile
from portal import app_context
from portal.access import current_user
from portal.form_input import form_value
from portal.issuers.brand_preview import own_issuer
from portal.issuers.policy_form import (
    CHOICES,
    bound_sentences,
    fixed_sentences,
    law_sentences,
    policy_table,
    shown_form,
    typed_form,
)
from portal.issuers.policy_trial_words import ending_words
from portal.translation import language, say
from store.issuer import Issuer
from store.issuer_profiles.profile_version import ProfileChangedError

pages = Blueprint("policy", __name__, url_prefix="/equipe/regles")


@pages.get("")
def show() -> str:
    return _page(shown_form(profile_of(own_issuer(app_context.reading())).policy))


@pages.post("")
def save() -> ResponseReturnValue:
    """Save the choices as the next version of the profile; what the law forbids is refused with its article."""
    form, base = typed_form(), _typed_base()
    try:
        with app_context.store().writing() as session:
            issuer = own_issuer(session)
            text = _text(issuer, form)
            by, why = current_user.staff().email, form_value("why") or say("Règles d’envoi")
            saved = save_profile(session, issuer, text, by, why, app_context.now(), base=base)
    except ProfileError as error:
        return _page(form, error.key.removeprefix("policy."), error.advice.spelled(language()), base=base), 422
    except ProfileChangedError as error:
        return _page(form, "", error.spelled(language())), 409
    if saved is None:
        flash(say("Rien n’a changé."), "good")
    else:
        flash(
            say("La version {n} du profil est enregistrée : ces règles valent dès maintenant.", n=saved.number), "good"
        )
    return redirect(url_for(".show"), 303)


@pages.post("/essai")
def try_out() -> ResponseReturnValue:
    """The page with what was typed, and what it would have made of the last month's bills. Nothing is saved."""
    form, base, issuer = typed_form(), _typed_base(), own_issuer(app_context.reading())
    try:
        tried = check_profile(_text(issuer, form), issuer)
    except ProfileError as error:
        return _page(form, error.key.removeprefix("policy."), error.advice.spelled(language()), base=base), 422
    trial = try_policy(app_context.reading(), issuer.id, profile_of(issuer), tried, app_context.now())
    return _page(form, trial=trial, base=base)


def _typed_base() -> int:
    """The version that the form was filled in on; 0, which is none, for what is no number."""
    typed = form_value("base", 9)
    return int(typed) if typed.isascii() and typed.isdigit() else 0


def _text(issuer: Issuer, form: dict[str, str]) -> str:
    """The profile with these choices. Raises ProfileError for what cannot be read."""
    table = policy_table(form, tomllib.loads(issuer.profile).get("policy", {}))
    return with_table(issuer.profile, "policy", table or None)


def _page(
    form: dict[str, str], wrong: str = "", error: str = "", trial: PolicyTrial | None = None, base: int | None = None
) -> str:
    """The page with these fields, of the version *base* (None: the present one, which the reader is shown or told of),
    and with the reason as far as it was typed."""
    issuer = own_issuer(app_context.reading())
    profile = profile_of(issuer)
    return render_template(
        "issuers/policy.html",
        base=issuer.profile_version if base is None else base,
        why=form_value("why"),
        form=form,
        choices=CHOICES,
        law=law_sentences(law_of(profile.trade)),
        bounds=bound_sentences(),
        fixed=fixed_sentences(profile),
        wrong=wrong,
        error=error,
        trial=trial,
        endings=ending_words,
        days=DAYS,
    )
