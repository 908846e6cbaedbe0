"""A bill's deliveries in order, with attempts and receipts, and the bill's status in one sentence."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from delivery.channels.paper.vanished_print_files import ALL_THERE, LostLetters
from portal.presenters.reason_text import reason_text
from portal.translation import language, say
from store.accounts.consumer import emails_of
from store.accounts.one_bill_device import OneBillDevice, devices_by_delivery
from store.bills.bill import BillRow
from store.delivery import (
    OPEN_STATES,
    Attempt,
    Delivery,
    Receipt,
    attempts_by_delivery,
    deliveries_of,
    receipts_by_delivery,
)
from words import state_names
from words.written_dates import written_date

#: States of a bill that nothing more goes out of.
_ENDED: Final = ("failed", "recalled", "superseded", "erased")
#: The reminder of a payment plan's instalment is called by its day.
_LENGTH_OF_DAY: Final = len("20270131")


class Step(NamedTuple):
    """A delivery with its attempts and receipts, and the devices on which its one-bill link was opened. *to* is the
    addressee's name, or a masked e-mail address."""

    delivery: Delivery
    name: str
    to: str
    attempts: list[Attempt]
    receipts: list[Receipt]
    devices: list[OneBillDevice]


class BillStatus(NamedTuple):
    """A bill's status in one sentence, the tone of its notice, and the moment it speaks of, if any."""

    words: str
    tone: str
    at: datetime | None = None


def steps_of(session: Session, bill: BillRow) -> list[Step]:
    """Returns all deliveries of a bill in the order they were or will be done."""
    owed = deliveries_of(session, bill.id)
    ids = [delivery.id for delivery in owed]
    attempts, receipts = attempts_by_delivery(session, ids), receipts_by_delivery(session, ids)
    devices = devices_by_delivery(session, ids)
    emails = emails_of(session, {each.person_id for each in owed if each.person_id is not None})
    return [
        Step(
            each, name_of(each.purpose), _to(each, bill, emails), attempts[each.id], receipts[each.id], devices[each.id]
        )
        for each in sorted(owed, key=lambda each: (each.sent_at or each.due_at, each.id))
    ]


def name_of(purpose: str) -> str:
    """Returns the name of a delivery's purpose: `Annonce`, `Rappel 2`."""
    kind, _, n = purpose.partition("-")
    if kind == "due" and len(n) == _LENGTH_OF_DAY:
        return say("Versement du {day}", day=written_date(date.fromisoformat(n), language()))
    return say(state_names.PURPOSE.get(kind, kind)).replace("{n}", n)


def veiled(email: str) -> str:
    """Returns an address masked as `a…@exemple.fr`: its owner gave it to the portal, not to the issuer."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}…@{domain}"


def bill_status(bill: BillRow, deliveries: Sequence[Delivery], lost: LostLetters = ALL_THERE) -> BillStatus:
    """Returns a bill's status: seen, posted, on its way, or silent. A letter in *lost* was not posted, as
    `audit.silent_bills` has it."""
    if bill.state in _ENDED:
        return _ended(bill)
    if bill.viewed_at is not None:
        return BillStatus(say("Vue par son destinataire"), "good", bill.viewed_at)
    letters = [each for each in deliveries if each.channel == "paper"]
    for who in [each.decided_by for each in letters if each.decided_by]:
        return BillStatus(say("Plus envoyée : {who} en répond.", who=who), "")
    gone = [each for each in letters if each.state == "sent" and lost.has(each)]
    for letter in letters:
        if letter.sent_at is not None and letter not in gone:
            came_back = letter.state == "failed"
            return BillStatus(
                say("Postée, puis revenue") if came_back else say("Postée"),
                "bad" if came_back else "good",
                letter.sent_at,
            )
    for letter in letters:
        if letter.state in OPEN_STATES:
            return _letter_to_come(letter)
    if gone:
        return BillStatus(_letter_is_lost(), "bad")
    if bill.state != "chosen":
        return BillStatus(say("En préparation."), "")
    return BillStatus(say("Sans nouvelles : personne ne l’a vue, et aucune lettre n’est prévue."), "bad")


def short_status(bill: BillRow) -> tuple[str, str]:
    """Returns how far a bill has come in a word or two, from its row alone, and the tone of its chip."""
    if bill.state == "chosen" and bill.viewed_at is not None:
        return say("vue"), "good"
    if bill.state == "chosen" and bill.posted_at is not None:
        return say("postée"), "good"
    name, tone = state_names.BILL[bill.state]
    return say(name), tone


def _ended(bill: BillRow) -> BillStatus:
    match bill.state:
        case "failed":
            return BillStatus(say("Mise de côté : elle n’a pas pu être mise en page."), "bad")
        case "superseded":
            return BillStatus(
                say("Remplacée avant d’avoir atteint son client : une autre facture porte son numéro."), ""
            )
        case "recalled":
            return BillStatus(say("Rappelée par son émetteur avant d’avoir atteint son client."), "")
    return BillStatus(say("Elle n’est plus présentée."), "")


def why_silent(bill: BillRow, deliveries: Sequence[Delivery]) -> str:
    """Returns why a silent bill has not reached its person, in words."""
    if bill.state != "chosen":
        return bill_status(bill, deliveries).words
    held = [reason_text(each.reason) for each in deliveries if each.channel == "paper" and each.state == "failed"]
    if held:
        return held[-1]
    if any(each.channel == "paper" and each.state == "sent" for each in deliveries):
        return _letter_is_lost()
    return say("La lettre a manqué son lot.") if _is_late(deliveries) else say("Aucune lettre n’est prévue.")


def _letter_is_lost() -> str:
    return say("Le fichier de sa lettre n’est plus dans la boîte d’envoi de l’imprimeur, qui n’a pas répondu.")


def _is_late(deliveries: Sequence[Delivery]) -> bool:
    return any(each.channel == "paper" and each.state in OPEN_STATES for each in deliveries)


def _letter_to_come(letter: Delivery) -> BillStatus:
    if letter.state == "waiting":
        return BillStatus(say("Dans l’espace de son destinataire ; postée si personne ne l’a vue"), "", letter.due_at)
    return BillStatus(say("Part par la poste avec le prochain lot."), "")


def _to(delivery: Delivery, bill: BillRow, emails: dict[int, str]) -> str:
    if delivery.person_id is None:
        return bill.buyer_name
    return veiled(emails.get(delivery.person_id, "?"))
