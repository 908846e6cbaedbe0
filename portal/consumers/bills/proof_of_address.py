"""Route of the proof of address: the bill that proves where the reader lives, to be opened by one press."""

from typing import Final

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from bill import CREDIT_NOTE_TYPES
from consumers.proof_of_address import MONTHS, AddressBill, Refusal, proof_of_address
from delivery.relationship.months_after import months_after
from issuers.registry import profile_of
from portal import app_context
from portal.access import current_user
from portal.translation import say
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.bills.bills_of_consumer import bills_of_consumer
from store.issuer import Issuer
from words.catalogue import N_

pages = Blueprint("proof_of_address", __name__)

#: So many of the newest bills are looked at.
_SOME: Final = 100
_WHY: Final[dict[Refusal, str]] = {
    "trade": N_("les factures de ce métier ne prouvent pas une adresse"),
    "credit": N_("un avoir ne prouve pas une adresse"),
    "provisional": N_("l’émetteur vérifie encore à qui est ce contrat"),
    "old": N_("elle a plus de trois mois"),
    "name": N_("elle n’est pas à votre nom, tel que vous l’avez donné dans vos réglages"),
    "address": N_("son adresse n’est pas complète"),
    "box": N_("elle va à une boîte postale, pas à un logement"),
}


@pages.get("/justificatif-de-domicile")
def show() -> ResponseReturnValue:
    session, reader = app_context.reading(), current_user.consumer()
    found = [
        (row, issuer) for row, issuer in bills_of_consumer(session, reader.id, limit=_SOME) if _is_delivered(issuer)
    ]
    since = months_after(app_context.today(), -MONTHS)
    proof = proof_of_address((_looked_at(row, issuer) for row, issuer in found), reader.name, since)
    by_uid = {row.uid: (row, issuer) for row, issuer in found}
    newest: dict[int, tuple[Issuer, str]] = {}
    for row, issuer in found:
        if row.uid in proof.refused:
            newest.setdefault(row.account_id, (issuer, say(_WHY[proof.refused[row.uid]])))
    return render_template(
        "consumers/bills/proof_of_address.html",
        chosen=by_uid[proof.uid] if proof.uid else None,
        elsewhere=[by_uid[each] for each in proof.elsewhere],
        refused=list(newest.values()),
    )


def _is_delivered(issuer: Issuer) -> bool:
    """Whether the issuer delivers its bills itself. What people bring in proves nothing: they could have made it."""
    return issuer.private_to is None


def _looked_at(row: BillRow, issuer: Issuer) -> AddressBill:
    account = app_context.reading().get_one(CustomerAccount, row.account_id)
    return AddressBill(
        row.uid, profile_of(issuer).trade, row.issue_date, row.type_code in CREDIT_NOTE_TYPES,
        account.standing == "provisional", row.buyer_name, row.bill.buyer.address,
    )  # fmt: skip
