"""Opens the configured store for a command, and finds the rows that its arguments name."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

import click
from sqlalchemy.orm import Session

import config
from cli.command_language import said
from cli.output import refuse, refusing, say_no
from store import Store, open_store
from store.bills.bill import BillRow
from store.bills.bill_lookup import bill_by_number
from store.db.wake_up_signal import RedisWakeUpSignal, WakeUpSignal
from store.feeds.feed import Feed
from store.issuer import Issuer, all_issuers, issuer_by_slug
from store.outage_or_fault import Unavailable
from store.test_sides.twin_issuer import twin_by_slug
from store.vault.key_ring import KeyRing, RootMissing
from words.catalogue import M_

LARGEST_ROW_NUMBER: Final = (1 << 63) - 1
#: A number with this many digits is larger than any row id.
_DIGITS: Final = len(str(LARGEST_ROW_NUMBER)) + 1
_LONGEST_NAME: Final = 200


#: What is said of a number that no row has, by the name of the argument.
NO_ROW: Final = {
    "feed_id": M_("there is no feed {number}"),
    "question_ids": M_("there is no question {number}"),
    "lot": M_("there is no lot {number}"),
    "answer": M_("there is no answer {number} about no lot of ours"),
    "dispute_id": M_("there is no dispute {number}"),
    "plan_id": M_("there is no request to pay in parts {number}"),
    "campaign_id": M_("there is no campaign {number}: see facteur campaign list"),
    "payment_id": M_("there is no payment {number}"),
    "key_id": M_("there is no key {number}: see facteur issuer keys"),
    "ended": M_("there is no SFTP key {number}: see facteur issuer sftp --list"),
    "endpoint_id": M_("there is no endpoint {number}: see facteur webhook list"),
}


class RowIdType(click.ParamType[int]):
    """An argument that is a row id. Row ids have 64 bits, so a larger number exits with 1 as an unknown row."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the row id. No number is wrong usage (exit 2)."""
        text = str(value)
        if not text.removeprefix("-").isdecimal():
            self.fail(said("{text!r} is no whole number", text=text), param, ctx)
        number = int(text[:_DIGITS])
        if len(text) >= _DIGITS or not 0 <= number <= LARGEST_ROW_NUMBER:
            say_no(NO_ROW.get((param and param.name) or "", NO_ROW["feed_id"]), number=text)
        return number


ROW_NUMBER: Final = RowIdType()


class PersonName(click.ParamType[str]):
    """An option that names who decides, stored with the decision: one line of 1 to 200 characters."""

    name = "who"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name with single spaces. None, or a longer one, is wrong usage (exit 2)."""
        who = " ".join(str(value).split())
        if not 0 < len(who) <= _LONGEST_NAME or not who.isprintable():
            self.fail(said("a name has one line of 1 to {most} characters", most=_LONGEST_NAME), param, ctx)
        return who


WHO: Final = PersonName()


def now() -> datetime:
    """Return the current moment in UTC."""
    return datetime.now(UTC)


@contextmanager
def opened_store(wake_up: WakeUpSignal | None = None) -> Iterator[tuple[Store, config.Config]]:
    """Open the configured store; it is closed at the end. Yields it with the configuration. Exits with 1 when it cannot
    be opened, or when something that the command needs is not there, such as a root secret."""
    settings = load_config()
    with refusing():
        store = open_store(
            settings.database_url, settings.blobs_url, KeyRing(settings.secret, settings.old_secrets),
            settings.home / "incoming", wake_up or RedisWakeUpSignal(settings.redis_url),
        )  # fmt: skip
    try:
        yield store, settings
    except RootMissing as error:
        say_no(
            "this needs root {root}, which is not configured: name its file in FACTEUR_OLD_SECRET_FILES",
            root=error.root_id,
        )
    except Unavailable as error:
        say_no("something outside does not answer: {reason}", reason=error)
    finally:
        store.close()


def load_config() -> config.Config:
    """Return the configuration from the environment. Exits with 1 when it is wrong."""
    try:
        return config.load()
    except config.ConfigError as error:
        refuse(error)


def find_issuer(session: Session, slug: str) -> Issuer:
    """Return an issuer by its slug, or a test side by its own (`lumiere~test`). Exits with 1 when there is none."""
    issuer = issuer_by_slug(session, slug) or twin_by_slug(session, slug)
    if issuer is None:
        known = ", ".join(each.slug for each in all_issuers(session)) or said("none yet")
        say_no(
            "there is no issuer {slug!r} (known: {known}); add it with: facteur issuer add {slug} --name NAME",
            slug=slug, known=known,
        )  # fmt: skip
    return issuer


def find_feed(session: Session, feed_id: int) -> Feed:
    """Return a feed by its id. Exits with 1 when there is none."""
    feed = session.get(Feed, feed_id)
    if feed is None:
        say_no(NO_ROW["feed_id"], number=feed_id)
    return feed


def find_bill(session: Session, slug: str, number: str) -> BillRow:
    """Return an issuer's bill. Exits with 1 when there is no such issuer or bill."""
    row = bill_by_number(session, find_issuer(session, slug).id, number)
    if row is None:
        say_no("issuer {slug} has no bill {number!r}", slug=slug, number=number)
    return row
