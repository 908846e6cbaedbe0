"""What waits for a person, as a board: each number with its name, the list behind it, and what is to be done there."""

from collections.abc import Callable
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from portal.operators.customer_enquiries import waiting_enquiries
from portal.operators.pending_decisions import counts
from portal.page_address import url_for
from portal.translation import say
from store.heard_mail import count_mails_to_read
from store.job import count_jobs
from words.catalogue import N_


class WaitingNumber(NamedTuple):
    """*number* of things called *name*, listed at *url*, where somebody does *step*. *number* is bounded
    (`store.db.row_counting`)."""

    number: int
    name: str
    url: str
    step: str


#: By the fields of `PendingCounts` and what else is counted: name, page, part of it, and what is done there.
_KINDS: Final[dict[str, tuple[str, str, str, str]]] = {
    "feeds": (N_("flux retenu|flux retenus"), "waiting.show", "flux", N_("Les libérer ou les refuser")),
    "conflicts": (N_("facture en conflit|factures en conflit"), "conflicts.show_all", "", N_("Garder ou remplacer")),
    "bills": (N_("facture mise de côté|factures mises de côté"), "waiting.show", "factures", N_("Les reprendre")),
    "letters": (N_("lettre retenue|lettres retenues"), "waiting.show", "lettres", N_("Corriger, imprimer ou renoncer")),
    "questions": (
        N_("compte à vérifier|comptes à vérifier"), "account_questions.show_all", "", N_("Dire à qui il est"),
    ),
    "payments": (N_("paiement à rapprocher|paiements à rapprocher"), "payments.show_all", "", N_("Trouver sa facture")),
    "plans": (
        N_("demande de payer en plusieurs fois|demandes de payer en plusieurs fois"), "payment_plans.show_all", "",
        N_("Accorder ou refuser"),
    ),
    "disputes": (N_("contrat disputé|contrats disputés"), "disputes.show_all", "", N_("Dire qui le suit")),
    "bereavements": (
        N_("compte de client décédé|comptes de clients décédés"), "waiting.show", "deces",
        N_("Dire où vont les factures"),
    ),
    "moves": (N_("adresse à confirmer|adresses à confirmer"), "waiting.show", "demenagements", N_("Confirmer")),
    "enquiries": (
        N_("question de client|questions de clients"), "customer_enquiries.show_all", "", N_("L’émetteur y répond"),
    ),
    "mails": (N_("courriel revenu|courriels revenus"), "returned_mails.show", "", N_("Lire et classer")),
    "jobs": (N_("travail en échec|travaux en échec"), "workers.show", "echecs", N_("Reprendre")),
}  # fmt: skip


def board_of(session: Session) -> list[WaitingNumber]:
    """Returns what waits in all issuers' name, the largest part of the work first; nothing of a kind that is at 0."""
    others: dict[str, Callable[[], int]] = {
        "enquiries": lambda: waiting_enquiries(session, None).number,
        "mails": lambda: count_mails_to_read(session),
        "jobs": lambda: count_jobs(session, "failed"),
    }
    numbers = counts(session, None)._asdict() | {name: count() for name, count in others.items()}
    return [_row(*_KINDS[name], numbers[name]) for name in _KINDS if numbers[name]]


def _row(name: str, page: str, part: str, step: str, number: int) -> WaitingNumber:
    return WaitingNumber(number, say(name, n=number), url_for(page, _anchor=part or None), say(step))
