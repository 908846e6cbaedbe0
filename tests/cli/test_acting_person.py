"""Verbs that change something name somebody: whoever reads the audit trail sees who did it."""

import inspect
import re

import pytest

from cli.open_store import WHO
from tests.cli.conftest import Run
from tests.cli.test_documented_verbs import VERBS

WRITES = re.compile(r"\.writing\(\)|open_pipeline\(\)")
#: They write, and it is no act of a person's: programs at work, a sample world, feeds by their door, a test message.
NOBODYS = {"facteur demo", "facteur feed drop", "facteur webhook test", "facteur work", "facteur worker"}


@pytest.mark.beside_any_database
def test_whoever_changes_something_can_be_named() -> None:
    writing = {name for name, verb in VERBS.items() if verb.callback and WRITES.search(_source(verb.callback))}
    assert len(writing) > 40
    assert {name for name in writing if not any(each.name == "by" for each in VERBS[name].params)} == NOBODYS


@pytest.mark.beside_any_database
@pytest.mark.parametrize("nobody", ["", " \n", "\u200b", "x" * 201])
def test_nobody_is_no_name(nobody: str, facteur: Run) -> None:
    """An empty variable of a script's does not leave the trail without a name."""
    named = [each for verb in VERBS.values() for each in verb.params if each.name == "by"]
    assert {each.type for each in named} == {WHO}
    facteur("print", "close", "--by", nobody, expect=2)


def _source(verb: object) -> str:
    return inspect.getsource(inspect.unwrap(verb))  # type: ignore[arg-type]
