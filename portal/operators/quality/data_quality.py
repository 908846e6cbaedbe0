"""Route of the data quality page: rules that an issuer's feeds keep breaking, the trend, its cost, and what to do."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal import app_context
from portal.access import staff_scope
from portal.operators.quality.quality_report import quality_report

pages = Blueprint("quality", __name__, url_prefix="/equipe/qualite")


@pages.get("")
def show() -> ResponseReturnValue:
    session, today = app_context.reading(), app_context.today()
    reports = [quality_report(session, issuer, today) for issuer in staff_scope.issuers().values()]
    return render_template("operators/data_quality.html", reports=[report for report in reports if report.periods])
