"""The API key of a program's request: who it is, what it may do, and when it was last used."""

import logging
from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from flask import Response, abort, after_this_request, g, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden

from portal import app_context
from portal.problems.problem_types import INSUFFICIENT_SCOPE
from store.issuer_keys.issuer_key import USE_STEP, IssuerKey, key_in_use, note_use
from store.issuer_keys.key_scope import Scope

log = logging.getLogger(__name__)

#: Of the header with which a program is told what to bring (RFC 6750 §3).
_REALM: Final[dict[str, str | None]] = {"realm": "facteur"}


class InsufficientScope(Forbidden):
    """403: the key is valid, and has none of the scopes that are needed (RFC 6750 §3.1)."""

    problem_type = INSUFFICIENT_SCOPE

    def __init__(self, key: IssuerKey, needed: Collection[Scope]) -> None:
        scopes = sorted(needed)
        takes = f"the scope {' or '.join(scopes)}" if scopes else "no key"
        super().__init__(f"this takes {takes}: the key has {key.scopes.replace(' ', ', ')}")
        told: dict[str, str | None] = {**_REALM, "error": "insufficient_scope"}
        if scopes:
            told["scope"] = " ".join(scopes)
        self._asked = WWWAuthenticate("bearer", told).to_header()

    def get_headers(self, *given: Any, **named: Any) -> list[tuple[str, str]]:
        """Returns the headers of the answer, with the one that says which scope is needed."""
        return [*super().get_headers(*given, **named), ("WWW-Authenticate", self._asked)]


def admit_program(scopes: Collection[Scope]) -> None:
    """Let in whoever brings a key that is valid and has one of these scopes: `g.issuer` is whose it is, `g.key` the
    key's row. Aborts with 401 without a valid key, with 403 without a scope."""
    given = request.authorization
    token = given.token if given is not None and given.type == "bearer" else None
    found = key_in_use(app_context.reading(), token, app_context.now()) if token else None
    if found is None:
        asked = WWWAuthenticate("bearer", {**_REALM, "error": "invalid_token"} if token else _REALM)
        abort(401, "give an API key that is valid: Authorization: Bearer fct_…", www_authenticate=asked)
    g.issuer, g.key = found.issuer, found.row
    _note_use(found.row, app_context.now())
    if not found.row.scope_set & set(scopes):
        raise InsufficientScope(found.row, scopes)


def _note_use(key: IssuerKey, now: datetime) -> None:
    """Write down after this answer that the key is used, at most once a minute, so that no request waits for it."""
    if key.last_used_at is not None and now - key.last_used_at < USE_STEP:
        return
    store, key_id = app_context.store(), key.id

    def write() -> None:
        try:
            with store.writing() as session:
                note_use(session, key_id, now)
        except Exception:  # it is a convenience: the next request writes it
            log.warning("the use of key %s could not be written", key_id, exc_info=True)

    def once_sent(response: Response) -> Response:
        response.call_on_close(write)
        return response

    after_this_request(once_sent)
