"""Opens the pipeline with the configured store and mail transport, for the commands that do pipeline work."""

from collections.abc import Iterator
from contextlib import contextmanager

from cli.open_store import opened_store
from cli.output import refuse
from delivery import PrintHouseError, open_mail_transport
from pipeline.feed_pipeline import Pipeline
from store.db.wake_up_signal import NoWakeUpSignal


@contextmanager
def open_pipeline() -> Iterator[Pipeline]:
    """Open the pipeline. Mail goes to the SMTP relay if one is configured, else to the dev inbox. Exits with 1 when the
    print house's folder cannot be used."""
    with (
        opened_store(NoWakeUpSignal()) as (store, settings),
        open_mail_transport(settings.smtp_url, settings.inbox, settings.sender) as post,
    ):
        try:
            pipeline = Pipeline(store, settings, post)
        except PrintHouseError as error:
            refuse(error)
        yield pipeline
