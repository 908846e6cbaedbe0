"""How the notices of bills without paper by default went, by issuer: what is counted to watch the opt-out."""

from collections import defaultdict
from typing import Final

from sqlalchemy import ColumnElement, Select, exists, func, literal_column, select
from sqlalchemy.orm import Session, aliased

from bill.frozen_struct import FrozenStruct
from store.accounts.account_notice import DEFAULT_NOTICE_KINDS, AccountNotice
from store.accounts.consent import Consent
from store.accounts.customer_account import CustomerAccount
from store.issuer import of_issuer

_COUNTED: Final = dict(zip(DEFAULT_NOTICE_KINDS, ("planned", "sent", "refused", "objected"), strict=True))


class DefaultNoticeCounts(FrozenStruct, frozen=True):
    """Accounts of one issuer that had a notice planned, were told (one was sent and did not come back), had one come
    back, objected, and went paperless by it."""

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
        .where(_is_default_notice())
        .group_by(CustomerAccount.issuer_id, AccountNotice.kind)
    )
    begun = (
        select(CustomerAccount.issuer_id, func.count(Consent.account_id.distinct()))
        .join(CustomerAccount, CustomerAccount.id == Consent.account_id)
        .where(Consent.basis == literal_column("'default_on'"))
        .group_by(CustomerAccount.issuer_id)
    )
    told = told.where(of_issuer(CustomerAccount.issuer_id, issuer_id))
    begun = begun.where(of_issuer(CustomerAccount.issuer_id, issuer_id))
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for issuer, kind, number in session.execute(told):
        counts[issuer][_COUNTED[kind]] = number
    for issuer, number in session.execute(begun):
        counts[issuer]["begun"] = number
    for issuer, number in session.execute(_not_told(issuer_id)):
        counts[issuer]["sent"] -= number
    return {issuer: DefaultNoticeCounts(**mine) for issuer, mine in counts.items()}


def _is_default_notice() -> ColumnElement[bool]:
    """SQL condition, in the words of the partial index."""
    return AccountNotice.kind.in_([literal_column(f"'{kind}'") for kind in DEFAULT_NOTICE_KINDS])


def _not_told(issuer_id: int | None) -> Select[int, int]:
    """How many accounts of each issuer were sent notices that all came back: counted from those that came back, which
    are few."""
    sent, back = aliased(AccountNotice), aliased(AccountNotice)
    is_sent = (sent.account_id == AccountNotice.account_id, sent.kind == literal_column("'default_sent'"))
    came_back = exists().where(
        back.account_id == sent.account_id, back.kind == literal_column("'default_refused'"), back.key == sent.key
    )
    query = (
        select(CustomerAccount.issuer_id, func.count(AccountNotice.account_id.distinct()))
        .join(CustomerAccount, CustomerAccount.id == AccountNotice.account_id)
        .where(_is_default_notice(), AccountNotice.kind == literal_column("'default_refused'"))
        .where(exists().where(*is_sent), ~exists().where(*is_sent, ~came_back))
        .group_by(CustomerAccount.issuer_id)
    )
    return query.where(of_issuer(CustomerAccount.issuer_id, issuer_id))
