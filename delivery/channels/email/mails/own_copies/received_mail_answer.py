"""Writes the e-mail that answers a person whose address for bills got a mail: what was taken, and what was not."""

from typing import Final

from delivery.channels.email.email_message import one_line
from delivery.channels.email.email_text import EmailText
from delivery.channels.email.mails.greeting import greeting
from store.accounts.consumer import Consumer
from store.received_mail.received_mail import MailWithBills
from words.catalogue import N_, known_language, say

_FILES: Final = {
    "taken": N_("« {name} » : prise, nous la lisons."),
    "known": N_("« {name} » : vous l’aviez déjà apportée."),
    "no_bill": N_("« {name} » : laissée de côté, ce n’est ni un PDF ni un XML."),
    "empty": N_("« {name} » : laissée de côté, elle est vide."),
    "too_large": N_("« {name} » : laissée de côté, elle est trop lourde."),
    "too_many": N_("« {name} » : laissée de côté, vous en avez déjà apporté beaucoup aujourd’hui."),
    "not_opened": N_("Ce courriel a trop de parties : nous ne l’avons pas ouvert. Envoyez chaque facture à part."),
}
_LONGEST_NAME: Final = 80


def received_mail_words(mail: MailWithBills, owner: Consumer, public_url: str) -> EmailText:
    """Return the e-mail's text in the owner's language. Names of files and the sender are words of somebody else's: on
    one line, and not long."""
    language = known_language(owner.language)
    sender = one_line(mail.sender)[:_LONGEST_NAME]
    came = say("Un courriel de {sender} est arrivé à votre adresse pour factures.", language, sender=sender)
    if not sender:
        came = say("Un courriel est arrivé à votre adresse pour factures.", language)
    files = [
        say(_FILES.get(each["outcome"], _FILES["no_bill"]), language, name=one_line(each["name"])[:_LONGEST_NAME])
        for each in mail.files
    ] or [say("Il ne contenait aucune facture : ni PDF ni XML.", language)]
    subject = (
        say("{n} facture reçue par courriel|{n} factures reçues par courriel", language, n=mail.taken)
        if mail.taken
        else say("Aucune facture dans votre courriel", language)
    )
    return EmailText(
        subject=subject,
        before=(greeting(owner.name, language), came, *files),
        label=say("Voir ce qu’elles deviennent", language),
        url=f"{public_url}/factures/ajouter",
        after=(say("Vous ne l’attendiez pas ? Changez cette adresse dans vos réglages.", language),),
        language=language,
    )
