"""Adoption: curves by issuer and month, with the figures behind them."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from adoption.curves import curves
from portal import here
from portal.staff import scope
from portal.staff.curves import curves_of

pages = Blueprint("staff_adoption", __name__, url_prefix="/equipe/adoption")


@pages.get("")
def show() -> ResponseReturnValue:
    issuers = scope.issuers()
    drawn = curves_of(curves(here.reading(), issuers), list(issuers.values()))
    return render_template("staff/adoption.html", curves=drawn)
