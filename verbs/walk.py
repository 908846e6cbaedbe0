"""What verbs walk: the road over the store that the environment names."""

from collections.abc import Iterator
from contextlib import contextmanager

from delivery import open_post
from road import Road
from store.bell import NoBell
from verbs.entrance import a_store


@contextmanager
def a_road() -> Iterator[Road]:
    """The road, with a postman: to the dev inbox, unless there is a relay."""
    with a_store(NoBell()) as (store, settings), open_post(settings.smtp_url, settings.inbox, settings.sender) as post:
        yield Road(store, settings, post)
