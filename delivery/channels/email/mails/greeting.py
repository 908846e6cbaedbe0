"""The first line of an e-mail: `Bonjour Alice,`."""

from delivery.channels.email.email_message import one_line
from store.accounts.told_name import told_name
from words.catalogue import say


def greeting(name: str, language: str) -> str:
    """Greet by *name* on one line, as it may be told; without one, for `""`."""
    name = told_name(one_line(name))
    return say("Bonjour {name},", language, name=name) if name else say("Bonjour,", language)
