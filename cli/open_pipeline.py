"""What verbs walk: the road over the store that the environment names."""

from collections.abc import Iterator
from contextlib import contextmanager

from cli.open_store import opened_store
from cli.output import say_no
from delivery import PrintHouseError, open_mail_transport
from pipeline.feed_pipeline import Pipeline
from store.db.wake_up_signal import NoWakeUpSignal


@contextmanager
def open_pipeline() -> Iterator[Pipeline]:
    """The road, with a postman: to the dev inbox, unless there is a relay."""
    with (
        opened_store(NoWakeUpSignal()) as (store, settings),
        open_mail_transport(settings.smtp_url, settings.inbox, settings.sender) as post,
    ):
        try:
            pipeline = Pipeline(store, settings, post)
        except PrintHouseError as error:
            say_no(str(error))
        yield pipeline
