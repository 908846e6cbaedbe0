"""Opens the pipeline with the configured store and mail transport, for the commands that do pipeline work."""

from collections.abc import Iterator
from contextlib import contextmanager

from cli.open_store import opened_store
from cli.output import refuse
from config import Config
from delivery import PrintHouseError, open_mail_transport
from delivery.channels.email.return_path import return_path
from delivery.channels.email.smtp.dkim_signer import DkimKeyError, DkimSigner
from delivery.channels.email.smtp.sending_domain import SendingDomain, domain_of
from pipeline.feed_pipeline import Pipeline
from store.db.wake_up_signal import NoWakeUpSignal
from store.vault.key_ring import KeyRing


@contextmanager
def open_pipeline() -> Iterator[Pipeline]:
    """Open the pipeline. Mail goes to the SMTP relay if one is configured, else to the dev inbox. Exits with 1 when the
    print house's folder, or a key that signs e-mails, cannot be used."""
    with (
        opened_store(NoWakeUpSignal()) as (store, settings),
        open_mail_transport(
            settings.smtp_url, settings.inbox, settings.sender, sending_domain(settings, store.keys)
        ) as post,
    ):
        try:
            pipeline = Pipeline(store, settings, post)
        except PrintHouseError as error:
            refuse(error)
        yield pipeline


def mail_signers(settings: Config) -> tuple[DkimSigner, ...]:
    """Return what signs e-mails. Exits with 1 when a key cannot be used."""
    domain = settings.dkim_domain or domain_of(settings.sender)
    try:
        return tuple(DkimSigner(domain, each.selector, each.pem) for each in settings.dkim_keys)
    except DkimKeyError as error:
        refuse(error)


def sending_domain(settings: Config, keys: KeyRing) -> SendingDomain:
    """Return what each e-mail gets before it leaves. Exits with 1 when a key cannot be used."""
    bounces = settings.bounce_address
    return SendingDomain(
        reply_to=settings.reply_to,
        return_path=(lambda origin: return_path(keys, origin, bounces)) if bounces else None,
        signers=mail_signers(settings),
    )
