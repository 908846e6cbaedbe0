"""Writes SMS: the issuer's name, the amount, the date and the link (Code de la consommation L224-12), in one segment
where possible.

The issuer's name is the only thing that is ever cut, and only where that saves a segment; the link stands whole, last.
"""

from decimal import Decimal
from typing import Final

from bill import ZERO, AmountDue, round_money, spell_money
from delivery.channels.bill_notice import NOTIFY, BillNotice
from delivery.channels.sms.gsm_alphabet import segments, transliterate
from words.catalogue import N_, known_language, say
from words.spelled_date import spelled_date

#: An issuer's name is not cut shorter than that.
SHORTEST_NAME: Final = 12
_CUT: Final = "..."

#: By kind: of a bill, and of a credit note.
_HEADS: Final = {
    "notify": (N_("{issuer} : votre facture est arrivée."), N_("{issuer} : votre avoir est arrivé.")),
    "remind": (N_("{issuer} : rappel de votre facture."), N_("{issuer} : rappel de votre avoir.")),
    "due": (N_("{issuer} : rappel de votre versement."), N_("{issuer} : rappel de votre versement.")),
}
#: Of one that is announced where less, or nothing, is due of it: that it has come goes without saying.
_AMOUNTS_TO: Final = (N_("{issuer} : votre facture de {amount}."), N_("{issuer} : votre avoir de {amount}."))


def sms_text(notice: BillNotice) -> str:
    """Return the text of an SMS about a bill, in the reader's language."""
    language = known_language(notice.language)
    issuer = _one_line(notice.issuer)
    text = _text(notice, issuer, language)
    if segments(text) == 1:
        return text
    for length in range(len(issuer) - 1, SHORTEST_NAME - 1, -1):
        shorter = _text(notice, issuer[:length].rstrip() + _CUT, language)
        if segments(shorter) < segments(text):
            return shorter
    return text


def confirmation_text(code: str, language: str) -> str:
    """Return the SMS that confirms a number. The code comes first: it is read on a locked screen."""
    language = known_language(language)
    said = say("{code} : votre code Facteur. Il est valable dix minutes. Ne le donnez à personne.", language, code=code)
    return _one_line(said)


def _text(notice: BillNotice, issuer: str, language: str) -> str:
    invoiced = _invoiced_apart(notice)
    heads = _HEADS.get(notice.kind, _HEADS["remind"]) if invoiced is None else _AMOUNTS_TO
    amount = spell_money(invoiced or ZERO, notice.due.currency, language)
    head = say(heads[notice.is_credit_note], language, issuer=issuer, amount=amount)
    return f"{_one_line(f'{head} {_amount(notice.due, language)}')} {notice.url}"


def _invoiced_apart(notice: BillNotice) -> Decimal | None:
    """What an announced document amounts to, where that is another amount than what is due of it."""
    if notice.kind != NOTIFY or notice.invoiced is None:
        return None
    due = notice.due
    said = due.favour if due.kind == "credit" else due.amount if _is_due(due) else None
    invoiced = round_money(abs(notice.invoiced), due.currency)
    return None if invoiced == said else invoiced


def _amount(due: AmountDue, language: str) -> str:
    if due.kind == "credit":
        return say("{amount} en votre faveur.", language, amount=spell_money(due.favour, due.currency, language))
    if not _is_due(due):
        return say("Rien à payer.", language)
    amount = spell_money(due.amount, due.currency, language)
    if due.due is None:
        return say(_UNDATED[due.is_collected], language, amount=amount)
    day = spelled_date(due.due, language, "medium")
    if due.is_collected:
        return say("{amount}, prélevé le {day}.", language, amount=amount, day=day)
    if due.is_past:
        return say("{amount} à payer : l’échéance était le {day}.", language, amount=amount, day=day)
    return say("{amount} à payer au plus tard le {day}.", language, amount=amount, day=day)


def _is_due(due: AmountDue) -> bool:
    return due.is_asking or due.is_collected


_UNDATED: Final = (N_("{amount} à payer."), N_("{amount}, prélevé."))


def _one_line(text: str) -> str:
    return " ".join(transliterate(text).split())
