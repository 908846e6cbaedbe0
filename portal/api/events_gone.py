"""410 Gone: a program asks for what came after a sequence, and some of that is no longer kept."""

from http import HTTPStatus

from flask import Response, jsonify, url_for


def events_gone(after: int, oldest: int, what_next: str, following: str) -> Response:
    """Returns the problem (RFC 9457): *oldest* is the first sequence to go on from, *what_next* says what to do."""
    detail = f"the events {after + 1} to {oldest} are no longer kept: {what_next}"
    answer = jsonify(
        type=f"{url_for('.show_openapi')}#/components/responses/EventsGone", title="Events are no longer kept",
        status=HTTPStatus.GONE, detail=detail, oldest=oldest, lost=oldest - after, next=following,
    )  # fmt: skip
    answer.status_code, answer.mimetype = HTTPStatus.GONE, "application/problem+json"
    return answer
