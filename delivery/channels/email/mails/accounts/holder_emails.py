"""Writes the e-mails that tell a holder what another holder, or the issuer, did with an account that they share."""

from datetime import date
from typing import Final

from bill import account_label
from delivery.channels.email.email_message import one_line
from delivery.channels.email.email_text import EmailText
from delivery.channels.email.mails.greeting import greeting
from delivery.channels.email.mails.mail_reader import MailReader
from delivery.channels.issuer_mark import issuer_mark
from issuers.registry import profile_of
from store.accounts.customer_account import CustomerAccount
from store.accounts.joint_holder_notice import HolderNotice
from store.accounts.told_name import told_name
from store.issuer import Issuer
from words.catalogue import N_, known_language, say
from words.written_dates import written_date

#: By kind of notice: the subject, what happened, what to do.
_SENTENCES: Final = {
    "joined": (
        N_("Quelqu’un d’autre suit votre contrat {issuer}"),
        N_("{name} a ajouté votre contrat {contract} à son espace le {day}, et en voit les factures, comme vous."),
        N_("Vous la connaissez ? Il n’y a rien à faire. Sinon, suspendez son accès : elle ne verra plus rien."),
    ),
    "paperless": (
        N_("Votre contrat {issuer} est sans papier"),
        N_("{name} a choisi, le {day}, de recevoir sans papier les factures de votre contrat {contract}."),
        N_("Vous pouvez revenir au papier à tout moment, gratuitement."),
    ),
    "paper": (
        N_("Votre contrat {issuer} revient au papier"),
        N_(
            "{name} a demandé, le {day}, que les factures de votre contrat {contract} viennent de nouveau par la poste."
        ),
        N_("Vous les voyez toujours dans votre espace."),
    ),
    "asks": (
        N_("Quelqu’un demande à suivre votre contrat {issuer}"),
        N_(
            "{name} demande, le {day}, à suivre avec vous votre contrat {contract} : cette personne en a une ancienne "
            "lettre, ou {issuer} connaît son adresse."
        ),
        N_("Acceptez dans votre espace si vous connaissez cette personne. Sinon, ne faites rien : elle ne voit rien."),
    ),
    "welcomed": (
        N_("Vous suivez le contrat {issuer}"),
        N_("{name} a accepté, le {day}, que vous suiviez le contrat {contract}."),
        N_("Ses factures sont dans votre espace."),
    ),
    "lifted": (
        N_("Votre accès au contrat {issuer} est rétabli"),
        N_("{name} a rétabli, le {day}, votre accès au contrat {contract}."),
        N_("Ses factures sont de nouveau dans votre espace."),
    ),
    "restored": (
        N_("Votre accès au contrat {issuer} est rétabli"),
        N_("{issuer} a rétabli, le {day}, votre accès au contrat {contract}."),
        N_("Ses factures sont de nouveau dans votre espace."),
    ),
    "kept": (
        N_("Votre contrat {issuer} : la décision"),
        N_("{issuer} a décidé, le {day}, que {name} suit aussi votre contrat {contract}."),
        N_("Vous voyez ses factures comme avant. Une question ? Adressez-vous à {issuer}."),
    ),
    "moved": (
        N_("Votre contrat {issuer} : une nouvelle adresse"),
        N_("{name} a donné, le {day}, une nouvelle adresse pour les lettres de votre contrat {contract}."),
        N_("Si ce n’est pas la vôtre, dites-le à {issuer}, ou suspendez l’accès de cette personne."),
    ),
    "heir": (
        N_("Un contrat {issuer} est dans votre espace, comme héritier"),
        N_(
            "Vous êtes inscrit, le {day}, comme héritier pour le contrat {contract} de {name}, sur le document "
            "présenté."
        ),
        N_("Vous lisez ses factures et pouvez régler ce qui reste dû. Rien n’y est choisi pour vous."),
    ),
    "heir_joins": (
        N_("Un héritier suit le contrat {issuer}"),
        N_("{name} est inscrit, le {day}, comme héritier pour le contrat {contract}, sur un document."),
        N_("Une question ? Adressez-vous à {issuer}."),
    ),
    "heir_ended": (
        N_("Votre accès comme héritier à un contrat {issuer} a pris fin"),
        N_("Votre accès comme héritier au contrat {contract} de {name} a pris fin le {day}."),
        N_("Une question ? Adressez-vous à {issuer}."),
    ),
    "removed": (
        N_("Votre accès au contrat {issuer} a pris fin"),
        N_("{issuer} a décidé, le {day}, que le contrat {contract} n’est plus dans votre espace."),
        N_("Une question ? Adressez-vous à {issuer}."),
    ),
}


def holder_words(
    notice: HolderNotice, reader: MailReader, account: CustomerAccount, issuer: Issuer, on: date, public_url: str
) -> EmailText:
    """Return the e-mail's text for one notice of the day *on*, in the reader's language."""
    language = known_language(reader.language)
    subject, what, next_step = _SENTENCES[notice.kind]
    label = account_label(account.term, language, profile_of(issuer).account_label)
    named = f"{issuer.name} ({label[:1].lower()}{label[1:]} {account.number})" if account.number else issuer.name
    name = told_name(notice.name) or say("Une personne", language)
    values = {
        "issuer": one_line(issuer.name), "name": name, "contract": one_line(named),
        "day": written_date(on, language),
    }  # fmt: skip
    return EmailText(
        subject=say(subject, language, **values),
        before=(greeting(reader.name, language), say(what, language, **values), say(next_step, language, **values)),
        label=say("Voir qui suit ce contrat", language),
        url=f"{public_url}/contrats",
        language=language,
        mark=issuer_mark(issuer),
    )
