"""Routes of the form on which an admin sets an issuer's adoption plan."""

from decimal import Decimal
from typing import Final

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from adoption.adoption_curves import adoption_curves
from adoption.calendar_months import earlier
from adoption.plans.adoption_plan import LEAST_MONTHS, MOST_MONTHS, YEAR, AdoptionPlan, AdoptionPlanError
from adoption.plans.set_plan import LONGEST_WHY, as_plan, set_plan
from adoption.plans.typed_plan import typed_plan
from bill import spell_number
from portal import app_context
from portal.access import current_user
from portal.form_input import form_value
from portal.operators.adoption.curve_pages import issuer_of
from portal.translation import language, say
from store.adoption_plans.plan_version import PlanChangedError, present_plan
from store.issuer import Issuer

pages = Blueprint("adoption_plan", __name__, url_prefix="/equipe/adoption/emetteur/<slug>/plan")

#: The ends of a plan's years, at which a milestone may stand.
_YEARS: Final = tuple(range(YEAR, MOST_MONTHS, YEAR))
#: What is typed without an error of another length is cut.
_LONGEST: Final = 20


@pages.get("")
def show(slug: str) -> ResponseReturnValue:
    issuer = issuer_of(slug)
    version = present_plan(app_context.reading(), issuer.id)
    form = _form_of(as_plan(version)) if version else _first_form(issuer)
    return _page(issuer, form, version.number if version else 0)


@pages.post("")
def take(slug: str) -> ResponseReturnValue:
    """Set what was typed as the next version of the plan."""
    issuer, form = issuer_of(slug), _typed_form()
    typed = form_value("base", 10)
    base = int(typed) if typed.isascii() and typed.isdigit() else 0
    try:
        milestones = {after: form[f"after_{after}"] for after in _YEARS}
        plan = typed_plan(form["start"], form["months"], form["begins_at"], form["target"], milestones)
        with app_context.store().writing() as session:
            by, why = current_user.staff().email, form_value("why", LONGEST_WHY)
            version = set_plan(session, issuer, plan, by, why, app_context.now(), base=base)
    except AdoptionPlanError as error:
        return _page(issuer, form, base, error.field, error.spelled(language())), 422
    except PlanChangedError as error:
        return _page(issuer, form, base, "", error.spelled(language())), 409
    flash(say("Rien n’a changé.") if version is None else say("C’est noté : le plan est fixé."), "good")
    return redirect(url_for("staff_adoption.of_issuer", slug=slug), 303)


def _page(issuer: Issuer, form: dict[str, str], base: int, wrong: str = "", error: str = "") -> str:
    return render_template(
        "operators/adoption/plan.html",
        issuer=issuer,
        form=form,
        base=base,
        years=_YEARS,
        least=LEAST_MONTHS,
        most=MOST_MONTHS,
        wrong=wrong,
        error=error,
    )


def _form_of(plan: AdoptionPlan) -> dict[str, str]:
    milestones = {each.after: _per_cent(each.share) for each in plan.milestones}
    return {
        "start": f"{plan.start:%Y-%m}", "months": str(plan.months), "begins_at": _per_cent(plan.begins_at),
        "target": _per_cent(plan.target), **{f"after_{after}": milestones.get(after, "") for after in _YEARS},
    }  # fmt: skip


def _first_form(issuer: Issuer) -> dict[str, str]:
    """The form of an issuer without a plan: from the share at the end of last month, over four years."""
    start = earlier(app_context.business_today().replace(day=1))
    points = adoption_curves(app_context.reading(), [issuer.id])
    share = next((each.paperless_rate for each in points if each.month == start), None) or 0.0
    empty = {f"after_{after}": "" for after in _YEARS}
    return {
        "start": f"{start:%Y-%m}", "months": "48", "begins_at": _per_cent(Decimal(str(round(share, 3)))), "target": "",
        **empty,
    }  # fmt: skip


def _typed_form() -> dict[str, str]:
    names = ("start", "months", "begins_at", "target", *(f"after_{after}" for after in _YEARS))
    return {name: form_value(name, _LONGEST) for name in names}


def _per_cent(share: Decimal) -> str:
    return spell_number((share * 100).normalize(), language())
