"""Shows the mails and SMS that were not sent because Facteur runs on one machine without a relay."""

import re
from collections.abc import Iterator
from typing import Final

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from delivery.channels.email.smtp.dev_inbox import InboxMail, list_mails, read_mail
from delivery.channels.sms.sms_folder import KeptSms, list_sms
from portal import app_context

pages = Blueprint("inbox", __name__)

_LINK: Final = re.compile(r"https?://[^\s<>\"]+")


@pages.get("/courrier")
def show() -> ResponseReturnValue:
    """Mails and SMS in one list, newest first: a code that was asked for just now is at its top."""
    config = app_context.config()
    sent: list[InboxMail | KeptSms] = [*list_mails(config.inbox)]
    if config.sms_folder:
        sent += list_sms(config.sms_folder)
    sent.sort(key=_sent_at, reverse=True)
    return render_template("consumers/dev_inbox.html", sent=sent, linked=lambda text: Markup("").join(_linked(text)))


@pages.get("/courrier/<mail_id>")
def mail(mail_id: str) -> ResponseReturnValue:
    read = read_mail(app_context.config().inbox, mail_id) or abort(404)
    return render_template("consumers/dev_inbox_mail.html", mail=read, text=Markup("").join(_linked(read.text)))


def _sent_at(each: InboxMail | KeptSms) -> float:
    """Returns when it was sent, in seconds; 0 for a mail whose date cannot be read."""
    return each.at.timestamp() if each.at else 0


def _linked(text: str) -> Iterator[Markup]:
    """Returns a mail's text as HTML with its addresses as links."""
    at = 0
    for found in _LINK.finditer(text):
        yield escape(text[at : found.start()])
        yield Markup('<a href="{0}">{0}</a>').format(found.group())
        at = found.end()
    yield escape(text[at:])
