"""The audit trail: who did what to which thing, when and why, newest first; by person, kind of thing and day, as pages
and as a sheet. Whoever takes the sheet is in the trail themselves."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue

from export.saved_files.csv_table import Cell
from portal import app_context
from portal.access import current_user
from portal.form_input import one_line
from portal.operators.presenters.act_text import ToldAct, told_acts
from portal.page_address import url_for
from portal.presenters.amounts_and_dates import local
from portal.presenters.csv_export import csv_response
from portal.public_id_converter import row_of
from portal.translation import say
from store.db.acts import ActFilter, acts, all_acts
from store.db.event import record
from store.staff_search.acting_names import acting_names
from words.act_names import PROGRAM, THING

pages = Blueprint("audit_trail", __name__, url_prefix="/equipe/journal")

A_PAGE: Final = 50
#: Rows of the sheet that are fetched at once.
_GROUP: Final = 500
#: Names in the query: by whom (a part of the name), what kind of thing, from which day, until which, with people's own.
_FILTERS: Final = ("par", "quoi", "depuis", "jusque", "tous")


@pages.get("")
def show() -> ResponseReturnValue:
    session, asked = app_context.reading(), _asked()
    before = row_of(request.args.get("suite", ""), "cursor")
    page = acts(session, asked, A_PAGE, before)
    query = {name: value for name in _FILTERS if (value := request.args.get(name, ""))}
    return render_template(
        "operators/room/audit_trail.html",
        acts=told_acts(session, page.acts),
        asked=request.args,
        things=sorted(((name, say(words)) for name, words in THING.items()), key=lambda each: each[1]),
        first=url_for(".show", **query) if before else None,
        following=url_for(".show", suite=page.following, **query) if page.following else None,
        sheet=url_for(".sheet", **query),
    )


@pages.get("/feuille.csv")
def sheet() -> ResponseReturnValue:
    """Streams all acts that are asked for as CSV."""
    asked, staff = _asked(), current_user.staff()
    with app_context.store().writing() as session:
        record(session, "staff", staff.id, "trail exported", app_context.now(), by=staff.email, why=_said())
    head = [say("Quand"), say("Qui"), say("Quoi"), say("Chose"), say("Nom"), say("Pourquoi")]

    def rows() -> Iterator[list[Cell]]:
        with app_context.store().reading() as session:
            found = all_acts(session, asked, _GROUP)
            while group := list(islice(found, _GROUP)):
                yield from (_cells(act) for act in told_acts(session, group))

    answer = Response(stream_with_context(csv_response(head, rows())), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename="journal.csv")
    return answer


def _cells(act: ToldAct) -> list[Cell]:
    return [local(act.at).isoformat(timespec="seconds"), act.who, act.what, act.thing, act.name, act.why]


def _asked() -> ActFilter:
    """Returns the query's filter; what cannot be read asks for nothing. Without *tous* people's own acts in their space
    are left out."""
    part, thing = one_line(request.args.get("par", ""), 200).strip(), request.args.get("quoi", "")
    until = _midnight(request.args.get("jusque", ""))
    programs = {name: say(words) for name, words in PROGRAM.items()}
    return ActFilter(
        by=acting_names(app_context.reading(), part, programs) if part else (),
        of_team=not request.args.get("tous") and not part,
        subject=thing if thing in THING else "",
        since=_midnight(request.args.get("depuis", "")),
        until=None if until is None else until + timedelta(days=1),
    )


def _midnight(text: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text), time.min, ZoneInfo(app_context.config().time_zone))
    except ValueError:
        return None


def _said() -> str:
    """The filter in one line, as the trail keeps it."""
    return " ".join(one_line(value, 200) for name in _FILTERS if (value := request.args.get(name, "")))
