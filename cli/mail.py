"""`facteur mail`: prints the DNS records by which other servers recognise our e-mails, and what came back of these and
changed nothing."""

from email.utils import parseaddr
from typing import Final

from cli.command_language import moment, named, said
from cli.open_pipeline import mail_signers
from cli.open_store import load_config, opened_store
from cli.output import as_json, out, print_json, print_line, tell
from cli.text_table import print_table
from cli.translated_help import group
from delivery.channels.email.smtp.mail_dns_records import mail_dns_records
from delivery.channels.email.smtp.sending_domain import domain_of
from store.heard_mail import mails_to_read
from words import state_names
from words.catalogue import M_

_COLUMNS: Final = (M_("heard"), M_("what it says"), M_("why it changed nothing"), M_("words"))
#: Messages that are shown at most.
_MOST_SHOWN: Final = 1000


@group()
def mail_verb() -> None:
    """E-mails as they leave, and what comes back of them."""


@mail_verb.command("dns")
@as_json
def mail_dns(in_json: bool) -> None:
    """The DNS records to publish: DKIM, SPF and DMARC, as lines of a zone file."""
    settings = load_config()
    signers = mail_signers(settings)
    sender = parseaddr(settings.sender)[1]
    for record in mail_dns_records(
        domain_of(settings.sender), settings.bounce_address.rpartition("@")[2], settings.reply_to or sender, signers
    ):
        if in_json:
            print_json({"name": record.name, "type": record.type, "text": record.text, "hint": record.is_hint})
        else:
            print_line(record.zone_line() + ("  ; " + said("complete it") if record.is_hint else ""))
    if not signers:
        tell("no e-mail is signed: FACTEUR_DKIM_KEY names no key (openssl genrsa -out dkim.pem 2048)")


@mail_verb.command("returned")
@as_json
def mail_returned(in_json: bool) -> None:
    """What came back of e-mails, changed nothing, and was seen to by nobody: the oldest first."""
    with opened_store() as (store, settings), store.reading() as session:
        mails = mails_to_read(session, _MOST_SHOWN)
    if in_json:
        for each in mails:
            print_json(
                {
                    "heard_at": each.heard_at, "kind": each.kind, "standing": each.standing,
                    "delivery": each.delivery_id, "words": each.words,
                }
            )  # fmt: skip
        return
    rows = [
        [
            moment(each.heard_at, settings.time_zone), named(state_names.MAIL_FEEDBACK[each.kind]),
            named(state_names.HEARD[each.standing]), each.words,
        ]
        for each in mails
    ]  # fmt: skip
    print_table(out, [said(heading) for heading in _COLUMNS], rows)
