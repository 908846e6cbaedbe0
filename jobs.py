"""Jobs: what the portal asks for, by errands. Mails that somebody waits for go out at once; rehearsals and previews,
which may take minutes, are worked out a piece at a time, one an issuer."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, literal, select

import delivery
from config import Config
from delivery import Postman, Relay
from issuers.trial import PREVIEW
from preview import answering_preview
from rehearsal import REHEARSE, answering_rehearsal
from store import Store
from store.claims import kept
from store.errand import MOST_ATTEMPTS, Errand, claim_errand, given_back, is_due, issuer_of, put_off, try_later
from store.outage import is_outage
from turns import Turns

log = logging.getLogger(__name__)

#: Kinds that may take long. All others are mails that somebody waits for.
LONG: Final = (REHEARSE, PREVIEW)
#: How many of those are worked out beside each other.
MOST_AT_ONCE: Final = 4
#: Mails go out for so long in a row, however many are asked for.
MAIL_SECONDS: Final = 2.0


class Jobs:
    """Runs errands, for one worker."""

    def __init__(self, store: Store, config: Config, post: Postman, relay: Relay, piece_seconds: float) -> None:
        self._store = store
        self._config = config
        self._post = post
        self._relay = relay
        self._long = Turns(piece_seconds, MOST_AT_ONCE)
        self._now: datetime

    def send_mails(self, now: datetime, is_stopping: Callable[[], bool] = lambda: False) -> bool:
        """The mails that people wait for: those that confirm, that help with a password, that invite. False when there
        is none, or nobody takes it now."""
        self._now = now
        until, busy = time.monotonic() + MAIL_SECONDS, False
        while not self._relay.is_left_alone(now) and time.monotonic() < until and not is_stopping():
            errand = self._claim(is_due(now, besides=LONG))
            if errand is None:
                break
            busy = True
            with self._running(errand) as is_sound:
                if is_sound:
                    self._send(errand)
        return busy

    def work(self, now: datetime) -> bool:
        """A piece of a rehearsal or a preview; False when none waits."""
        self._now = now
        if self._long.has_room:
            errand = self._claim(is_due(now, *LONG), issuer_of().not_in(self._long.served))
            if errand is not None:
                with self._store.reading() as session:
                    issuer_id = session.scalars(select(issuer_of()).where(Errand.id == errand.id)).one()
                self._long.begin(issuer_id, self._answering(errand))
        return self._long.turn()

    def stop(self) -> None:
        """Give back what is under way: somebody else begins it anew."""
        self._long.stop()

    def _send(self, errand: Errand) -> None:
        config = self._config
        delivery.run_errand(
            self._store, errand, self._post, config.secret, config.public_url, self._now, self._relay
        )  # fmt: skip

    def _answering(self, errand: Errand) -> Iterator[None]:
        with self._running(errand) as is_sound:
            if is_sound:
                yield from (answering_rehearsal if errand.kind == REHEARSE else answering_preview)(self._store, errand)

    def _claim(self, *conditions: ColumnElement[bool]) -> Errand | None:
        with self._store.reading() as session:  # asked before a writer's turn is taken for nothing
            if session.scalar(select(literal(1)).where(*conditions).limit(1)) is None:
                return None
        with self._store.writing() as session:
            return claim_errand(session, self._now, *conditions)

    @contextmanager
    def _running(self, errand: Errand) -> Iterator[bool]:
        """Run a claimed errand; False where its workers died of it again and again: it has failed then. What is broken
        off is given back, what waits for the outside is put off; of any other that raises the try counts."""
        is_sound = errand.attempts <= MOST_ATTEMPTS
        try:
            with kept(self._store, Errand, errand.id):
                yield is_sound
            if not is_sound:
                self._try_later(errand, "its worker died of it again and again")
        except GeneratorExit:
            self._store.write_in_time(given_back(errand))
            raise
        except Exception as error:
            if is_outage(error, errand.setbacks):
                log.warning("errand %s waits, something outside is down: %s", errand.id, error)
                with self._store.writing() as session:
                    put_off(session, errand, self._now, str(error))
            else:
                log.exception("errand %s failed", errand.id)
                self._try_later(errand, f"{type(error).__name__}: {error}")

    def _try_later(self, errand: Errand, why: str) -> None:
        with self._store.writing() as session:
            try_later(session, errand, self._now, why)
