"""What a push notification says: who sends a bill, what is due by when, and the page that a touch opens.

It names no person, and its page asks for a sign-in: whoever holds the locked phone learns no more than the amount.
"""

from typing import Final
from urllib.parse import urlsplit

import msgspec

from delivery.channels.bill_notice import BillNotice
from delivery.channels.email.email_message import one_line
from delivery.channels.email.mails.bills.bill_notice import amount_text
from words.catalogue import N_, known_language, say

#: Longest title and text in characters. Devices show less of them; with all else they fit into one push message, of
#: which a push service takes 4096 bytes (RFC 8030, 7.2).
LONGEST_TITLE: Final = 80
LONGEST_TEXT: Final = 400

#: By kind of notice.
_BILL: Final = {
    "notify": N_("Votre facture {issuer} est arrivée"),
    "due": N_("Rappel : votre prochain versement à {issuer}"),
    "remind": N_("Rappel : votre facture {issuer} vous attend"),
}
_CREDIT_NOTE: Final = _BILL | {
    "notify": N_("Votre avoir {issuer} est arrivé"),
    "remind": N_("Rappel : votre avoir {issuer} vous attend"),
}


class Notification(msgspec.Struct, frozen=True):
    """What the service worker (`portal/static/sw.js`) shows, sent to it as JSON. *page* is the path of the bill's page
    on the portal, by which a later notification replaces an earlier one of the same bill."""

    title: str
    text: str
    page: str
    language: str

    @property
    def payload(self) -> bytes:
        """The content of the push message, before it is encrypted."""
        return msgspec.json.encode(self)


def notification_of(notice: BillNotice) -> Notification:
    """Return the notification of a notice or reminder, in its reader's language."""
    language = known_language(notice.language)
    titles = _CREDIT_NOTE if notice.is_credit_note else _BILL
    title = say(titles.get(notice.kind, titles["remind"]), language, issuer=one_line(notice.issuer))
    text = amount_text(notice, language)
    return Notification(
        _cut(title, LONGEST_TITLE), _cut(text, LONGEST_TEXT), urlsplit(notice.url).path, language
    )  # fmt: skip


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
