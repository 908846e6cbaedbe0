"""Writes the mails of forwarding: the question to an address, a bill to it, and to the owner that it ended."""

from typing import Final

from sqlalchemy.orm import Session

from bill import CREDIT_NOTE_TYPES, spell_money
from delivery.channels.email.email_message import one_line
from delivery.channels.email.email_text import EmailText
from delivery.channels.email.mails.greeting import greeting
from store.accounts.consumer import Consumer
from store.accounts.customer_account import CustomerAccount
from store.accounts.one_time_email_link import forward_confirmation_link, forward_stop_link
from store.bill_forwarding.forward_address import ForwardAddress
from store.bills.bill import BillRow
from store.issuer import Issuer
from store.vault.key_ring import KeyRing
from words.catalogue import N_, known_language, say
from words.written_dates import written_date

_WHY_ENDED: Final = {
    "recipient": N_("Qui lit cette adresse ne veut plus les recevoir."),
    "unwanted": N_("Un de ces courriels a été signalé comme indésirable."),
    "bounced": N_("Cette adresse n’existe pas ou n’existe plus."),
}


def forward_question(
    session: Session, forward: ForwardAddress, owner: Consumer, keys: KeyRing, public_url: str
) -> EmailText:
    """Return the mail that asks an address whether it wants the bills. Who asked is named by their confirmed address:
    a name that somebody chose would be words of theirs to a stranger."""
    language = known_language(owner.language)
    which = say("ses nouvelles factures", language)
    if forward.account_id is not None:
        issuer = session.get_one(Issuer, session.get_one(CustomerAccount, forward.account_id).issuer_id)
        which = say("ses nouvelles factures {issuer}", language, issuer=one_line(issuer.name))
    told = say(
        "{owner} demande que vous receviez à cette adresse {which}, chacune par un courriel avec son PDF.",
        language, owner=one_line(owner.email), which=which,
    )  # fmt: skip
    ignore = say("Vous ne le voulez pas ? Ne faites rien : sans votre accord, rien n’est envoyé.", language)
    return EmailText(
        subject=say("Recevoir les factures de {owner} ?", language, owner=one_line(owner.email)),
        before=(greeting("", language), told),
        label=say("Lire et accepter", language),
        url=f"{public_url}/transfert/accepter/{forward_confirmation_link(keys, forward.id)}",
        after=(ignore, say("Vous pourrez y mettre fin à tout moment, d’un seul geste.", language)),
        language=language,
    )


def forwarded_bill_words(
    forward: ForwardAddress, owner: Consumer, bill: BillRow, issuer: Issuer, keys: KeyRing, public_url: str,
    *, is_attached: bool,
) -> EmailText:  # fmt: skip
    """Return the mail that brings a bill. *is_attached* false: its PDF is too large for a mail, which says so."""
    language = known_language(owner.language)
    values = {
        "issuer": one_line(issuer.name), "number": one_line(bill.number), "owner": one_line(owner.email),
        "amount": spell_money(bill.payable, bill.currency, language), "day": written_date(bill.issue_date, language),
    }  # fmt: skip
    if bill.type_code in CREDIT_NOTE_TYPES:
        subject = N_("{issuer} : avoir n° {number}, {amount}")
        told = N_("L’avoir n° {number} du {day} est joint.")
        too_large = N_("L’avoir n° {number} du {day} est trop lourd pour un courriel.")
    else:
        subject, told = (
            N_("{issuer} : facture n° {number}, {amount}"),
            N_("La facture n° {number} du {day} est jointe."),
        )
        too_large = N_("La facture n° {number} du {day} est trop lourde pour un courriel.")
    told = say(told if is_attached else too_large, language, **values)
    if not is_attached:
        told += " " + say("{owner} l’a dans son espace et peut vous la donner.", language, **values)
    stop_url = f"{public_url}/transfert/arreter/{forward_stop_link(keys, forward.id)}"
    why = say("Vous recevez ce courriel parce que {owner} l’a demandé et que vous l’avez accepté.", language, **values)
    return EmailText(
        subject=say(subject, language, **values),
        before=(greeting("", language), told),
        label=say("Ne plus recevoir ces factures", language),
        url=stop_url,
        after=(why,),
        language=language,
        stop_url=stop_url,
    )


def forward_ended_words(forward: ForwardAddress, owner: Consumer, public_url: str) -> EmailText:
    """Return the mail that tells the owner that an address gets nothing any more, and why."""
    language = known_language(owner.language)
    told = say("Vos nouvelles factures ne partent plus à {address}.", language, address=one_line(forward.email))
    why = say(_WHY_ENDED.get(forward.ended_because or "", _WHY_ENDED["recipient"]), language)
    return EmailText(
        subject=say("Vos factures ne partent plus à une adresse", language),
        before=(greeting(owner.name, language), f"{told} {why}"),
        label=say("Voir mes adresses", language),
        url=f"{public_url}/transfert",
        after=(say("Vos factures vous arrivent à vous comme avant.", language),),
        language=language,
    )
