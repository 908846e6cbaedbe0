"""The accounts behind each figure of a campaign, with the reason for which each was invited or was not; as a page and
as a file."""

from collections.abc import Iterator
from typing import Any, Final

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from adoption.campaigns.wordings import WORDINGS
from export.saved_files.csv_table import Cell
from portal import app_context
from portal.operators.campaigns.asked_invitations import WORD_OF, asked_list
from portal.operators.campaigns.campaign_in_scope import campaign_in_scope
from portal.operators.campaigns.campaign_words import INVITATIONS
from portal.operators.journeys.figures_sheet import figures_sheet
from portal.public_id_converter import row_of
from portal.row_id import LARGEST
from portal.translation import language, say
from store.campaigns.campaign_wave import invitations_by_state
from store.campaigns.listed_invitations import AskedInvitations, ListedInvitation, listed_invitations
from words.reason_text import reason_text

pages = Blueprint("campaign_accounts", __name__, url_prefix="/equipe/campagnes/<row(campaign):campaign_id>")

A_PAGE: Final = 30
#: Rows of a list that are read at a time for its CSV.
_TOGETHER: Final = 500


@pages.get("/comptes")
def show(campaign_id: int) -> ResponseReturnValue:
    """The accounts that the query asks for, the last chosen first; *avant* is where the list goes on."""
    session, asked = app_context.reading(), asked_list()
    campaign = campaign_in_scope(session, campaign_id)
    before = row_of(request.args.get("avant", ""), "cursor") or LARGEST
    found = listed_invitations(session, campaign.id, asked.rows, before, A_PAGE + 1)
    shown = found[:A_PAGE]

    def there(page: str, **more: Any) -> str:
        return url_for(page, campaign_id=campaign.id, **asked.query, **more)

    return render_template(
        "operators/campaigns/campaign_accounts.html", campaign=campaign, rows=shown, asked=asked,
        older=there(".show", avant=shown[-1].invitation.id) if len(found) > A_PAGE else None,
        sheet=there(".sheet"), states=INVITATIONS, words_of_states=WORD_OF,
        counts=invitations_by_state(session, campaign.id), wordings=WORDINGS,
    )  # fmt: skip


@pages.get("/comptes.csv")
def sheet(campaign_id: int) -> Response:
    """Streams the same list, whole."""
    campaign, asked = campaign_in_scope(app_context.reading(), campaign_id), asked_list()
    head = [say("Contrat"), say("Client"), say("État"), say("Pourquoi"), say("Version"), say("Choisi le"),
            say("Partie le"), say("Page ouverte le"), say("Réclamé le"), say("Sans papier le")]  # fmt: skip
    return figures_sheet(say("campagne"), head, _rows(campaign.id, asked.rows))


def _rows(campaign_id: int, asked: AskedInvitations) -> Iterator[list[Cell]]:
    """The list is read some hundreds at a time, each with a session of its own."""
    words = {state: say(name) for state, (name, _) in INVITATIONS.items()}
    into, before = language(), LARGEST
    while True:
        with app_context.store().reading() as session:
            found = listed_invitations(session, campaign_id, asked, before, _TOGETHER)
        yield from (_cells(each, words[each.invitation.state], into) for each in found)
        if len(found) < _TOGETHER:
            return
        before = found[-1].invitation.id


def _cells(listed: ListedInvitation, state: str, into: str) -> list[Cell]:
    row, account = listed
    why = reason_text(row.reason.code, row.reason.values, into)
    moments = (row.chosen_at, row.sent_at, row.opened_at, row.claimed_at, row.paperless_at)
    day_of = app_context.calendar().day_of
    return [
        account.number, account.holder, state, why, row.arm,
        *("" if at is None else day_of(at).isoformat() for at in moments),
    ]  # fmt: skip
