"""Verbs that change something name somebody: whoever reads the audit trail sees who did it."""

import inspect
import re

import pytest

from tests.cli.test_documented_verbs import VERBS

WRITES = re.compile(r"\.writing\(\)|open_pipeline\(\)")
#: They write, and it is no act of a person's: programs at work, a sample world, feeds by their door, a test message.
NOBODYS = {"facteur demo", "facteur feed drop", "facteur webhook test", "facteur work", "facteur worker"}


@pytest.mark.beside_any_database
def test_whoever_changes_something_can_be_named() -> None:
    writing = {name for name, verb in VERBS.items() if verb.callback and WRITES.search(_source(verb.callback))}
    assert len(writing) > 40
    assert {name for name in writing if not any(each.name == "by" for each in VERBS[name].params)} == NOBODYS


def _source(verb: object) -> str:
    return inspect.getsource(inspect.unwrap(verb))  # type: ignore[arg-type]
