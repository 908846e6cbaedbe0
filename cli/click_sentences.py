"""What click itself says (usage, wrong usage), in the reader's language.

click looks its sentences up by the names `_` and `ngettext` of its modules, in compiled files that we do not have. Both
names are given our own look-up.
"""

from typing import Final

from click import core, decorators, exceptions, formatting, parser, termui, types

from cli.command_language import language
from words.catalogue import M_, sentence

_MODULES: Final = (core, decorators, exceptions, formatting, parser, termui, types)
#: What people may hear from click. `tests/cli/test_click_sentences.py` compares it with what click can say.
SENTENCES: Final = (
    M_("Usage:"),
    M_("Options"),
    M_("Commands"),
    M_("Positional arguments"),
    M_("Aborted!"),
    M_("Error: {message}"),
    M_("Missing command."),
    M_("Missing argument"),
    M_("Missing option"),
    M_("Missing parameter"),
    M_("Missing parameter: {param_name}"),
    M_("Missing {param_type}"),
    M_("Try '{command} {option}' for help."),
    M_("Did you mean {possibility}?|(Did you mean one of: {possibilities}?)"),
    M_("Got unexpected extra argument ({args})|Got unexpected extra arguments ({args})"),
    M_("Invalid value: {message}"),
    M_("Invalid value for {param_hint}: {message}"),
    M_("No such option {name!r}."),
    M_("No such command {name!r}."),
    M_("Option {name!r} does not take a value."),
    M_("Option {name!r} requires an argument.|Option {name!r} requires {nargs} arguments."),
    M_("Argument {name!r} takes {nargs} values."),
    M_("Could not open file {filename!r}: {message}"),
    M_("unknown error"),
    M_("default: {default}"),
    M_("required"),
    M_("Choose from:\n\t{choices}"),
    M_("{value!r} is not {choice}.|{value!r} is not one of {choices}."),
    M_("{value!r} does not match the format {format}.|{value!r} does not match the formats {formats}."),
    M_("{value!r} is not a valid {number_type}."),
    M_("{value} is not in the range {range}."),
    M_("{name} {filename!r} is a file."),
    M_("{name} {filename!r} is a directory."),
    M_("{name} {filename!r} is not readable."),
    M_("{name} {filename!r} is not writable."),
    M_("{name} {filename!r} is not executable."),
    M_("{name} {filename!r} does not exist."),
    M_("file"),
    M_("directory"),
    M_("path"),
)


def translate_click() -> None:
    """Let click say its sentences in the reader's language from now on."""
    for module in _MODULES:
        for name, look_up in (("_", _one), ("ngettext", _counted)):
            if hasattr(module, name):
                setattr(module, name, look_up)


def _one(text: str) -> str:
    return sentence(text, language(), domain="messages")


def _counted(one: str, several: str, n: int) -> str:
    return sentence(f"{one}|{several}", language(), n, "messages")
