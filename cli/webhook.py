"""`facteur webhook`: endpoints that issuers are told of events at: add, list, rotate, test, replay, disable, enable."""

from typing import Any, Final

import click
from sqlalchemy.orm import Session

from cli.acting_person import acting
from cli.command_language import moment, number, reason_words, said
from cli.open_store import LARGEST_ROW_NUMBER, NO_ROW, ROW_NUMBER, WHO, find_issuer, now, opened_store
from cli.output import as_json, out, print_json, refuse, say_no, tell
from cli.text_table import print_table
from cli.translated_help import group, option
from config import Config
from store.issuer import Issuer
from store.outbox.webhook_endpoint import WebhookEndpoint, endpoints_of
from store.public_id import PublicIds
from untrusted.endpoints.endpoint_url import EndpointRules, EndpointUrlRefused
from webhooks.endpoint_report import delivery_reports, endpoint_report
from webhooks.event_message import event_number, message_id
from webhooks.manage_endpoints import (
    EndpointRefused,
    add_endpoint,
    disable_endpoint,
    enable_endpoint,
    rotate_secret,
    send_test,
)
from webhooks.replay_events import replay_event, replay_failed, replay_span
from words.catalogue import M_

#: The states of an endpoint.
_STATES: Final = {"enabled": M_("enabled"), "disabled": M_("disabled")}


def _of_endpoint(command: Any) -> Any:
    return click.argument("endpoint_id", type=ROW_NUMBER, metavar="ENDPOINT")(command)


@group()
def webhook() -> None:
    """Endpoints that issuers are told of events at."""


@webhook.command("add")
@click.argument("slug")
@click.argument("url")
@option("--type", "types", multiple=True, help="A type of event that is wanted; without any: all.")
@acting
def webhook_add(slug: str, url: str, types: tuple[str, ...], by: str) -> None:
    """Register an endpoint for what happens from now on; prints its secret, once."""
    with opened_store() as (store, settings), store.writing() as session:
        issuer = find_issuer(session, slug)
        try:
            endpoint, secret = add_endpoint(
                session, store.encryptor, issuer.id, url, types, _rules(settings), now(), by
            )
        except (EndpointUrlRefused, EndpointRefused) as error:
            refuse(error)
        tell("endpoint {endpoint} of {slug}: {url}", endpoint=endpoint.id, slug=slug, url=url)
    click.echo(secret)


@webhook.command("list")
@option("--issuer", "slug", help="Of this issuer only.")
@as_json
def webhook_list(slug: str | None, in_json: bool) -> None:
    """All endpoints, with what waits and what has failed."""
    with opened_store() as (store, settings), store.reading() as session:
        rows = endpoints_of(session, find_issuer(session, slug).id if slug else None)
        told = [(session.get_one(Issuer, row.issuer_id).slug, row, endpoint_report(session, row)) for row in rows]
    if in_json:
        for issuer, _, report in told:
            print_json({"issuer": issuer, **report})
        return
    headings = [
        said("endpoint"), said("issuer"), said("URL"), said("state"), said("waiting"), said("failed"),
        said("failing since"),
    ]  # fmt: skip
    cells = [
        [
            str(row.id), issuer, row.url, _state(row), number(report["waiting"]), number(report["failed"]),
            moment(row.failing_since, settings.time_zone) if row.failing_since else "",
        ]
        for issuer, row, report in told
    ]  # fmt: skip
    print_table(out, headings, cells, right=(4, 5))


def _state(row: WebhookEndpoint) -> str:
    """Return whether an endpoint is enabled, and why not."""
    state = said(_STATES[row.state])
    why = reason_words(row.reason) if row.reason else ""
    return f"{state} ({why})" if why else state


@webhook.command("deliveries")
@_of_endpoint
@option("--state", type=click.Choice(["waiting", "attempting", "delivered", "failed"]), help="In this state only.")
@option("--most", type=click.IntRange(1, 200), default=50, help="So many at most.")
def webhook_deliveries(endpoint_id: int, state: str | None, most: int) -> None:
    """The latest deliveries of an endpoint with their attempts, one JSON object a line, newest first."""
    with opened_store() as (store, _), store.reading() as session:
        endpoint = _endpoint(session, endpoint_id)
        for report in delivery_reports(session, endpoint, store.public_ids, state, most):
            print_json(report)


@webhook.command("rotate")
@_of_endpoint
@acting
def webhook_rotate(endpoint_id: int, by: str) -> None:
    """Make a new secret, printed once; the one before signs beside it for 24 hours."""
    with opened_store() as (store, _), store.writing() as session:
        click.echo(rotate_secret(session, store.encryptor, _endpoint(session, endpoint_id), now(), by))


@webhook.command("test")
@_of_endpoint
def webhook_test(endpoint_id: int) -> None:
    """Send a test event to the endpoint; prints its id. See its outcome with: facteur webhook deliveries."""
    with opened_store() as (store, _):
        ids = store.public_ids
        with store.writing() as session:
            try:
                event = send_test(session, _endpoint(session, endpoint_id), now())
            except EndpointRefused as error:
                refuse(error)
        store.wake_up.send()
        click.echo(message_id(event.id, ids))


@webhook.command("replay")
@_of_endpoint
@option("--event", "name", help="One event, by its id (msg_…).")
@option("--after", type=click.IntRange(0, LARGEST_ROW_NUMBER), help="Events with a sequence after this one.")
@option("--until", type=click.IntRange(1, LARGEST_ROW_NUMBER), help="With --after: up to this sequence.")
@option("--failed", is_flag=True, help="What was given up.")
@acting
def webhook_replay(
    endpoint_id: int, name: str | None, after: int | None, until: int | None, failed: bool, by: str
) -> None:  # fmt: skip
    """Send events again, under their same ids: one, a span, or what failed."""
    if sum([name is not None, after is not None, failed]) != 1:
        raise click.UsageError(said("say what is sent again: --event, --after (and --until), or --failed"))
    with opened_store() as (store, _):
        ids = store.public_ids  # made, where they are not, in a transaction of their own
        with store.writing() as session:
            endpoint = _endpoint(session, endpoint_id)
            if name is not None:
                count = _replay_one(session, ids, endpoint, name, by)
            elif after is not None:
                count = replay_span(session, endpoint, after, until, now(), by)
            else:
                count = replay_failed(session, endpoint, now(), by)
        store.wake_up.send()
    tell("{n} event will be sent again|{n} events will be sent again", n=count)


@webhook.command("disable")
@_of_endpoint
@option("--by", type=WHO, required=True, help="Who does it.")
@option("--reason", required=True, help="Why.")
def webhook_disable(endpoint_id: int, by: str, reason: str) -> None:
    """Send nothing there any more."""
    with opened_store() as (store, _), store.writing() as session:
        disable_endpoint(session, _endpoint(session, endpoint_id), now(), by, reason)


@webhook.command("enable")
@_of_endpoint
@acting
def webhook_enable(endpoint_id: int, by: str) -> None:
    """Send again: what waited, and what has happened since."""
    with opened_store() as (store, _):
        with store.writing() as session:
            if not enable_endpoint(session, _endpoint(session, endpoint_id), now(), by):
                say_no("the endpoint is enabled")
        store.wake_up.send()


def _replay_one(session: Session, ids: PublicIds, endpoint: WebhookEndpoint, name: str, by: str) -> int:
    event_id = event_number(name, ids)
    if event_id is None or not replay_event(session, endpoint, event_id, now(), by):
        say_no("there is no event {name} of this issuer, or it is no longer kept", name=name)
    return 1


def _endpoint(session: Session, endpoint_id: int) -> WebhookEndpoint:
    """Return an endpoint. Exits with 1 when there is none."""
    endpoint = session.get(WebhookEndpoint, endpoint_id)
    if endpoint is None:
        say_no(NO_ROW["endpoint_id"], number=endpoint_id)
    return endpoint


def _rules(settings: Config) -> EndpointRules:
    return EndpointRules(settings.webhook_loopback, settings.webhook_ca_file)
