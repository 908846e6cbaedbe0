"""How the notices of bills without paper by default went, by issuer: what is counted to watch the opt-out."""

from collections import defaultdict
from typing import Final

from sqlalchemy import func, literal_column, select
from sqlalchemy.orm import Session

from bill.frozen_struct import FrozenStruct
from store.accounts.account_notice import DEFAULT_NOTICE_KINDS, AccountNotice
from store.accounts.consent import Consent
from store.accounts.customer_account import CustomerAccount

_COUNTED: Final = dict(zip(DEFAULT_NOTICE_KINDS, ("planned", "sent", "refused", "objected"), strict=True))


class DefaultNoticeCounts(FrozenStruct, frozen=True):
    """Accounts of one issuer that had a notice planned, had one sent, had one come back, objected, and went paperless
    by it."""

    planned: int = 0
    sent: int = 0
    refused: int = 0
    objected: int = 0
    begun: int = 0

    @property
    def objection_rate(self) -> float | None:
        """Objections among the accounts that were told, 0 to 1; None where none was."""
        return self.objected / self.sent if self.sent else None


def default_notice_counts(session: Session, issuer_id: int | None = None) -> dict[int, DefaultNoticeCounts]:
    """The counts of each issuer (or of one) that has any, by issuer id. Read from the partial indexes of these notices
    and consents, in whose words they are asked for: no other notice is looked at."""
    told = (
        select(CustomerAccount.issuer_id, AccountNotice.kind, func.count(AccountNotice.account_id.distinct()))
        .join(CustomerAccount, CustomerAccount.id == AccountNotice.account_id)
        .where(AccountNotice.kind.in_([literal_column(f"'{kind}'") for kind in DEFAULT_NOTICE_KINDS]))
        .group_by(CustomerAccount.issuer_id, AccountNotice.kind)
    )
    begun = (
        select(CustomerAccount.issuer_id, func.count(Consent.account_id.distinct()))
        .join(CustomerAccount, CustomerAccount.id == Consent.account_id)
        .where(Consent.basis == literal_column("'default_on'"))
        .group_by(CustomerAccount.issuer_id)
    )
    if issuer_id is not None:
        told = told.where(CustomerAccount.issuer_id == issuer_id)
        begun = begun.where(CustomerAccount.issuer_id == issuer_id)
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for issuer, kind, number in session.execute(told):
        counts[issuer][_COUNTED[kind]] = number
    for issuer, number in session.execute(begun):
        counts[issuer]["begun"] = number
    return {issuer: DefaultNoticeCounts(**mine) for issuer, mine in counts.items()}
