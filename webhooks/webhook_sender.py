"""The webhooks of one worker: requests are made by threads, beside each other; rows are read and written by the worker
alone, between its other turns. No transaction is open while an endpoint is asked."""

import logging
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final

from sqlalchemy import exists, select

from store import Store
from store.db.due_work import NOW, DueWork
from store.db.work_tally import TALLIES, WEBHOOK_ATTEMPTS
from store.outbox.number_events import number_events
from store.outbox.webhook_delivery import awaits_webhooks, has_due_webhook
from store.outbox.webhook_endpoint import WebhookEndpoint
from untrusted.endpoints.endpoint_url import EndpointRules
from untrusted.endpoints.post_to_endpoint import EndpointAnswer, post_to_endpoint
from webhooks.claim_due_messages import ClaimedMessage, claim_due_messages
from webhooks.give_events import give_events
from webhooks.messages_under_way import MessagesUnderWay
from webhooks.webhook_attempts import EndedAttempt, end_attempts, outcome_of, reset_lost_attempts

log = logging.getLogger(__name__)

#: Seconds that a turn waits for the first answer, if an endpoint that works was asked.
WAIT_SECONDS: Final = 0.5
#: Seconds that a worker that is told to stop waits for answers; what is later goes out again.
STOP_SECONDS: Final = 3.0
_ANY_DUE: Final = DueWork({"webhook": awaits_webhooks(NOW)})
_SENDABLE: Final = DueWork({"webhook": exists(select(WebhookEndpoint.id).where(has_due_webhook(NOW)))})
_AGENT: Final = "Facteur-Webhooks/1"

#: Makes the request of a claimed message.
Post = Callable[[ClaimedMessage], EndpointAnswer]


class WebhookSender:
    """What one worker has under way, and whose turn is next."""

    def __init__(self, store: Store, rules: EndpointRules, post: Post | None = None) -> None:
        self._store = store
        self._post = post or (lambda claimed: _post(claimed, rules))
        self._under_way = MessagesUnderWay()
        self._answers: SimpleQueue[EndedAttempt] = SimpleQueue()
        self._unrecorded: list[
            EndedAttempt
        ] = []  # kept until committed: a database that is down makes no second request
        self._last_issuer_id = 0

    def turn(self, now: datetime) -> bool:
        """Record what was answered, number and give out new events, and begin what is due. Returns False when there was
        nothing to do, though requests may be under way."""
        self._collect(WAIT_SECONDS if self._under_way.is_worth_waiting else 0.0)
        if not self._unrecorded and not self._is_any(_ANY_DUE, now):
            return False
        with self._store.writing() as session:
            end_attempts(session, self._unrecorded, now)
            done = len(self._unrecorded) + number_events(session) + give_events(session, now)
            done += reset_lost_attempts(session, now)
        self._unrecorded.clear()
        return self._begin(now) + done > 0

    @property
    def is_under_way(self) -> bool:
        """Whether an answer is awaited, or is still to be recorded."""
        return self._under_way.number > 0 or bool(self._unrecorded)

    def stop(self, now: datetime) -> None:
        """Wait some seconds for what is under way, and record it."""
        while self._under_way.number and self._collect(STOP_SECONDS):
            pass
        with self._store.writing() as session:
            end_attempts(session, self._unrecorded, now)
        self._unrecorded.clear()

    def _is_any(self, due: DueWork, now: datetime) -> bool:
        """Asked first: it needs no writing transaction."""
        with self._store.reading() as session:
            return bool(due.look(session, now=now))

    def _begin(self, now: datetime) -> int:
        """Claim due messages, and send each in a thread of its own once its attempt is committed. Returns how many."""
        if not self._is_any(_SENDABLE, now):
            return 0
        _ = self._store.public_ids  # made, where they are not, in a transaction of their own
        then = deepcopy(self._under_way)  # taken back with a transaction that fails
        with self._store.writing() as session:
            claimed = claim_due_messages(self._store, session, then, now, self._last_issuer_id)
        self._under_way = then
        for each in claimed:
            self._last_issuer_id = each.issuer_id
            Thread(target=self._send, args=(each,), name=f"webhook {each.delivery_id}", daemon=True).start()
        return len(claimed)

    def _send(self, claimed: ClaimedMessage) -> None:
        try:
            answer = self._post(claimed)
        except Exception:
            log.exception("webhook %s cannot be sent", claimed.delivery_id)
            answer = EndpointAnswer(failure="broken")
        self._answers.put(EndedAttempt(claimed.endpoint_id, claimed.delivery_id, claimed.n, claimed.message_id, answer))

    def _collect(self, wait: float) -> int:
        """Take the answers that have come; wait for the first so many seconds. Returns how many."""
        number = 0
        while self._under_way.number:
            try:
                ended = self._answers.get(timeout=wait) if wait and not number else self._answers.get_nowait()
            except Empty:
                break
            self._under_way.end(ended.endpoint_id)
            self._unrecorded.append(ended)
            TALLIES.count(WEBHOOK_ATTEMPTS, "", outcome_of(ended.answer))
            number += 1
        return number


def _post(claimed: ClaimedMessage, rules: EndpointRules) -> EndpointAnswer:
    headers = {"User-Agent": _AGENT, "Content-Type": "application/json", **claimed.headers}
    return post_to_endpoint(claimed.url, headers, claimed.body, rules, turn=claimed.n - 1)
