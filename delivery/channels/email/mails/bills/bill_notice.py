"""Writes the e-mails that announce a bill or remind of it: what has come, what is due by when, and the link.

The message itself gives the amount, the date and an easy way to the details, and says that paper is free at any time
(Code de la consommation L224-12). The subject names only the issuer.
"""

from typing import Final

from bill import round_money, spell_money
from delivery.channels.bill_notice import NOTIFY, BillNotice
from delivery.channels.email.email_message import one_line
from delivery.channels.email.email_text import EmailText
from delivery.channels.email.mails.bills.amount_due_text import amount_due_text, amount_figure
from delivery.channels.email.mails.greeting import greeting
from store.delivery import AGAIN
from words.catalogue import N_, known_language, say
from words.written_dates import written_date

#: By kind: the subject, and the first sentence. French tells a bill's gender from a credit note's.
_BILL: Final = {
    "notify": (
        N_("Votre facture {issuer} est arrivée"),
        N_("Votre facture {issuer} n° {number} du {day} est arrivée."),
    ),
    "due": (
        N_("Rappel : votre prochain versement à {issuer}"),
        N_("Votre facture {issuer} n° {number} du {day} se paie en plusieurs fois. Voici le prochain versement."),
    ),
    "remind": (
        N_("Rappel : votre facture {issuer} vous attend"),
        N_("Votre facture {issuer} n° {number} du {day} vous attend toujours."),
    ),
    AGAIN: (
        N_("Votre facture {issuer}, à nouveau"),
        N_("{issuer} vous envoie à nouveau sa facture n° {number} du {day}. C’est la même : elle ne s’ajoute à rien."),
    ),
}
_CREDIT_NOTE: Final = {
    "notify": (
        N_("Votre avoir {issuer} est arrivé"),
        N_("Votre avoir {issuer} n° {number} du {day} est arrivé."),
    ),
    "due": (
        N_("Rappel : votre prochain versement à {issuer}"),
        N_("Votre avoir {issuer} n° {number} du {day} se paie en plusieurs fois. Voici le prochain versement."),
    ),
    "remind": (
        N_("Rappel : votre avoir {issuer} vous attend"),
        N_("Votre avoir {issuer} n° {number} du {day} vous attend toujours."),
    ),
    AGAIN: (
        N_("Votre avoir {issuer}, à nouveau"),
        N_("{issuer} vous envoie à nouveau son avoir n° {number} du {day}. C’est le même : il ne s’ajoute à rien."),
    ),
}


def notice_words(notice: BillNotice) -> EmailText:
    """Return the e-mail's text in the reader's language."""
    language = known_language(notice.language)
    sentences = _CREDIT_NOTE if notice.is_credit_note else _BILL
    subject, opening = sentences.get(notice.kind, sentences["remind"])
    values = {
        "issuer": one_line(notice.issuer), "number": one_line(notice.number),
        "day": written_date(notice.issued, language),
    }  # fmt: skip
    paper = say("Le papier reste gratuit, à tout moment :", language)
    return EmailText(
        subject=say(subject, language, **values),
        before=(
            greeting(notice.name, language),
            say(opening, language, **values),
            amount_text(notice, language),
        ),
        label=say("Voir l’avoir" if notice.is_credit_note else "Voir la facture", language),
        url=notice.url,
        after=(f"{letter_text(notice, language)} {paper}\n{notice.paper_url}".lstrip(), *_choice(notice, language)),
        language=language,
        mark=notice.mark,
        figure=amount_figure(notice.due, language),
    )


def amount_text(notice: BillNotice, language: str) -> str:
    """Return what is due as of now; where a bill is announced, behind what it amounts to, if that is another amount."""
    due, text = notice.due, amount_due_text(notice.due, language)
    if notice.kind not in (NOTIFY, AGAIN) or notice.invoiced is None:
        return text
    invoiced = round_money(abs(notice.invoiced), due.currency)
    if invoiced in (due.amount, due.favour):
        return text
    sentence = (
        N_("Montant de l’avoir : {amount}.") if notice.is_credit_note else N_("Montant de la facture : {amount}.")
    )
    return f"{say(sentence, language, amount=spell_money(invoiced, due.currency, language))} {text}"


def letter_text(notice: BillNotice, language: str) -> str:
    """Return what becomes of it if nobody looks: the day that a letter leaves, where one is planned. A bill that
    is sent again promises none."""
    if notice.kind == "due":
        return say("Vous l’avez déjà fait ? Ce message est alors sans objet.", language)
    if notice.letter_on is None:
        if notice.kind == AGAIN:
            return ""
        if notice.is_credit_note:
            return say("Si personne ne l’a vu à temps, il part par la poste.", language)
        return say("Si personne ne l’a vue à temps, elle part par la poste.", language)
    sentence = (
        N_("Si personne ne l’a vu d’ici là, une lettre part le {day}.")
        if notice.is_credit_note
        else N_("Si personne ne l’a vue d’ici là, une lettre part le {day}.")
    )
    return say(sentence, language, day=written_date(notice.letter_on, language))


def _choice(notice: BillNotice, language: str) -> list[str]:
    if not notice.choice_url:
        return []
    return [say("Choisir comment vous êtes prévenu de vos factures :", language) + f"\n{notice.choice_url}"]
