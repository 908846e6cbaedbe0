"""`facteur account heir` and `heir-end`: records an heir of an account after a death, on a document, and ends it."""

from pathlib import Path
from typing import Final, cast

import click

from cli.open_store import WHO, find_issuer, now, opened_store
from cli.output import decider, refusing, say_no, tell
from cli.translated_help import command, option
from consumers.heirs.end_heir import end_heir
from consumers.heirs.heir_document import HeirDocument
from consumers.heirs.record_heir import HeirRefused, record_heir
from customers.account_report import account_of_number
from store import Store
from store.accounts.consumer import Consumer, consumer_by_email
from store.accounts.customer_account import CustomerAccount
from store.heirs.heir import HEIR_DOCUMENTS, Heir, HeirDocumentKind, open_heir
from store.last_worked_as_of import business_now
from words.catalogue import M_

_REFUSED: Final[dict[HeirRefused, str]] = {
    "not_confirmed": M_("{email} has confirmed no e-mail address here"),
    "alive": M_("the issuer does not say that this customer has died"),
    "holds": M_("{email} follows this account already"),
    "suspended": M_("{email} is suspended from this account: decide about the dispute first"),
}


@command("heir")
@click.argument("slug")
@click.argument("number")
@click.argument("email")
@option(
    "--document", "file", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=True,
    help="A PDF, a JPEG or a PNG; it is kept encrypted.",
)  # fmt: skip
@option("--kind", type=click.Choice(HEIR_DOCUMENTS), required=True, help="What the document is.")
@option("--reference", required=True, help="The document's own number, date or author.")
@option("--by", type=WHO, required=True, help="Who decides.")
def account_heir(slug: str, number: str, email: str, file: Path, kind: str, reference: str, by: str) -> None:
    """After a death, let an heir read an account's bills and settle what is open."""
    who, _ = decider(by, reference)
    with refusing(), opened_store() as (store, _settings):
        document = HeirDocument(cast("HeirDocumentKind", kind), reference, file.read_bytes())
        account, person = _found(store, slug, number, email)
        with store.writing() as session:
            answer = record_heir(session, store, account.id, person.id, document, who, business_now(session, now()))
        if not isinstance(answer, Heir):
            say_no(_REFUSED[answer], email=email)
        store.wake_up.send()
    tell("{email} is an heir of account {number}", email=email, number=number)


@command("heir-end")
@click.argument("slug")
@click.argument("number")
@click.argument("email")
@option("--by", type=WHO, required=True, help="Who decides.")
@option("--reason", required=True, help="Why.")
def account_heir_end(slug: str, number: str, email: str, by: str, reason: str) -> None:
    """An heir reads an account no longer."""
    who, why = decider(by, reason)
    with opened_store() as (store, _):
        account, person = _found(store, slug, number, email)
        with store.writing() as session:
            heir = open_heir(session, account.id, person.id)
            if heir is None or not end_heir(session, heir.id, who, why, business_now(session, now())):
                say_no("{email} is no heir of account {number}", email=email, number=number)
        store.wake_up.send()
    tell("{email} is no heir of account {number} any more", email=email, number=number)


def _found(store: Store, slug: str, number: str, email: str) -> tuple[CustomerAccount, Consumer]:
    with store.reading() as session:
        account = account_of_number(session, find_issuer(session, slug).id, number)
        person = consumer_by_email(session, email)
    if account is None:
        say_no("{slug} has no account {number!r}", slug=slug, number=number)
    if person is None:
        say_no("nobody has signed up here as {email}", email=email)
    return account, person
