"""/v1/mandates and /v2/mandates: the direct debit mandates that an issuer's customers signed here."""

from typing import Any

from flask import Response, g, jsonify, request, url_for
from sqlalchemy.orm import Session

from portal import app_context
from portal.api.feeds import pages, query_cursor, query_number, shown_cursor
from portal.api.version_2 import as_asked
from store.accounts.customer_account import CustomerAccount
from store.issuer import Issuer
from store.payments.debit_mandate import DebitMandate, mandates_of_issuer
from store.vault.key_ring import MANDATES


@pages.get("/mandates")
def list_mandates() -> Response:
    """Returns the issuer's mandates with their IBANs, those that are over too, oldest first, a page at a time."""
    issuer: Issuer = g.issuer
    limit = query_number("limit", 50, 200)
    after = query_cursor("after", 0, 0)
    session = app_context.reading()
    found = mandates_of_issuer(session, issuer.id, after, limit + 1)
    shown, following = found[:limit], None
    if len(found) > limit:
        following = url_for(f"{request.blueprint}.list_mandates", limit=limit, after=shown_cursor(shown[-1].id))
    answer = jsonify({"mandates": [as_asked(_report(session, each)) for each in shown], "next": following})
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _report(session: Session, mandate: DebitMandate) -> dict[str, Any]:
    account = session.get_one(CustomerAccount, mandate.account_id)
    iban = app_context.store().encryptor.decrypt_secret(MANDATES, mandate.encrypted_iban, mandate.secret_name)
    signed_on = app_context.calendar().day_of(mandate.signed_at)
    return {
        "mandate": mandate.id, "account": account.id, "account_number": account.number, "state": mandate.state,
        "reason": mandate.reason.code or None, "umr": mandate.umr, "creditor_id": mandate.creditor_id,
        "creditor": mandate.creditor, "holder": mandate.holder_name, "iban": iban.decode(),
        "signed_at": mandate.signed_at.isoformat(), "signed_on": signed_on.isoformat(),
        "signed_name": mandate.signed_name, "wording": mandate.wording, "language": mandate.language,
        "revoked_at": mandate.revoked_at.isoformat() if mandate.revoked_at else None,
    }  # fmt: skip
