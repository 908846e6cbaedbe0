"""Step 9, tell: send issuers the events that their endpoints want, as signed webhooks."""

from datetime import datetime

from pipeline.pipeline_context import PipelineContext
from untrusted.endpoints.endpoint_url import EndpointRules
from webhooks.webhook_sender import Post, WebhookSender


class SendWebhooks:
    """The webhooks of one worker. Threads await the answers, so that a slow endpoint keeps no other step waiting."""

    def __init__(self, context: PipelineContext, post: Post | None = None) -> None:
        config = context.config
        self._sender = WebhookSender(
            context.store, EndpointRules(config.webhook_loopback, config.webhook_ca_file), post
        )  # fmt: skip
        self._now: datetime | None = None

    def turn(self, now: datetime) -> bool:
        """Record answers and send what is due. Returns False when there was nothing to do."""
        self._now = now
        return self._sender.turn(now)

    @property
    def is_under_way(self) -> bool:
        """Whether an answer is awaited, or is still to be recorded."""
        return self._sender.is_under_way

    def stop(self) -> None:
        """Wait some seconds for what is under way; another worker sends the rest again, under its same id."""
        if self._now is not None:
            self._sender.stop(self._now)
