"""/v1/mandates and /v2/mandates: the direct debit mandates that an issuer's customers signed here."""

from typing import Annotated

import msgspec
from msgspec import Meta
from sqlalchemy.orm import Session

from bill.json_values import Address, Day, Moment, one_of, one_of_or_none, says
from portal import app_context
from portal.api.blueprint import asking_issuer, pages
from portal.api.contract import linked, operation
from store.accounts.customer_account import CustomerAccount
from store.outbox.event_types import MANDATE_ENDINGS
from store.payments.debit_mandate import MANDATE_STATES, DebitMandate, mandates_of_issuer
from store.row_ids import AccountId, Cursor, MandateId
from store.vault.key_ring import MANDATES


class MandatesQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which page of the mandates."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    after: Annotated[Cursor | None, says("Mandates after this one; `next` has it filled in.")] = None


class MandateReport(msgspec.Struct, frozen=True, kw_only=True):
    """A SEPA direct debit mandate."""

    mandate: MandateId
    account: AccountId
    account_number: str
    state: Annotated[
        str,
        one_of(
            MANDATE_STATES,
            "`revoked` by the signer; `ended` by itself, as `reason` says: collect nothing under either.",
        ),
    ]
    reason: Annotated[str | None, one_of_or_none(MANDATE_ENDINGS)]
    umr: Annotated[str, Meta(max_length=35), says("The unique mandate reference (AT-01).")]
    creditor_id: Annotated[
        str, Meta(max_length=35), says("The creditor identifier (AT-02), as it was when it was signed.")
    ]
    creditor: Annotated[str, Meta(max_length=300), says("Your name and address, as the signer read them.")]
    holder: Annotated[str, Meta(max_length=70), says("The name of the bank account's holder.")]
    iban: Annotated[str, says("The account to debit.")]
    signed_at: Moment
    signed_on: Annotated[
        Day, says("The date of signature (AT-25) for your direct debits: the day where the portal is.")
    ]
    signed_name: Annotated[str, says("The name that was typed to sign.")]
    wording: Annotated[
        str,
        says(
            "The version of the text that was signed, such as `sepa-core-1`; with the days of pre-notification that it "
            "agrees on, such as `sepa-core-1 5 days`."
        ),
    ]
    language: Annotated[str, says("The language it was read in.")]
    revoked_at: Annotated[Moment | None, says("When it was revoked or ended.")]


class MandatesPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of mandates, oldest first."""

    mandates: list[MandateReport]
    next: Annotated[Address | None, says("The next page; null on the last.")]


@pages.get("/mandates")
@operation()
def list_mandates(query: MandatesQuery) -> MandatesPage:
    """SEPA direct debit mandates that your customers signed here.

    With their IBANs; those that are over too, the oldest first. Each change is told by `mandate.signed` and
    `mandate.revoked`.
    """
    session = app_context.reading()
    found = mandates_of_issuer(session, asking_issuer().id, query.after or 0, query.limit + 1)
    shown, following = linked(found, query.limit, lambda last: {"after": Cursor(last.id)})
    return MandatesPage(mandates=[_report(session, each) for each in shown], next=following)


def _report(session: Session, mandate: DebitMandate) -> MandateReport:
    account = session.get_one(CustomerAccount, mandate.account_id)
    iban = app_context.store().encryptor.decrypt_secret(MANDATES, mandate.encrypted_iban, mandate.secret_name)
    return MandateReport(
        mandate=MandateId(mandate.id), account=AccountId(account.id), account_number=account.number,
        state=mandate.state, reason=mandate.reason.code or None, umr=mandate.umr, creditor_id=mandate.creditor_id,
        creditor=mandate.creditor, holder=mandate.holder_name, iban=iban.decode(),
        signed_at=mandate.signed_at.isoformat(),
        signed_on=app_context.calendar().day_of(mandate.signed_at).isoformat(), signed_name=mandate.signed_name,
        wording=mandate.wording, language=mandate.language,
        revoked_at=mandate.revoked_at.isoformat() if mandate.revoked_at else None,
    )  # fmt: skip
