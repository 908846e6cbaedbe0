"""Every verb of the command line is told in the README or in docs/, and no other is."""

import re
from collections.abc import Iterator
from pathlib import Path

import click

from cli.main import main

ROOT = Path(__file__).parents[2]
TEXT = " ".join(
    path.read_text(encoding="utf-8") for path in (ROOT / "README.md", ROOT / "Makefile", *ROOT.glob("docs/*.md"))
)
TOLD = re.sub(r"\s+", " ", re.sub(r"\$\(BIN\)/", "", TEXT))


def verbs(group: click.Command, path: tuple[str, ...] = ("facteur",)) -> Iterator[tuple[str, click.Command]]:
    """Each verb that does something, with its words: `facteur issuer member add`."""
    if not isinstance(group, click.Group) or group.invoke_without_command:
        yield " ".join(path), group
    if isinstance(group, click.Group):
        context = click.Context(group)
        for name in group.list_commands(context):
            found = group.get_command(context, name)
            assert found is not None
            yield from verbs(found, (*path, name))


VERBS = dict(verbs(main))


def test_every_verb_is_told() -> None:
    assert [verb for verb in VERBS if not re.search(rf"{verb}\b", TOLD)] == []


def test_every_verb_that_is_told_is_there() -> None:
    """`facteur` and what follows in a quotation or a block: the words of a verb, then its arguments and options."""
    told = re.findall(r"(?<=[`(| ])facteur((?: [a-z-]+)+)", TOLD)
    groups = {verb.removeprefix("facteur ").split()[0] for verb in VERBS}
    ours = {words.strip() for words in told if words.split()[0] in groups}
    known = {verb.removeprefix("facteur ") for verb in VERBS}
    assert {words for words in ours if not any(f"{words} ".startswith(f"{verb} ") for verb in known)} == set()


def test_every_option_that_is_told_is_there() -> None:
    """In a quotation that begins with a verb, each option is one of that verb's."""
    wrong = []
    for quoted in re.findall(r"`(facteur [^`]+)`", TOLD):
        verb = max((each for each in VERBS if f"{quoted} ".startswith(f"{each} ")), key=len, default=None)
        if verb is not None:
            known = {name for parameter in VERBS[verb].params for name in parameter.opts}
            wrong += [
                (verb, option) for option in re.findall(r"(?<![\w-])--?[a-z][a-z-]*", quoted) if option not in known
            ]
    assert wrong == []
