"""The page of returned mail: a scanner types marks into a field, one after the other; a letter is found by its bill or
addressee; a file is read. An issuer's members tell of their own letters: the envelopes come back to their issuer."""

from typing import Final, NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from delivery.feedback.returned_mail import letter_returned
from delivery.feedback.returns.find_posted_letters import (
    PostedLetter,
    latest_returns,
    letters_of_addressee,
    letters_of_number,
)
from delivery.feedback.returns.returned_mail_file import NotReturnedMail, ReturnedPiece, pieces_in, scanned_piece
from delivery.feedback.returns.take_returned_pieces import ReturnSource, TakenPiece, take_piece
from portal import app_context
from portal.access import current_user, staff_scope
from portal.form_input import form_value, one_line
from portal.public_id_converter import row_of
from portal.translation import language, say
from store.accounts.return_reason import RETURN_REASONS, ReturnReason
from store.delivery import Delivery
from words import state_names
from words.catalogue import N_

pages = Blueprint("returned_letters", __name__, url_prefix="/equipe/retours")

#: Of returned letters, and of letters that are found, so many are shown.
MOST_SHOWN: Final = 30
#: So many lines of a file that name no letter are told.
MOST_TOLD: Final = 20
LONGEST: Final = 200
LARGEST_FILE: Final = 1 << 20
#: More lines than this would keep the page waiting; `facteur returned read` takes them.
MOST_PIECES: Final = 2000


class _Sought(NamedTuple):
    """What somebody looks for: a bill's number, or name and postcode of an addressee."""

    number: str
    name: str
    postcode: str

    @property
    def is_anything(self) -> bool:
        return bool(self.number or (self.name and self.postcode))


@pages.get("")
def show() -> ResponseReturnValue:
    """*motif* is the reason that the next scan has, *numero*, *nom* and *cp* what is looked for."""
    session, issuers = app_context.reading(), staff_scope.issuers()
    sought = _Sought(*(one_line(request.args.get(each, ""), LONGEST) for each in ("numero", "nom", "cp")))
    return render_template(
        "operators/returned_letters.html",
        reasons=[(each, say(state_names.RETURN_REASON[each])) for each in RETURN_REASONS],
        chosen=_reason(request.args.get("motif", "")) or "unknown",
        sought=sought,
        found=_found(session, sought, list(issuers)) if sought.is_anything else [],
        returns=latest_returns(session, staff_scope.issuer_id(), MOST_SHOWN),
        issuers=issuers,
    )


@pages.post("/scan")
def scan() -> ResponseReturnValue:
    """Take one mark, and be ready for the next: the page opens with the field in focus, and the same reason."""
    typed, reason = form_value("mark", LONGEST), _reason(request.form.get("motif", "")) or abort(400)
    piece = scanned_piece(typed, reason)
    if piece is None:
        flash(say(state_names.PIECE_OUTCOME["unknown"][0], told=typed), "bad")
        return _next_scan(reason)
    with app_context.store().writing() as session:
        taken = take_piece(session, piece, _source(), app_context.now())
        _tell(taken)
    app_context.store().wake_up.send()
    return _next_scan(reason)


@pages.post("/lettre")
def by_hand() -> ResponseReturnValue:
    """Tell that this letter came back."""
    letter_id, reason = row_of(request.form.get("lettre", ""), "delivery"), _reason(request.form.get("motif", ""))
    if letter_id is None or reason is None:
        abort(400)
    letter = app_context.reading().get(Delivery, letter_id) or abort(404)
    staff_scope.check(letter.issuer_id)
    with app_context.store().writing() as session:
        outcome = letter_returned(
            session, letter_id, reason, app_context.now(), current_user.staff().email, form_value("words", 500),
            app_context.calendar(),
        )  # fmt: skip
    app_context.store().wake_up.send()
    words, tone = state_names.LETTER_RETURNED[outcome]
    flash(say(words), tone)
    return redirect(url_for("bill_trace.show", bill_id=letter.bill_id), 303)


@pages.post("/fichier")
def upload() -> ResponseReturnValue:
    """Read a file of returned mail, and tell the lines that name no letter."""
    given = request.files.get("file")
    page = redirect(url_for(".show"), 303)
    if given is None or not given.filename:
        flash(say("Choisissez un fichier."), "bad")
        return page
    try:
        pieces = pieces_in(given.stream.read(LARGEST_FILE), given.filename)
    except NotReturnedMail as error:
        flash(error.spelled(language()), "bad")
        return page
    if len(pieces) > MOST_PIECES:
        flash(say("Plus de {most} lignes : donnez-les par « facteur returned read ».", most=MOST_PIECES), "bad")
        return page
    count = without_effect = 0
    for piece in pieces:
        with app_context.store().writing() as session:
            taken = take_piece(session, piece, _source(), app_context.now())
            count += taken.outcome == "recorded"
            without_effect += taken.outcome not in {"recorded", "known"}
            if taken.outcome not in {"recorded", "known"} and without_effect <= MOST_TOLD:
                _tell(taken, piece)
    app_context.store().wake_up.send()
    if (others := without_effect - MOST_TOLD) > 0:
        flash(say(_OTHERS, n=others, count=others), "bad")
    flash(say(_READ, n=count, count=count), "good" if count else "ask")
    return page


_OTHERS: Final = N_("{count} autre ligne est sans effet.|{count} autres lignes sont sans effet.")
_READ: Final = N_("{count} lettre de retour est enregistrée.|{count} lettres de retour sont enregistrées.")


def _tell(taken: TakenPiece, piece: ReturnedPiece | None = None) -> None:
    words, tone = state_names.PIECE_OUTCOME[taken.outcome]
    told = taken.piece.told
    if taken.bill is not None:
        told = f"{taken.bill.buyer_name}, {taken.bill.number}"
    line = "" if piece is None else say("Ligne {n}", n=piece.line) + say(" :") + " "
    flash(line + say(words, told=told), tone)


def _next_scan(reason: ReturnReason) -> ResponseReturnValue:
    return redirect(url_for(".show", motif=reason), 303)


def _found(session: Session, sought: _Sought, issuer_ids: list[int]) -> list[PostedLetter]:
    if sought.number:
        return letters_of_number(session, issuer_ids, sought.number, MOST_SHOWN)
    return letters_of_addressee(session, issuer_ids, sought.name, sought.postcode, MOST_SHOWN)


def _reason(text: str) -> ReturnReason | None:
    return next((each for each in RETURN_REASONS if each == text), None)


def _source() -> ReturnSource:
    return ReturnSource(
        current_user.staff().email, app_context.print_houses().outboxes, staff_scope.issuer_id(),
        app_context.calendar(),
    )  # fmt: skip
