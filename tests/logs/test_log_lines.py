"""A line of the log: an object that programs read, with the ids of the work at hand, and without what is somebody's."""

import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from logs import log_context
from logs.log_context import begin_request, logged_for, request_id
from logs.log_lines import JsonLines, TextLines
from pipeline.time_slices import TimeSlices

pytestmark = pytest.mark.beside_any_database


@pytest.fixture(autouse=True)
def _no_request_before() -> Iterator[None]:
    before = log_context._ids.set({})
    yield
    log_context._ids.reset(before)


def written(form: logging.Formatter, sentence: str, *args: object, told: dict[str, Any] | None = None) -> str:
    fault = sys.exc_info() if sys.exc_info()[0] else None
    record = logging.LogRecord("pipeline.x", logging.WARNING, __file__, 1, sentence, args, fault)
    if told:
        record.told = told
    return form.format(record)


def test_a_line_of_json() -> None:
    with logged_for(feed=17), logged_for(chunk=3, request=""):
        line = json.loads(written(JsonLines("worker"), "chunk %s waits %s s", 3, 5, told={"milliseconds": 1.5}))
    assert line.pop("at").endswith("Z")
    assert line == {
        "level": "warning", "logger": "pipeline.x", "process": "worker", "event": "chunk %s waits %s s",
        "message": "chunk 3 waits 5 s", "feed": 17, "chunk": 3, "milliseconds": 1.5,
    }  # fmt: skip
    assert "feed" not in json.loads(written(JsonLines(), "done"))


def test_what_is_somebodys_is_left_out() -> None:
    said = "alice.martin@exemple.fr paid from FR76 3000 6000 0112 3456 7890 189; <d17@localhost>\nis ours"
    for form in (JsonLines(), TextLines()):
        line = written(form, "told: %s", said)
        assert "<e-mail> paid from <iban>; <d17@localhost> is ours" in line
        assert "\n" not in line, "nobody begins a line of ours"


def test_errors_are_told_by_their_kind_and_place() -> None:
    """A server's words help whoever mends it; those that quote a value may quote a bill."""
    try:
        try:
            int("Alice Martin")
        except ValueError as error:
            raise ConnectionError("550 <alice@exemple.fr> unknown\nAlice Martin") from error
    except ConnectionError as caught:
        error = json.loads(written(JsonLines(), "mail %s: %s", 1, caught))
        text = written(TextLines(), "mail %s: %s", 1, caught)
        quoted = written(TextLines(quotes=True), "mail %s: %s", 1, caught)
    assert error["message"] == "mail 1: ConnectionError: 550 <<e-mail>> unknown"
    assert error["error"]["kinds"] == ["ConnectionError: 550 <<e-mail>> unknown", "ValueError"]
    assert error["error"]["where"][-1].endswith("test_errors_are_told_by_their_kind_and_place")
    assert "Alice" not in text + str(error)
    assert "ValueError" in text
    assert "Alice Martin" in quoted, "-v quotes"


def test_a_request_and_works_in_slices_have_ids_of_their_own() -> None:
    first = begin_request()
    assert request_id() == first != begin_request()
    seen: list[tuple[int, str]] = []

    def work(number: int) -> Iterator[None]:
        with logged_for(request=f"r{number}"):
            for _ in range(3):
                seen.append((number, request_id()))
                yield

    with logged_for(request="around"):
        slices = TimeSlices(-1, 2)
        slices.begin(1, work(1))
        slices.begin(2, work(2))
        while slices.turn():
            assert request_id() == "around"
    assert seen == [(2, "r2"), (1, "r1")] * 3
