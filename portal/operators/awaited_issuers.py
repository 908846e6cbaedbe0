"""The operators' page of issuers that are not on board: how many people bring in their bills themselves. It names no
person, and no issuer of few people."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal import app_context
from store.imports.awaited_issuer import LEAST_PEOPLE, awaited_issuers

pages = Blueprint("awaited_issuers", __name__, url_prefix="/equipe/emetteurs-attendus")


@pages.get("")
def show() -> ResponseReturnValue:
    awaited = awaited_issuers(app_context.reading())
    return render_template("operators/awaited_issuers.html", awaited=awaited, least=LEAST_PEOPLE)
