"""Conditional requests (RFC 9110, 13): nobody overwrites what they have not seen."""

from typing import Annotated, Any

import msgspec
from flask import request

from portal.api.contract.reply import encode, etag
from portal.problems import problem
from portal.problems.problem_types import PRECONDITION_FAILED


class IfMatch(msgspec.Struct, frozen=True, kw_only=True):
    """What must hold for a change of what is there."""

    if_match: Annotated[
        str, msgspec.Meta(description="The ETag that you read: 412 when it has changed since, or is not there.")
    ] = msgspec.field(name="If-Match", default="")


class Preconditions(IfMatch, frozen=True, kw_only=True):
    """What must hold for a change, or for something new."""

    if_none_match: Annotated[str, msgspec.Meta(description="`*`: only where it is not there yet, else 412.")] = (
        msgspec.field(name="If-None-Match", default="")
    )


def etag_of(report: Any) -> str:
    """Returns the ETag that a GET of this report has in this version of the API."""
    return etag(encode(report))


def check_preconditions(report: Any) -> None:
    """Refuse with 412 unless `If-Match` and `If-None-Match` fit the report of what is there now; None: nothing is."""
    now = None if report is None else etag_of(report)
    if request.if_match and (now is None or not request.if_match.contains(now)):
        problem(PRECONDITION_FAILED, "it has changed since, or is not there: read it again")
    if request.if_none_match and now is not None and request.if_none_match.contains(now):
        problem(PRECONDITION_FAILED, "it is there already")
