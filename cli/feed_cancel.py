"""`facteur feed cancel`: withdraws a feed before its release."""

import click

from cli.command_language import named, said
from cli.open_store import ROW_NUMBER, WHO, find_feed, now, opened_store
from cli.output import decider, print_line, say_no
from cli.translated_help import command, option
from feeds.cancel_feed import cancel_feed
from words import state_terms


@command("cancel")
@click.argument("feed_id", type=ROW_NUMBER, metavar="FEED")
@option("--by", type=WHO, required=True, help="Who decides.")
@option("--reason", required=True, help="Why.")
def feed_cancel(feed_id: int, by: str, reason: str) -> None:
    """Withdraw a feed before its release: nothing of it is delivered."""
    who, why = decider(by, reason)
    with opened_store() as (store, _), store.writing() as session:
        found = find_feed(session, feed_id)
        if not cancel_feed(session, found.id, who, why, now()):
            state = named(state_terms.FEED[found.state])
            say_no("feed {feed} cannot be cancelled any more ({state})", feed=feed_id, state=state)
    print_line(said("feed {feed} is cancelled: nothing of it is delivered", feed=feed_id))
