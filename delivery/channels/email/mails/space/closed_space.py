"""Writes the e-mail that confirms that a space is closed: what comes by post, until when its person may come back, what
is erased, and what stays and why."""

from datetime import date

from consumers.leaving.leaving_steps import KEPT, STEPS
from delivery.channels.email.email_text import EmailText
from delivery.channels.email.mails.greeting import greeting
from delivery.channels.email.mails.mail_reader import MailReader
from words.catalogue import known_language, say
from words.written_dates import written_date


def closed_space_words(reader: MailReader, closed_on: date, erased_on: date | None, public_url: str) -> EmailText:
    """Return the e-mail's text, in the reader's language; *erased_on* is None where its person is erased at once."""
    language = known_language(reader.language)
    goes = "\n".join(f"– {say(step.told, language)}" for step in STEPS if step.told)
    if erased_on is None:
        erased = say("Comme vous l’avez demandé, nous effaçons maintenant :", language)
    else:
        day = written_date(erased_on, language)
        erased = say(
            "Jusqu’au {day}, vous pouvez revenir : connectez-vous. Ensuite, nous effaçons :", language, day=day
        )
    closed = say(
        "Votre espace est fermé depuis le {day}. Les factures que personne d’autre n’y suit viennent par la poste, "
        "gratuitement. Les mandats de prélèvement que vous y avez signés ont pris fin : les émetteurs en sont "
        "prévenus.",
        language, day=written_date(closed_on, language),
    )  # fmt: skip
    stays = "\n".join(f"– {kept_words(language, kept.what, kept.why, kept.until)}" for kept in KEPT if kept.what)
    return EmailText(
        subject=say("Votre espace est fermé", language),
        before=(greeting(reader.name, language), closed, f"{erased}\n{goes}"),
        label=say("Ce que nous gardons, et pourquoi", language),
        url=f"{public_url}/vos-donnees",
        after=(f"{say('Ce qui reste :', language)}\n{stays}",),
        language=language,
    )


def kept_words(language: str, what: str, why: str, until: str) -> str:
    """Return what is kept, by which law and until when, as one sentence."""
    values = {"what": say(what, language), "why": say(why, language)}
    if not until:
        return say("{what} : {why}.", language, **values)
    return say("{what} : {why}, {until}.", language, **values, until=say(until, language))
