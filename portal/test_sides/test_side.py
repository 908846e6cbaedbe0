"""A member's page of the test side: what was kept instead of being sent, its customers, and how it is emptied."""

from email import message_from_bytes
from email.message import Message
from typing import Final, NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from issuers.test_side import open_test_side
from issuers.test_side_reset import ResetProgress, ask_for_reset, latest_reset, progress_of
from portal import app_context
from portal.access import current_user, side_customer, staff_side
from portal.form_input import form_value
from portal.presenters.file_download import download
from portal.public_id_converter import row_of
from portal.translation import say
from store.accounts.consumer import Consumer, consumer_by_email
from store.issuer import Issuer
from store.print_batch import PrintBatch, batches, house_of_side
from store.test_sides.customers_of_side import customers_of
from store.test_sides.side_customer import DOMAIN, side_of_consumer
from store.test_sides.side_message import KEPT, SideMessage, latest_messages, message_of_side
from store.test_sides.twin_issuer import twin_of

pages = Blueprint("test_side", __name__, url_prefix="/equipe/essai")

A_PAGE: Final = 20


class _Page(NamedTuple):
    """What is on the side; nothing of it while it was never opened."""

    messages: list[SideMessage]
    letters: list[PrintBatch]
    customers: list[Consumer]
    reset: ResetProgress | None  # one that is under way


@pages.get("")
def show() -> ResponseReturnValue:
    """*avant* is the last message of the page before."""
    session, side = app_context.reading(), _twin()
    before = row_of(request.args.get("avant", ""), "cursor")
    page = _Page([], [], [], None)
    if side is not None:
        job = latest_reset(session, side.id)
        page = _Page(
            latest_messages(session, side.id, A_PAGE + 1, before),
            batches(session, A_PAGE, house_of_side(side.id)),
            customers_of(session, side.id, A_PAGE),
            progress_of(job) if job is not None and job.state == "todo" else None,
        )
    older = page.messages[A_PAGE - 1].id if len(page.messages) > A_PAGE else None
    return render_template(
        "test_sides/test_side.html",
        side=side,
        page=page,
        messages=page.messages[:A_PAGE],
        older=older,
        domain=DOMAIN,
        kept_days=KEPT.days,
    )


@pages.post("/cote")
def look_at() -> ResponseReturnValue:
    """Look at the test side, which is opened by it, or at production again."""
    is_test = form_value("side") == "test"
    if is_test:
        with app_context.store().writing() as session:
            own = session.get_one(Issuer, current_user.staff().issuer_id)
            open_test_side(session, own, current_user.staff().email, app_context.now())
    staff_side.look_at(is_test=is_test)
    return redirect(url_for(".show" if is_test else "dashboard.show"), 303)


@pages.get("/messages/<row(test_message):message_id>")
def message(message_id: int) -> ResponseReturnValue:
    """One message as it would have left."""
    kept = message_of_side(app_context.reading(), _opened().id, message_id) or abort(404)
    return render_template("test_sides/message.html", kept=kept, text=_text_of(message_from_bytes(kept.content)))


@pages.get("/lettres/<row(print_batch):batch_id>")
def letters(batch_id: int) -> ResponseReturnValue:
    """Downloads the letters of a lot, as they would have been printed."""
    house = house_of_side(_opened().id)
    batch = app_context.reading().get(PrintBatch, batch_id)
    if batch is None or batch.house != house or not batch.name:
        abort(404)
    path = app_context.config().test_outbox / house / f"{batch.name}-1.pdf"
    if not path.is_file():
        abort(404)
    return download(path, path.name, "application/pdf")


@pages.post("/vider")
def reset() -> ResponseReturnValue:
    """Ask for all that is on the side to be deleted."""
    with app_context.store().writing() as session:
        ask_for_reset(session, session.get_one(Issuer, _opened().id), current_user.staff().email, app_context.now())
    app_context.store().wake_up.send()
    flash(say("L’espace d’essai se vide. Vos clés et vos réglages restent."), "good")
    return redirect(url_for(".show"), 303)


@pages.post("/cliente")
def enter_as_customer() -> ResponseReturnValue:
    """See the portal as a customer of the side."""
    session = app_context.reading()
    consumer = consumer_by_email(session, form_value("email")) or abort(404)
    if side_of_consumer(session, consumer.id) != _opened().id:
        abort(404)
    side_customer.enter_as(consumer)
    return redirect(url_for("home.show"), 303)


@pages.post("/cliente/quitter")
def leave_customer() -> ResponseReturnValue:
    """Go on as the member of staff who came as a customer."""
    if not side_customer.is_side_customer():
        abort(404)
    is_back = side_customer.back_to_console()
    return redirect(url_for(".show" if is_back else "staff_sign_in.show"), 303)


def _twin() -> Issuer | None:
    mine = current_user.staff().issuer_id
    assert mine is not None, "the policy lets members in, nobody else"
    return twin_of(app_context.reading(), mine)


def _opened() -> Issuer:
    return _twin() or abort(404)


def _text_of(mail: Message) -> str:
    """Returns the plain text of a mail; "" where it has none."""
    part = next((each for each in mail.walk() if each.get_content_type() == "text/plain"), None)
    content = part.get_payload(decode=True) if part is not None else b""
    return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
