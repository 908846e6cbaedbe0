"""`facteur bill send-again`: sends a bill to its customer once more, by e-mail or as a duplicate letter."""

from typing import Final

import click

from cli.command_language import day, reason_words, said
from cli.open_store import WHO, find_bill, now, opened_store
from cli.output import as_json, decider, print_json, print_line, say_no
from cli.translated_help import command, option
from delivery.sent_again.send_again import Way, send_again
from feeds.conflicts.decide_conflict import Decision
from words.catalogue import M_

#: What is said of what was done, of what was done before, and of what cannot be done.
_DONE: Final[dict[Way, str]] = {
    "email": M_("bill {number} goes again by e-mail"),
    "letter": M_("bill {number} goes again by post, with the next print batch"),
}
_KNOWN: Final = M_("bill {number} was sent again on {day}, and is not within a day of that")
_REFUSED: Final = M_("bill {number} is not sent again: {why}")


@command("send-again")
@click.argument("slug")
@click.argument("number")
@option("--letter", is_flag=True, help="By post, marked as a duplicate; otherwise by e-mail.")
@option("--by", type=WHO, required=True, help="Who decides.")
@option("--reason", required=True, help="Why.")
@as_json
def bill_send_again(slug: str, number: str, letter: bool, by: str, reason: str, in_json: bool) -> None:
    """Send a bill to its customer once more. Asked twice within a day, it is sent once."""
    decision, way = Decision(*decider(by, reason), now()), _way(letter)
    with opened_store() as (store, _):
        with store.reading() as session:
            bill_id = find_bill(session, slug, number).id
        answer = send_again(store, bill_id, way, decision)
    if answer.result == "refused":
        say_no(_REFUSED, number=number, why=reason_words(answer.why))
    if in_json:
        print_json({"issuer": slug, "number": number, "way": way, "is_new": answer.result == "done"})
    elif answer.result == "known" and answer.at is not None:
        print_line(said(_KNOWN, number=number, day=day(answer.at)))
    else:
        print_line(said(_DONE[way], number=number))


def _way(letter: bool) -> Way:
    return "letter" if letter else "email"
