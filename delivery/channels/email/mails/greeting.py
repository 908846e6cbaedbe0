"""The first line of an e-mail: `Bonjour Alice,`."""

from delivery.channels.email.email_message import one_line
from words.catalogue import say


def greeting(name: str, language: str) -> str:
    """Greet by *name* on one line; without one, for `""`."""
    name = one_line(name)
    return say("Bonjour {name},", language, name=name) if name else say("Bonjour,", language)
