"""An e-mail's sentences in one language, or in all of them one after the other, where nobody's is known."""

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from delivery.channels.email.email_text import EmailText
from delivery.channels.email.mails.greeting import greeting
from words.catalogue import say


class Sentences(NamedTuple):
    """An e-mail's sentences in French: the subject, what it tells, the link's label, what stands below."""

    subject: str
    told: str
    label: str
    after: str = ""


def in_languages(languages: Sequence[str], sentences: Sentences, url: str, **values: str) -> EmailText:
    """Return the text of an e-mail whose one link leads to *url*, in each of *languages*; *values* fill the blanks."""
    said = [Sentences(*(say(each, language, **values) for each in sentences)) for language in languages]
    before = ((greeting("", language), each.told) for language, each in zip(languages, said, strict=True))
    after = " / ".join(filter(None, (each.after for each in said)))
    return EmailText(
        subject=" / ".join(each.subject for each in said),
        before=tuple(chain.from_iterable(before)),
        label=" / ".join(each.label for each in said),
        url=url,
        after=(after,) if after else (),
        language=languages[0],
    )
