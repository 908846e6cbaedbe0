"""Writes the e-mail that says that an archive of bills is ready: it leads to the page, and never brings the file."""

from datetime import date
from typing import Final

from delivery.channels.email.email_text import EmailText
from delivery.channels.email.mails.greeting import greeting
from store.accounts.consumer import Consumer
from words.catalogue import N_, known_language, say
from words.written_dates import written_date

_NOT_YOU: Final = N_(
    "Si vous n’avez rien demandé, changez votre mot de passe : quelqu’un d’autre est entré dans votre espace."
)


def archive_ready_words(reader: Consumer, bills: int, until: date, public_url: str) -> EmailText:
    """Return the e-mail's text, in the reader's language; *until* is the last day on which the archive is there."""
    language = known_language(reader.language)
    return EmailText(
        subject=say("Vos factures sont prêtes à emporter", language),
        before=(
            greeting(reader.name, language),
            say(
                "L’archive que vous avez demandée est prête : {n} facture.|"
                "L’archive que vous avez demandée est prête : {n} factures.",
                language, n=bills,
            ),
            say(
                "Elle vous attend dans votre espace jusqu’au {day} ; ensuite nous l’effaçons. Vous pourrez toujours en "
                "demander une autre.",
                language, day=written_date(until, language),
            ),
        ),
        label=say("Voir l’archive", language),
        url=f"{public_url}/emporter",
        after=(say(_NOT_YOU, language),),
        language=language,
    )  # fmt: skip
