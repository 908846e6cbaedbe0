"""Hands a message to the push services of a person's devices, beside each other, at addresses that were checked.

The endpoints were named by browsers, or by whoever posed as one: what holds for webhooks holds here
(`untrusted.endpoints`).
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Literal

import msgspec

from delivery.channels.push.new_device import push_rules
from delivery.channels.push.push_device import PushDevice
from delivery.channels.push.push_request import PushMessage, encrypted_for, push_headers
from untrusted.endpoints.endpoint_url import EndpointRules
from untrusted.endpoints.post_to_endpoint import EndpointAnswer, post_to_endpoint

#: Seconds for one device: a slow push service keeps other people's messages waiting.
WHOLE_SECONDS: Final = 5.0
_AGENT: Final = "Facteur-Push/1"

#: taken: the device will get it; gone: the subscription has ended, for good; busy: the push service takes nothing
#: from us now; later: anything else, which may be the fault of this device.
PushResult = Literal["taken", "gone", "busy", "later"]

#: Too many requests: we are to wait.
_TOO_MANY: Final = 429
#: The only answers that end a subscription (RFC 8030, 7.3).
_GONE: Final = frozenset({404, 410})
_SERVER_FAILS: Final = 500


class PushAnswer(msgspec.Struct, frozen=True):
    """What came of a message to a device, and the answer in words: the status, or what failed."""

    device: PushDevice
    result: PushResult
    words: str


class PushClient:
    """Sends push messages. *contact*: our e-mail address for push services."""

    def __init__(self, rules: EndpointRules, contact: str) -> None:
        self._rules = push_rules(rules)
        self._contact = contact

    def send(self, devices: Sequence[PushDevice], message: PushMessage) -> list[PushAnswer]:
        """Send a message to each of these devices; never raises for what is wrong outside."""
        if not devices:
            return []
        with ThreadPoolExecutor(len(devices), "push") as pool:
            return list(pool.map(lambda device: self._send(device, message), devices))

    def _send(self, device: PushDevice, message: PushMessage) -> PushAnswer:
        headers = {"User-Agent": _AGENT, **push_headers(device, message, self._contact)}
        body = encrypted_for(device, message.content)
        answer = post_to_endpoint(device.endpoint, headers, body, self._rules, seconds=WHOLE_SECONDS)
        return PushAnswer(device, _result_of(answer), str(answer.status or answer.failure))


def _result_of(answer: EndpointAnswer) -> PushResult:
    if answer.is_accepted:
        return "taken"
    if answer.status in _GONE:
        return "gone"
    if answer.status is not None and (answer.status == _TOO_MANY or answer.status >= _SERVER_FAILS):
        return "busy"
    return "later"
