"""`facteur person`: erases a person who has asked for it by other ways than their page (GDPR, art. 17)."""

from typing import Final

import click

from cli.command_language import said
from cli.open_store import WHO, now, opened_store
from cli.output import as_json, decider, print_json, print_line, say_no
from cli.translated_help import group, option
from consumers.leaving.erase_person import rehearse_erasure
from consumers.leaving.leaving_steps import KEPT
from delivery.close_space_to_paper import close_space_to_paper
from pipeline.steps.erase_people import erase_those_due
from store.accounts.consumer import consumer_by_email
from store.last_worked_as_of import business_now
from store.leaving.space_closing import closing_of
from words.catalogue import M_

_STEPS: Final = M_("{n} row|{n} rows")


@group("person")
def person() -> None:
    """People who sign in."""


@person.command("erase")
@click.argument("email")
@option("--dry-run", is_flag=True, help="Say what would go and what stays, and change nothing.")
@option("--by", type=WHO, help="Who decides.")
@option("--reason", default="", help="Why.")
@as_json
def person_erase(email: str, dry_run: bool, by: str | None, reason: str, in_json: bool) -> None:
    """Close a person's space and erase them, as soon as the e-mail that says so has left."""
    who = "" if dry_run else "{} ({})".format(*decider(by or "", reason))
    with opened_store() as (store, settings):
        with store.writing() as session:
            found = consumer_by_email(session, email)
            if found is None:
                say_no("nobody has the address {email}", email=email)
            consumer_id, at = found.id, business_now(session, now())
            if dry_run:
                counted = rehearse_erasure(session, consumer_id, at)
                session.rollback()
            else:
                close_space_to_paper(session, consumer_id, at, who, at_once=True)
        if dry_run:
            _tell(counted, in_json)
            return
        store.wake_up.send()
        erase_those_due(store, settings, at)
        with store.reading() as session:
            waits = closing_of(session, consumer_id) is not None
    line = {"consumer": consumer_id, "state": "closed" if waits else "erased"}
    if in_json:
        print_json(line)
    elif waits:
        print_line(
            said("consumer {consumer}: the space is closed; erased once the e-mail has left", consumer=consumer_id)
        )
    else:
        print_line(said("consumer {consumer}: erased", consumer=consumer_id))


def _tell(counted: dict[str, int], in_json: bool) -> None:
    """Print what would go, by the registry's steps, and what stays."""
    if in_json:
        print_json({"goes": counted, "stays": [list(kept.columns) for kept in KEPT]})
        return
    for name, count in counted.items():
        print_line(f"  {name:{max(map(len, counted))}}  {said(_STEPS, n=count)}")
    print_line(said("what stays, and why: docs/personal-data.md"))
