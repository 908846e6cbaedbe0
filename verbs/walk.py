"""What verbs walk: the road over the store that the environment names."""

from collections.abc import Iterator
from contextlib import contextmanager

from delivery import PrintHouseError, open_post
from road import Road
from store.bell import NoBell
from verbs.entrance import a_store
from verbs.speech import say_no


@contextmanager
def a_road() -> Iterator[Road]:
    """The road, with a postman: to the dev inbox, unless there is a relay."""
    with a_store(NoBell()) as (store, settings), open_post(settings.smtp_url, settings.inbox, settings.sender) as post:
        try:
            road = Road(store, settings, post)
        except PrintHouseError as error:
            say_no(str(error))
        yield road
