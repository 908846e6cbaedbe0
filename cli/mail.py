"""`facteur mail dns`: prints the DNS records by which other servers recognise our e-mails."""

from email.utils import parseaddr

from cli.command_language import said
from cli.open_pipeline import mail_signers
from cli.open_store import load_config
from cli.output import as_json, print_json, print_line, tell
from cli.translated_help import group
from delivery.channels.email.smtp.mail_dns_records import mail_dns_records
from delivery.channels.email.smtp.sending_domain import domain_of


@group()
def mail_verb() -> None:
    """E-mails as they leave."""


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
