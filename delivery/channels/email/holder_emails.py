"""Writes the e-mails that tell a holder what another holder, or the issuer, did with an account that they share."""

from typing import Final

from bill import account_label
from delivery.channels.email.email_message import EmailText, one_line
from issuers.registry import profile_of
from store.accounts.consumer import Consumer
from store.accounts.customer_account import CustomerAccount
from store.accounts.joint_holder_notice import HolderNotice
from store.issuer import Issuer
from words.written_dates import written_date

#: By kind of notice: the subject, what happened, what to do.
_FRENCH: Final = {
    "joined": (
        "Quelqu’un d’autre suit votre contrat {issuer}",
        "{name} a ajouté votre contrat {contract} à son espace le {day}, et en voit les factures, comme vous.",
        "Vous la connaissez ? Il n’y a rien à faire. Sinon, suspendez son accès : elle ne verra plus rien.",
    ),
    "paperless": (
        "Votre contrat {issuer} est sans papier",
        "{name} a choisi, le {day}, de recevoir sans papier les factures de votre contrat {contract}.",
        "Vous pouvez revenir au papier à tout moment, gratuitement.",
    ),
    "paper": (
        "Votre contrat {issuer} revient au papier",
        "{name} a demandé, le {day}, que les factures de votre contrat {contract} viennent de nouveau par la poste.",
        "Vous les voyez toujours dans votre espace.",
    ),
    "asks": (
        "Quelqu’un demande à suivre votre contrat {issuer}",
        "{name} a une ancienne lettre de votre contrat {contract} et demande, le {day}, à le suivre avec vous.",
        "Acceptez dans votre espace si vous connaissez cette personne. Sinon, ne faites rien : elle ne voit rien.",
    ),
    "welcomed": (
        "Vous suivez le contrat {issuer}",
        "{name} a accepté, le {day}, que vous suiviez le contrat {contract}.",
        "Ses factures sont dans votre espace.",
    ),
    "lifted": (
        "Votre accès au contrat {issuer} est rétabli",
        "{name} a rétabli, le {day}, votre accès au contrat {contract}.",
        "Ses factures sont de nouveau dans votre espace.",
    ),
    "restored": (
        "Votre accès au contrat {issuer} est rétabli",
        "{issuer} a rétabli, le {day}, votre accès au contrat {contract}.",
        "Ses factures sont de nouveau dans votre espace.",
    ),
    "kept": (
        "Votre contrat {issuer} : la décision",
        "{issuer} a décidé, le {day}, que {name} suit aussi votre contrat {contract}.",
        "Vous voyez ses factures comme avant. Une question ? Adressez-vous à {issuer}.",
    ),
    "removed": (
        "Votre accès au contrat {issuer} a pris fin",
        "{issuer} a décidé, le {day}, que le contrat {contract} n’est plus dans votre espace.",
        "Une question ? Adressez-vous à {issuer}.",
    ),
}
_ENGLISH: Final = {
    "joined": (
        "Somebody else follows your {issuer} contract",
        "{name} added your contract {contract} to their space on {day}, and sees its bills, as you do.",
        "You know them? There is nothing to do. If not, suspend their access: they will see nothing more.",
    ),
    "paperless": (
        "Your {issuer} contract is without paper",
        "{name} chose, on {day}, to receive the bills of your contract {contract} without paper.",
        "You can go back to paper at any time, free of charge.",
    ),
    "paper": (
        "Your {issuer} contract is back on paper",
        "{name} asked, on {day}, that the bills of your contract {contract} come by post again.",
        "You still see them in your space.",
    ),
    "asks": (
        "Somebody asks to follow your {issuer} contract",
        "{name} has an old letter of your contract {contract} and asks, on {day}, to follow it with you.",
        "Accept in your space if you know them. If not, do nothing: they see nothing.",
    ),
    "welcomed": (
        "You follow the {issuer} contract",
        "{name} accepted, on {day}, that you follow the contract {contract}.",
        "Its bills are in your space.",
    ),
    "lifted": (
        "Your access to the {issuer} contract is restored",
        "{name} restored your access to the contract {contract} on {day}.",
        "Its bills are in your space again.",
    ),
    "restored": (
        "Your access to the {issuer} contract is restored",
        "{issuer} restored your access to the contract {contract} on {day}.",
        "Its bills are in your space again.",
    ),
    "kept": (
        "Your {issuer} contract: the decision",
        "{issuer} decided, on {day}, that {name} follows your contract {contract} too.",
        "You see its bills as before. Any question? Ask {issuer}.",
    ),
    "removed": (
        "Your access to the {issuer} contract has ended",
        "{issuer} decided, on {day}, that the contract {contract} is no longer in your space.",
        "Any question? Ask {issuer}.",
    ),
}


def holder_words(
    notice: HolderNotice, reader: Consumer, account: CustomerAccount, issuer: Issuer, public_url: str
) -> EmailText:
    """Return the e-mail's text for one notice, in the reader's language: English for `en`, else French."""
    language = "en" if reader.language == "en" else "fr"
    subject, what, next_step = (_ENGLISH if language == "en" else _FRENCH)[notice.kind]
    label = account_label(account.term, language, profile_of(issuer).account_label)
    named = f"{issuer.name} ({label[:1].lower()}{label[1:]} {account.number})" if account.number else issuer.name
    said = {
        "issuer": one_line(issuer.name), "name": one_line(notice.name), "contract": one_line(named),
        "day": written_date(notice.at.date(), language),
    }  # fmt: skip
    hello = f"Hello {one_line(reader.name)}," if language == "en" else f"Bonjour {one_line(reader.name)},"
    return EmailText(
        subject=subject.format(**said),
        before=(hello, what.format(**said), next_step.format(**said)),
        label="See who follows this contract" if language == "en" else "Voir qui suit ce contrat",
        url=f"{public_url}/contrats",
        language=language,
    )
