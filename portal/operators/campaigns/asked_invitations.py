"""What a list of a campaign's accounts is asked for, by the words of its address, and what it is called."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from flask import abort, request

from adoption.campaigns.wordings import WORDINGS
from portal.operators.campaigns.campaign_words import INVITATIONS, left_out_words
from portal.presenters.amounts_and_dates import exact_day
from portal.translation import say
from store.campaigns.campaign_invitation import InvitationState
from store.campaigns.campaign_wave import CHOSEN, HELD_OUT, INVITED, WaveStep
from store.campaigns.household_arm import HOLDOUT
from store.campaigns.listed_invitations import AskedInvitations
from store.reason_columns import CODE_LENGTH
from words.catalogue import N_

#: States by the words of the address.
STATE_OF: Final[Mapping[str, InvitationState]] = {
    "prevus": "planned", "en-partance": "sending", "partis": "sent", "en-doute": "in_doubt", "revenus": "failed",
    "annules": "cancelled", "temoin": "held_out", "ecartes": "left_out",
}  # fmt: skip
WORD_OF: Final[Mapping[InvitationState, str]] = {state: word for word, state in STATE_OF.items()}
#: Steps of a wave by the words of the address, with their names; the first is all of a group.
STEP_OF: Final[Mapping[str, tuple[WaveStep, str]]] = {
    "invitation": ("invited", ""), "page": ("opened", N_("page ouverte")),
    "reclamation": ("claimed", N_("contrats réclamés")), "sans-papier": ("paperless", N_("sans papier")),
}  # fmt: skip
#: Groups of a wave: all that were invited, and the tenth that was not. Others are one version of the words.
_INVITED, _HELD_OUT = "invites", "temoin"
#: All that were chosen to be invited.
_CHOSEN: Final = "choisis"
_LEFT_OUT: Final[tuple[InvitationState, ...]] = ("left_out",)
_WEEK: Final = timedelta(days=7)


class InvitationList(NamedTuple):
    """The rows to ask for, what they are called, and the query that asks for them again."""

    rows: AskedInvitations
    heading: str
    query: dict[str, Any]

    @property
    def state(self) -> str:
        """The state that is asked for alone, by its word; "" for all, None where something else is asked for."""
        return str(self.query.get("etat", "")) if set(self.query) <= {"etat"} else "-"


def asked_list() -> InvitationList:
    """Returns what the query asks for: *etat*, a state, or `choisis` for all that were to be invited; or *motif*, the
    reason for which accounts were left out; or *groupe* (`invites`, `temoin`, or a version of the words) at an *etape*
    of the wave, in the *semaine* from this Monday. Aborts with 404 for a word that is none of these."""
    query = {
        name: request.args[name] for name in ("etat", "motif", "groupe", "etape", "semaine") if name in request.args
    }
    if "groupe" in query:
        rows, words = _of_group(query)
    elif "motif" in query:
        code = query["motif"][:CODE_LENGTH]
        rows, words = AskedInvitations(_LEFT_OUT, reason_code=code), [say("écarté"), left_out_words(code)]
    elif query.get("etat") == _CHOSEN:
        rows, words = AskedInvitations(CHOSEN), [say("choisis")]
    else:
        state = STATE_OF.get(query.get("etat", ""))
        if "etat" in query and state is None:
            abort(404)
        rows = AskedInvitations([state] if state else ())
        words = [say(INVITATIONS[state][0])] if state else []
    return InvitationList(rows, " · ".join(words), query)


def _of_group(query: Mapping[str, str]) -> tuple[AskedInvitations, list[str]]:
    group, (step, name) = query["groupe"], STEP_OF.get(query.get("etape", "invitation")) or abort(404)
    if group not in {_INVITED, _HELD_OUT, *WORDINGS}:
        abort(404)
    monday = _monday(query["semaine"]) if "semaine" in query else None
    rows = AskedInvitations(
        HELD_OUT if group == _HELD_OUT else INVITED, arm=group if group in WORDINGS else "", step=step, first=monday,
        until=monday + _WEEK if monday else None,
    )  # fmt: skip
    return rows, list(_words_of(group, name, monday))


def _words_of(group: str, step: str, monday: date | None) -> Iterator[str]:
    yield {_INVITED: say("invités"), _HELD_OUT: say("témoin")}.get(group) or say(WORDINGS[group].name)
    if step:
        yield say(step)
    if monday is not None:
        yield say("semaine du {day}", day=str(exact_day(monday).striptags()))


def group_of(arm: str) -> str:
    """The word of the address for an arm of the wave."""
    return _HELD_OUT if arm == HOLDOUT else arm


def _monday(text: str) -> date:
    """The day of `2026-03-02`. Aborts with 404 where it is none, or none that a week can begin on."""
    try:
        day = date.fromisoformat(text)
        day + _WEEK
    except (ValueError, OverflowError):
        abort(404)
    return day
