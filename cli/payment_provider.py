"""`facteur payment-provider`: sets the payment page of an issuer, and the secret that it shares with us."""

import os
from pathlib import Path

import click

from cli.command_language import moment, said
from cli.open_store import WHO, find_issuer, now, opened_store
from cli.output import as_json, out, print_json, refuse, say_no, tell
from cli.text_table import print_table
from cli.translated_help import group, option
from payments.online.provider_settings import ProviderRefused, secret_bytes, set_provider
from store.db.wake_up_signal import NoWakeUpSignal
from store.payments.payment_provider import provider_of
from webhooks.signature import SECRET_BYTES, secret_text


@group("payment-provider")
def payment_provider() -> None:
    """The payment page of an issuer: money goes to the issuer, never through us."""


@payment_provider.command("set")
@click.argument("slug")
@option("--page", "page_url", required=True, metavar="URL", help="The provider's page, without a query.")
@option("--merchant", required=True, help="What the provider calls the issuer.")
@option(
    "--secret-file", type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="The provider's secret, whsec_… or base 64; without it one is made, and shown once.",
)  # fmt: skip
@option("--by", type=WHO, default="facteur payment-provider", help="Who sets it.")
def payment_provider_set(slug: str, page_url: str, merchant: str, secret_file: Path | None, by: str) -> None:
    """Set or change an issuer's payment page. What was signed with the secret before still opens."""
    try:
        text = secret_file.read_text("utf-8", errors="replace") if secret_file else ""
        secret = secret_bytes(text) if secret_file else os.urandom(SECRET_BYTES)
        with opened_store(NoWakeUpSignal()) as (store, settings):
            with store.writing() as session:
                issuer = find_issuer(session, slug)
                set_provider(session, store.encryptor, issuer.id, page_url, merchant, secret, now(), by)
            tell("the provider's events come to {url}", url=_events(settings.public_url, slug))
    except ProviderRefused as refusal:
        refuse(refusal)
    if secret_file is None:
        click.echo(secret_text(secret))


@payment_provider.command("show")
@click.argument("slug")
@as_json
def payment_provider_show(slug: str, in_json: bool) -> None:
    """An issuer's payment page, without its secret."""
    with opened_store(NoWakeUpSignal()) as (store, settings), store.reading() as session:
        provider = provider_of(session, find_issuer(session, slug).id)
    if provider is None:
        say_no("{slug} has no payment page", slug=slug)
    events = _events(settings.public_url, slug)
    if in_json:
        print_json(
            {"page": provider.page_url, "merchant": provider.merchant, "changed_at": provider.changed_at,
             "events": events}
        )  # fmt: skip
        return
    headings = [said("page"), said("merchant"), said("changed"), said("events")]
    changed = moment(provider.changed_at, settings.time_zone)
    print_table(out, headings, [[provider.page_url, provider.merchant, changed, events]])


def _events(public_url: str, slug: str) -> str:
    return f"{public_url}/payment-providers/{slug}/events"
