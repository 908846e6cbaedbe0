"""Routes of what is kept about a person (GDPR articles 15 and 20): a page to read, and one file for programs."""

from typing import Final

import msgspec
from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from consumers.personal_data.collect_personal_data import collect_personal_data, personal_data
from portal import app_context
from portal.access import current_user
from portal.consumers.presenters.personal_records import MOST_SHOWN, shown_category
from portal.presenters.file_download import download
from portal.translation import language, say

pages: Final = Blueprint("personal_data", __name__)


@pages.get("/mes-donnees")
def show() -> ResponseReturnValue:
    """The page: each category with why it is kept, how long and by which law, and its newest records."""
    found = collect_personal_data(app_context.reading(), current_user.consumer_id(), language())
    return render_template(
        "consumers/take_away/personal_data.html", categories=[shown_category(each) for each in found], most=MOST_SHOWN
    )


@pages.get("/mes-donnees.json")
def file() -> ResponseReturnValue:
    """Everything in one file (docs/data-export.md)."""
    found = personal_data(app_context.reading(), current_user.consumer_id(), language(), app_context.now())
    content = msgspec.json.format(msgspec.json.encode(found))
    return download(content, f"{say('Mes données')}.json", "application/json")
