"""The adoption page: curves by issuer and month, with their figures."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from adoption.adoption_curves import adoption_curves
from delivery.relationship.default_notice_counts import default_notice_counts
from portal import app_context
from portal.access import staff_scope
from portal.operators.presenters.adoption_charts import curves_of

pages = Blueprint("staff_adoption", __name__, url_prefix="/equipe/adoption")


@pages.get("")
def show() -> ResponseReturnValue:
    issuers = staff_scope.issuers()
    drawn = curves_of(adoption_curves(app_context.reading(), issuers), list(issuers.values()))
    notices = default_notice_counts(app_context.reading(), staff_scope.issuer_id())
    told = [(issuers[each].name, counts) for each, counts in sorted(notices.items()) if each in issuers]
    return render_template("operators/adoption.html", curves=drawn, default_notices=told)
